"""Workers that stop, say what is no block or cannot be started are noticed at once, and no process and no file is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from benchmark_folder import RECIPE, changed, write_recipe

from evalharness.benchmarks import generating, making, making_apart
from evalharness.benchmarks.declaration import Declaration, read_declaration
from evalharness.benchmarks.generating import generate
from evalharness.benchmarks.writing import TableWriter
from evalharness.errors import BadInput, Fault
from evalharness.records.progress import silent

POPEN = subprocess.Popen
Started = list[subprocess.Popen[bytes]]


def recipe(folder: Path, rows: int = 40_000) -> Declaration:
    return read_declaration(write_recipe(folder, changed(RECIPE, "generate.rows", rows)))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The workers that were started; there are some at any number of rows."""
    found: Started = []
    monkeypatch.setattr(making, "ROWS_FOR_PROCESSES", 1)
    monkeypatch.setattr(making_apart.subprocess, "Popen", lambda *a, **k: found.append(POPEN(*a, **k)) or found[-1])
    return found


def failure(tmp_path: Path) -> BaseException:
    """What generating with two workers raises, soon; nothing may be left of the data."""
    declaration = recipe(tmp_path / "recipe")
    pool = ThreadPoolExecutor(1)
    raised = pool.submit(generate, declaration, tmp_path / "data", silent, workers=2).exception(timeout=60)
    pool.shutdown()
    assert raised is not None
    assert [path.name for path in tmp_path.iterdir()] == ["recipe"]
    return raised


def second_runs(monkeypatch: pytest.MonkeyPatch, started: Started, program: Callable[[int], str]) -> None:
    """Makes the second worker another program, given the number of its pipe."""

    def replaced(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        mine = [*command[:3], program(options["pass_fds"][0])] if started else command
        started.append(POPEN(mine, **options))
        return started[-1]

    monkeypatch.setattr(making_apart.subprocess, "Popen", replaced)


MARK = b"frame 2\\n"
STREAMS = {
    "not a frame": "b'printed by somebody else'",
    "a negative length": f"b'{MARK.decode()}' + (-1).to_bytes(8, 'little', signed=True)",
    "no parts": f"b'{MARK.decode()}' + bytes(8)",
    "more parts than any value": f"b'{MARK.decode()}' + (2**40).to_bytes(8, 'little')",
    "a length beyond all memory": f"b'{MARK.decode()}' + (1).to_bytes(8, 'little') + (2**62).to_bytes(8, 'little')",
    "not a pickle": f"b'{MARK.decode()}' + (1).to_bytes(8, 'little') + (5).to_bytes(8, 'little') + b'hello'",
    "an empty pickle": f"b'{MARK.decode()}' + (1).to_bytes(8, 'little') + bytes(8)",
    "half a frame": f"b'{MARK.decode()}' + (1).to_bytes(8, 'little') + (500).to_bytes(8, 'little') + b'hello'",
}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_stream_that_is_no_block_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started, stream: str) -> None:
    second_runs(monkeypatch, started, lambda pipe: f"import os; os.write({pipe}, {stream})")
    raised = failure(tmp_path)
    assert isinstance(raised, BadInput)
    (problem,) = raised.problems
    cut = stream == STREAMS["half a frame"]
    assert problem.what.endswith("ended before its last block" if cut else "sent is no block")
    assert problem.where == "worker 2 of 2, block 1 of calibration"
    assert problem.got
    assert problem.hint
    assert [process.poll() is None for process in started] == [False, False]


@pytest.mark.parametrize(
    ("ending", "told"), [("import sys; sys.exit(3)", "exit code 3"), ("import os; os.kill(os.getpid(), 9)", "signal 9")]
)
def test_a_worker_that_ends_early_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started, ending: str, told: str
) -> None:
    second_runs(monkeypatch, started, lambda _: ending)
    raised = failure(tmp_path)
    assert isinstance(raised, BadInput)
    assert told in raised.problems[0].got
    assert [process.poll() is None for process in started] == [False, False]


def test_what_goes_wrong_in_a_worker_is_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "from evalharness.benchmarks import making_apart as m; m.places = lambda dials: 1 / 0; m.work({pipe})"
    second_runs(monkeypatch, started, lambda pipe: program.format(pipe=pipe))
    raised = failure(tmp_path)
    assert isinstance(raised, Fault)
    assert "worker 2 of 2: ZeroDivisionError: division by zero" in str(raised)
    assert "Traceback" not in capfd.readouterr().err


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


def test_a_worker_that_cannot_be_started_leaves_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started) -> None:
    def only_one(*given: Any, **options: Any) -> subprocess.Popen[bytes]:
        if started:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        started.append(POPEN(*given, **options))
        return started[-1]

    monkeypatch.setattr(making_apart.subprocess, "Popen", only_one)
    before = open_files()
    raised = failure(tmp_path)
    assert isinstance(raised, BadInput)
    assert raised.problems[0].what == "a process that makes blocks cannot be started"
    assert raised.problems[0].where == "worker 2 of 2"
    assert "Resource temporarily unavailable" in raised.problems[0].got
    assert [process.poll() is None for process in started] == [False]
    assert open_files() <= before


def test_a_table_that_cannot_be_opened_leaves_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    abandoned: list[int] = []

    class Second(TableWriter):
        made = 0

        def __init__(self, *given: Any, **named: Any) -> None:
            Second.made += 1
            if Second.made == 2:
                raise RuntimeError("can't start new thread")
            super().__init__(*given, **named)

        def abandon(self) -> None:
            abandoned.append(Second.made)
            super().abandon()

    monkeypatch.setattr(generating, "TableWriter", Second)
    with pytest.raises(RuntimeError):
        generate(recipe(tmp_path / "recipe"), tmp_path / "data", silent)
    assert abandoned == [2]
    assert [path.name for path in tmp_path.iterdir()] == ["recipe"]


def test_an_interrupted_generation_stops_its_processes(tmp_path: Path, started: Started) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(recipe(tmp_path / "recipe", rows=200_000), tmp_path / "data", stop, workers=2)
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)


PROGRAM = """
    import sys
    from evalharness.benchmarks import making
    from evalharness.cli import main
    making.ROWS_FOR_PROCESSES, making.cores = 1, lambda: 2
    sys.argv = ["evalharness", "benchmark", "generate", {recipe!r}, "--out", {data!r}]
    main()
"""
"""The command, with two workers at any number of rows."""


def command(tmp_path: Path, rows: int = 40_000) -> list[str]:
    folder = write_recipe(tmp_path / "recipe", changed(RECIPE, "generate.rows", rows))
    return [sys.executable, "-c", textwrap.dedent(PROGRAM).format(recipe=str(folder), data=str(tmp_path / "data"))]


def with_sitecustomize(tmp_path: Path, text: str) -> dict[str, str]:
    """An environment in which every interpreter runs this first."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(text)
    return {**os.environ, "PYTHONPATH": str(tmp_path / "site")}


def test_what_others_print_in_a_worker_does_not_reach_its_blocks(tmp_path: Path) -> None:
    environment = with_sitecustomize(tmp_path, "import atexit\nprint('hello')\natexit.register(print, 'goodbye')\n")
    done = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert done.returncode == 0
    assert done.stdout.count("hello") == 1  # its own, not those of the workers
    assert done.stderr.count("hello") == 2
    assert (tmp_path / "data" / "manifest.json").is_file()


def test_the_command_tells_of_a_worker_that_ends_without_a_traceback(tmp_path: Path) -> None:
    text = "import os, sys\nif 'work(' in sys.orig_argv[-1]: os._exit(7)\n"
    environment = with_sitecustomize(tmp_path, text)
    done = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert done.returncode == 2
    assert "error: worker 1 of 2, block 1 of train: a process that makes blocks ended before its last block" in done.stderr
    assert "got: exit code 7" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["recipe", "site"]
