"""Half-written folders of processes that are gone are removed; everything else that only looks like one stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalharness.files.atomic import new_folder
from evalharness.files.leftovers import held, sweep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is swept there")


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leftover(folder: Path, pid: int, name: str = "data", random: str = "0123abcd") -> Path:
    made = folder / f".{name}.tmp-{pid}-{random}"
    (made / "truth").mkdir(parents=True)
    (made / "truth" / "items.parquet").write_bytes(b"x")
    return made


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """The name is the one that `new_folder` gives."""
    program = (
        "import os, sys; from pathlib import Path; from evalharness.files.atomic import new_folder\n"
        "with new_folder(Path(sys.argv[1])) as beside:\n    (beside / 'f').write_text('x'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "data"], check=False)
    (left,) = tmp_path.iterdir()
    assert sweep(tmp_path / "data") == (left,)
    assert not list(tmp_path.iterdir())


def test_other_names_stay(tmp_path: Path, gone: int) -> None:
    kept = [
        leftover(tmp_path, gone, "other"),
        leftover(tmp_path, gone, "xdata"),
        leftover(tmp_path, gone, random="0123abc"),
        leftover(tmp_path, gone, random="0123abcg"),
        leftover(tmp_path, gone, random="0123abcd.more"),
        leftover(tmp_path / "inner", gone).parent,
    ]
    file = tmp_path / f".data.tmp-{gone}-ffffffff"
    file.write_text("x")
    assert sweep(tmp_path / "data") == ()
    assert sorted(tmp_path.iterdir()) == sorted([*kept, file])


def test_a_name_is_no_pattern(tmp_path: Path, gone: int) -> None:
    kept = leftover(tmp_path, gone, "data")
    assert sweep(tmp_path / "da.a") == ()
    assert kept.is_dir()


def test_a_link_and_what_it_points_to_stay(tmp_path: Path, gone: int) -> None:
    mine = leftover(tmp_path / "elsewhere", gone, "mine")
    link = tmp_path / f".data.tmp-{gone}-0123abcd"
    link.symlink_to(mine)
    inside = leftover(tmp_path, gone, random="89abcdef")
    (inside / "link").symlink_to(mine)
    assert sweep(tmp_path / "data") == (inside,)
    assert link.is_symlink()
    assert (mine / "truth" / "items.parquet").is_file()


def test_a_folder_of_a_living_process_of_ours_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        kept = leftover(tmp_path, process.pid)
        assert sweep(tmp_path / "data") == ()
        assert kept.is_dir()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs to see what another process is")
def test_a_number_that_another_program_has_now_counts_as_gone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        deadline = time.monotonic() + 10
        while b"sleep" not in Path(f"/proc/{process.pid}/cmdline").read_bytes() and time.monotonic() < deadline:
            time.sleep(0.01)
        left = leftover(tmp_path, process.pid)
        assert sweep(tmp_path / "data") == (left,)
        process.kill()


def test_a_folder_that_is_held_stays_whatever_its_number(tmp_path: Path, gone: int) -> None:
    """In another container the same number is another process."""
    kept = leftover(tmp_path, gone)
    with held(kept):
        assert sweep(tmp_path / "data") == ()
    assert sweep(tmp_path / "data") == (kept,)


def test_a_folder_with_the_number_of_this_process_is_removed_unless_it_is_held(tmp_path: Path) -> None:
    """In a container every run may have the same number."""
    left = leftover(tmp_path, os.getpid())
    with new_folder(tmp_path / "data") as mine:
        assert not left.exists()
        assert sweep(tmp_path / "data") == ()
        assert mine.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_who_holds_a_folder_lets_go_by_being_killed(tmp_path: Path) -> None:
    left = leftover(tmp_path, os.getpid())
    program = (
        "import sys; from pathlib import Path; from evalharness.files.leftovers import held\n"
        "with held(Path(sys.argv[1])):\n    print('held', flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", program, left], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert sweep(tmp_path / "data") == ()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert sweep(tmp_path / "data") == (left,)


def test_where_there_is_no_folder_nothing_happens(tmp_path: Path) -> None:
    assert sweep(tmp_path / "absent" / "data") == ()
