"""The benchmark of generation measures what it says, and what could not be judged is no success."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import bench_generation
import bench_watch
import pytest
from bench_generation import CASES, FULL, Case, counted, generation, judged, with_sixteen_numbers, write_recipe
from bench_watch import Run, run_watched
from signals_as_usual import signals_as_usual

from evalharness.benchmarks.declaration import read_declaration

CASE = Case(what="items", recipe="risk-level", rows=1_000, goal=100)
RUN = Run(wall=5.0, cpu=4.0, peak=300.0, others=0.0)


@pytest.mark.parametrize("case", [*CASES, FULL], ids=lambda case: case.what)
def test_every_recipe_can_be_read(tmp_path: Path, case: Case) -> None:
    write_recipe(case, tmp_path / "benchmark.yaml")
    shipped = read_declaration(bench_generation.SHIPPED / case.recipe)
    assert (read_declaration(tmp_path).digest == shipped.digest) == (case.edit is None)


def dials(tmp_path: Path, case: Case) -> Any:
    write_recipe(case, tmp_path / "benchmark.yaml")
    return read_declaration(tmp_path).dials


def test_edits_do_what_they_say(tmp_path: Path) -> None:
    messages = dials(tmp_path, FULL)
    assert (messages.tokens.shown, messages.copies.share) == ("counts", 0)
    assert len(dials(tmp_path, replace(CASE, edit=with_sixteen_numbers)).numeric) == 16


@pytest.mark.parametrize("changed", [{"tokens": {}, "copies": {"share": 0.02}}, {"tokens": {"shown": "counts"}, "copies": {"share": 0.02}}])
def test_an_edit_that_would_change_nothing_ends_the_script(changed: dict[str, Any]) -> None:
    with pytest.raises(SystemExit, match="change this script"):
        counted(changed)
    with pytest.raises(SystemExit, match="change this script"):
        with_sixteen_numbers({"numeric": {"n11": {}}})


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (RUN, []),
        (replace(RUN, wall=20.0), ["items: 50 a second, goal 100"]),
        (replace(RUN, others=0.9), []),
        (replace(RUN, wall=20.0, others=0.06), ["items: not judged: the machine was busy (others took 6% of it); run it again"]),
        (replace(RUN, wall=20.0, others=None), ["items: 50 a second, goal 100"]),
        (replace(RUN, peak=601.0), ["items: 601 MB, goal 600"]),
        (replace(RUN, peak=None), ["items: not judged: memory cannot be measured on this system, goal 600 MB"]),
    ],
)
def test_what_is_missed_or_cannot_be_judged_is_remembered(run: Run, told: list[str]) -> None:
    missed: list[str] = []
    line = judged(CASE, 1_000, run, missed)
    assert missed == told
    assert ("MISSED" in line or "NOT JUDGED" in line) == bool(told)
    assert ("unknown" in line) == (run.peak is None or run.others is None)
    missed.clear()
    judged(CASE, 1_000, run, missed, quick=True)
    assert missed == [one for one in told if "not judged" not in one]


@pytest.mark.parametrize(("full", "rows"), [(False, 10_000_000), (True, 100_000_000)])
def test_messages_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool, rows: int) -> None:
    made: list[tuple[Case, int]] = []
    monkeypatch.setattr(bench_generation, "measured", lambda case, rows, _: made.append((case, rows)) or RUN)
    generation(tmp_path, [], full=full)
    assert [asked for case, asked in made if case.edit is counted] == [rows]
    assert len(made) == len(CASES)


@pytest.mark.parametrize(
    ("walls", "best", "turns"),
    [([5.0], 5.0, 1), ([20.0, 9.0], 9.0, 2), ([20.0, 30.0, 15.0], 15.0, 3)],
)
def test_a_goal_of_speed_that_is_missed_has_two_more_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, walls: list[float], best: float, turns: int
) -> None:
    left = [replace(RUN, wall=wall, peak=wall) for wall in walls]
    monkeypatch.setattr(bench_generation, "measured", lambda *_: left.pop(0))
    run, count = bench_generation.best_run(CASE, 1_000, tmp_path)
    assert (run.wall, run.peak, count) == (best, max(walls), turns)
    assert left == []


def test_a_machine_that_tells_nothing_leaves_figures_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_watch, "Path", lambda path: Path("/nonexistent" + path))
    run = run_watched([sys.executable, "-c", ""])
    assert (run.peak, run.others) == (None, None)
    assert run.cpu > 0


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(SystemExit, match="failed with 3:\nwhy"):
        run_watched([sys.executable, "-c", "import sys; print('why', file=sys.stderr); sys.exit(3)"])


def test_ctrl_c_ends_the_command_first(tmp_path: Path) -> None:
    """It removes what it has begun, and is gone before the script is."""
    mark = tmp_path / "mark"
    inner = (
        "import signal, sys, time; from pathlib import Path; mark = Path(sys.argv[1])\n"
        "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), mark.write_text('ended'), sys.exit(1)))\n"
        "mark.write_text('begun'); time.sleep(60)"
    )
    program = "import sys; from bench_watch import run_watched; run_watched([sys.executable, '-c', *sys.argv[1:]])"
    scripts = str(Path(bench_watch.__file__).parent)
    with signals_as_usual():
        process = subprocess.Popen([sys.executable, "-c", program, inner, mark], cwd=scripts, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not mark.exists() or not mark.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    assert mark.read_text() == "ended"
