"""Generation of synthetic benchmarks: rows a second and memory of whole commands, against the figures in docs/performance.md.

    scripts/bench_generation.py            every family, and ten million messages whose tokens are only counted (about two minutes)
    scripts/bench_generation.py --quick    a tenth of the rows: start-up then weighs more
    scripts/bench_generation.py --full     a hundred million of them instead (about three minutes more, 3 GB of disk)

Seconds are by the clock, from the start of the command to its end, files on disk included; a command that misses its goal has two more
turns, of which the best counts. Memory is what the command and the processes that it starts hold together (proportional set size, looked
at four times a second; 1 MB is 1,000,000 bytes). What other programs of the machine use of its processors meanwhile is read from /proc/stat
and printed. A goal of speed that is missed while they take more than a twentieth is not judged, and memory that cannot be read (no /proc)
is not judged either: unless --quick is given, both end the script with code 1, as goals that are missed do.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_watch import Run, run_watched
from ruamel.yaml import YAML

COMMAND = str(Path(sys.executable).with_name("evalharness"))
SHIPPED = Path(__file__).resolve().parents[1] / "datasets_synthetic"
MEMORY = 600
"""MB, at any size."""
HUNDRED_MILLION = 180
"""Seconds."""
MOST_TURNS = 3
"""Of a command that misses its goal of speed: processors that are shared differ by a tenth from minute to minute."""
BUSY = 0.05
"""Share of all processors that others may take before a goal of speed that is missed is not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One command."""

    what: str
    recipe: str
    rows: int
    goal: int | None
    """Rows a second; null where none is stated."""
    edit: Callable[[Any], None] | None = None
    """Changes the dials of the shipped recipe."""


def counted(dials: Any) -> None:
    """message-triage whose tokens are counted, not shown, and which has no copies."""
    replace(dials["tokens"], "shown", "counts")
    replace(dials["copies"], "share", 0)


def with_sixteen_numbers(dials: Any) -> None:
    """risk-level with six more numeric columns."""
    more = {f"n{number}": {"shift": 0.1, "missing": 0.02} for number in range(11, 17)}
    if len(dials["numeric"]) != 10 or more.keys() & dials["numeric"].keys():
        raise SystemExit("risk-level no longer has the numeric columns n01 to n10: change this script")
    dials["numeric"].update(more)


def replace(dials: Any, name: str, value: object) -> None:
    """Sets a dial that must be there, to something else than it is."""
    if name not in dials or dials[name] == value:
        raise SystemExit(f"the shipped recipe has no {name}, or has {value!r} there already: change this script")
    dials[name] = value


def write_recipe(case: Case, path: Path) -> None:
    """Writes the recipe of a case."""
    yaml = YAML()
    yaml.width = 4096
    recipe = yaml.load((SHIPPED / case.recipe / "benchmark.yaml").read_bytes())
    if case.edit is not None:
        case.edit(recipe["generate"])
    with path.open("wb") as stream:
        yaml.dump(recipe, stream)


CASES = (
    Case(what="message-triage, messages", recipe="message-triage", rows=5_000_000, goal=150_000),
    Case(what="severity-grading, items", recipe="severity-grading", rows=3_000_000, goal=200_000),
    Case(what="risk-level, rows", recipe="risk-level", rows=10_000_000, goal=1_000_000),
    Case(what="risk-level of 16 numbers, rows", recipe="risk-level", rows=10_000_000, goal=1_000_000, edit=with_sixteen_numbers),
    Case(what="lead-priority, rows", recipe="lead-priority", rows=10_000_000, goal=1_000_000),
    Case(what="case-linkage, records", recipe="case-linkage", rows=2_000_000, goal=None),
    Case(
        what="message-triage counted, messages", recipe="message-triage", rows=10_000_000, goal=100_000_000 // HUNDRED_MILLION, edit=counted
    ),
)
FULL = Case(
    what="message-triage counted, messages", recipe="message-triage", rows=100_000_000, goal=100_000_000 // HUNDRED_MILLION, edit=counted
)


def measured(case: Case, rows: int, folder: Path) -> Run:
    """Runs the command; its data is removed."""
    recipe, data = folder / "recipe", folder / "data"
    recipe.mkdir()
    write_recipe(case, recipe / "benchmark.yaml")
    run = run_watched([COMMAND, "benchmark", "generate", str(recipe), "--rows", str(rows), "--out", str(data)])
    shutil.rmtree(recipe)
    shutil.rmtree(data)
    return run


def judged(case: Case, rows: int, run: Run, missed: list[str], *, quick: bool = False) -> str:
    """A line of figures beside their goals. What is missed is remembered; so is what could not be judged, unless `quick`."""
    rate = rows / run.wall
    speed = memory = ""
    if case.goal is not None:
        speed = f" (goal {case.goal:,})"
        if rate < case.goal and run.others is not None and run.others > BUSY:
            speed = f" (goal {case.goal:,}, NOT JUDGED)"
            if not quick:
                missed.append(f"{case.what}: not judged: the machine was busy (others took {run.others:.0%} of it); run it again")
        elif rate < case.goal:
            speed = f" (goal {case.goal:,}, MISSED)"
            missed.append(f"{case.what}: {rate:,.0f} a second, goal {case.goal:,}")
    if run.peak is None:
        memory = f"peak unknown (goal {MEMORY} MB, NOT JUDGED: /proc does not tell)"
        if not quick:
            missed.append(f"{case.what}: not judged: memory cannot be measured on this system, goal {MEMORY} MB")
    else:
        memory = f"peak {run.peak:.0f} MB (goal {MEMORY}{', MISSED' if run.peak > MEMORY else ''})"
        if run.peak > MEMORY:
            missed.append(f"{case.what}: {run.peak:.0f} MB, goal {MEMORY}")
    others = "what others took of the machine is unknown" if run.others is None else f"others took {run.others:.0%} of the machine"
    return (
        f"  {rows:>11,} {case.what:<34} {rate:>9,.0f} a second{speed}, {run.wall:.1f} s; "
        f"{rows / run.cpu:,.0f} a CPU second; {memory}; {others}"
    )


def best_run(case: Case, rows: int, folder: Path) -> tuple[Run, int]:
    """The fastest turn, with the largest memory of all, and how many turns there were: more than one where a goal of speed was missed."""
    runs = [measured(case, rows, folder)]
    while case.goal is not None and len(runs) < MOST_TURNS and rows / min(run.wall for run in runs) < case.goal:
        runs.append(measured(case, rows, folder))
    peaks = [run.peak for run in runs if run.peak is not None]
    return dataclasses.replace(min(runs, key=lambda run: run.wall), peak=max(peaks) if len(peaks) == len(runs) else None), len(runs)


def generation(folder: Path, missed: list[str], *, quick: bool = False, full: bool = False) -> None:
    """Prints all figures, and adds to `missed` what was missed or could not be judged."""
    print("generating, on all cores, whole commands by the clock, files on disk")
    for case in [*(case for case in CASES if not full or case.edit is not FULL.edit), *((FULL,) if full else ())]:
        rows = case.rows // 10 if quick else case.rows
        run, turns = best_run(case, rows, folder)
        again = f"; the best of {turns} turns" if turns > 1 else ""
        print(f"{judged(case, rows, run, missed, quick=quick)}{again}", flush=True)
        if case.edit is counted and rows < FULL.rows:
            expected = run.wall * FULL.rows / rows
            print(f"  {'':>11} a hundred million would take {expected:.0f} s at that rate (goal {HUNDRED_MILLION}); --full makes them")
    print()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows; a busy machine is no failure")
    parser.add_argument("--full", action="store_true", help="a hundred million messages instead of ten million")
    asked = parser.parse_args()
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="evalharness-bench-") as name:
        generation(Path(name), missed, quick=asked.quick, full=asked.full)
    if missed:
        raise SystemExit("goals missed, or not judged:\n  " + "\n  ".join(missed))


if __name__ == "__main__":
    main()
