"""A command that is told to end leaves no half-written folder and no process; as a library, nothing about signals is changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from benchmark_folder import RECIPE, changed, write_recipe
from command import evalharness
from signals_as_usual import signals_as_usual

from evalharness.cli.signals import Ended, ending_in_order

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PROGRAM = """
    import sys
    from evalharness.benchmarks import making
    from evalharness.cli import main
    making.ROWS_FOR_PROCESSES, making.cores = 1, lambda: 2
    sys.argv = ["evalharness", "benchmark", "generate", sys.argv[1], "--out", sys.argv[2], *sys.argv[3:]]
    main()
"""
"""The command, with two workers at any number of rows."""


@pytest.fixture
def generating(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a generation that takes minutes; returns when it has begun to write."""
    folder = write_recipe(tmp_path / "recipe", changed(RECIPE, "generate.rows", 50_000_000))
    processes: list[subprocess.Popen[str]] = []

    def start(*more: str, nohup: bool = False) -> subprocess.Popen[str]:
        command = [
            *(["nohup"] if nohup else []),
            sys.executable,
            "-c",
            textwrap.dedent(PROGRAM),
            str(folder),
            str(tmp_path / "data"),
            *more,
        ]
        with signals_as_usual():
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        eventually(lambda: any(path.stat().st_size for path in tmp_path.glob(".data.tmp-*/data/.*/items.parquet")))
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def workers_of(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    except OSError:
        return False


needs_proc = pytest.mark.skipif(not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="needs to see processes")


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_generation_that_is_told_to_end_leaves_nothing(
    tmp_path: Path, generating: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    process = generating()
    workers = workers_of(process.pid)
    assert len(workers) == 2
    process.send_signal(number)
    process.send_signal(number) if number != signal.SIGINT else None
    _, error = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert error == f"error: {'interrupted' if number == signal.SIGINT else f'ended by {number.name}'}; nothing was left half-written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["recipe"]
    assert not any(map(alive, workers))


def test_json_tells_of_the_signal(generating: Callable[..., subprocess.Popen[str]]) -> None:
    process = generating("--json")
    process.terminate()
    output, error = process.communicate(timeout=30)
    assert json.loads(output) == {"exit_code": 143, "problems": [{"what": "ended by SIGTERM"}]}
    assert error == ""


def test_a_signal_that_is_ignored_stays_ignored(generating: Callable[..., subprocess.Popen[str]]) -> None:
    process = generating(nohup=True)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1)


@needs_proc
def test_after_a_kill_workers_end_and_the_next_generation_removes_what_was_left(
    tmp_path: Path, generating: Callable[..., subprocess.Popen[str]]
) -> None:
    process = generating()
    workers = workers_of(process.pid)
    process.kill()
    process.wait()
    eventually(lambda: not any(map(alive, workers)), seconds=10)
    (left,) = tmp_path.glob(".data.tmp-*")
    assert evalharness("benchmark", "generate", tmp_path / "recipe", "--rows", "40000", "--out", tmp_path / "data").code == 0
    assert not left.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "recipe"]


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]


def test_handlers_are_there_within_the_body_only() -> None:
    before = handlers()
    with ending_in_order():
        assert handlers() != before
    assert handlers() == before
    with pytest.raises(Ended) as told, ending_in_order():
        signal.raise_signal(signal.SIGTERM)
    assert told.value.code == 143
    assert handlers() == before


def test_the_way_out_is_not_interrupted() -> None:
    cleaned = []

    def unwinding() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            cleaned.append(True)

    with pytest.raises(Ended), ending_in_order():
        unwinding()
    assert cleaned


def test_another_thread_changes_no_signal() -> None:
    seen: list[list[object]] = []

    def inside() -> None:
        with ending_in_order():
            seen.append(handlers())

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert seen == [handlers()]


def test_the_library_takes_no_signal() -> None:
    program = "import signal, evalharness, evalharness.cli; print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "True\n"
