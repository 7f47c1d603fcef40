"""Generation of synthetic benchmarks: rows a second and memory of whole commands, against the figures in docs/performance.md.

    scripts/bench_generation.py            every family, and ten million messages whose tokens are only counted (about two minutes)
    scripts/bench_generation.py --quick    a tenth of the rows: start-up then weighs more
    scripts/bench_generation.py --full     a hundred million such messages (about three minutes more, 3 GB of disk)

Seconds are by the clock, from the start of the command to its end, files on disk included. Memory is what the command and the processes
that it starts hold together (proportional set size, looked at twenty times a second). What other programs of the machine use of its
processors meanwhile is read from /proc/stat and printed: a goal that is missed while they take more than a twentieth is not judged.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("evalharness"))
SHIPPED = Path(__file__).resolve().parents[1] / "datasets_synthetic"
MEMORY = 600
"""MiB, at any size."""
HUNDRED_MILLION = 180
"""Seconds."""
BUSY = 0.05
"""Share of all processors that others may take before nothing is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One command."""

    what: str
    recipe: str
    rows: int
    goal: int | None
    """Rows a second; null where none is stated."""
    edit: Callable[[str], str] = str
    """Makes the recipe of the shipped one's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command took."""

    wall: float
    cpu: float
    """Seconds of user and system time, workers included."""
    peak: float
    """MiB."""
    others: float
    """Share of all processors that other programs used meanwhile."""


def counted(recipe: str) -> str:
    """message-triage whose tokens are counted, not shown."""
    return recipe.replace("shown: tokens", "shown: counts").replace("copies: {share: 0.02", "copies: {share: 0")


def with_sixteen_numbers(recipe: str) -> str:
    """risk-level with six more numeric columns."""
    more = "".join(f"    n{number}: {{shift: 0.1, missing: 0.02}}\n" for number in range(11, 17))
    return recipe.replace("  categorical:", more + "  categorical:", 1)


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
    text = (SHIPPED / case.recipe / "benchmark.yaml").read_text(encoding="utf-8")
    (recipe / "benchmark.yaml").write_text(case.edit(text), encoding="utf-8")
    before, started = _machine(), time.perf_counter()
    command = [COMMAND, "benchmark", "generate", str(recipe), "--rows", str(rows), "--out", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = _Watch(process.pid)
    watch.start()
    assert process.stderr is not None  # noqa: S101 - a pipe
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}:\n{errors.decode()}")
    cpu = max(usage.ru_utime + usage.ru_stime, watch.cpu)
    others = max(0.0, (_machine() - before - cpu) / (wall * (os.cpu_count() or 1)))
    shutil.rmtree(recipe)
    shutil.rmtree(data)
    return Run(wall=wall, cpu=cpu, peak=watch.peak, others=others)


class _Watch(threading.Thread):
    """Looks at a process and those that it started until they are gone."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak, self.cpu = 0.0, 0.0
        self._spent: dict[int, float] = {}

    def run(self) -> None:
        """Until the command has ended."""
        while found := [(pid, _memory(pid)) for pid in _family(self._pid)]:
            self.peak = max(self.peak, sum(memory for _, memory in found) / 1024)
            for pid, _ in found:
                self._spent[pid] = max(self._spent.get(pid, 0.0), _seconds(pid))
            self.cpu = sum(self._spent.values())
            if not Path(f"/proc/{self._pid}/cmdline").exists() or not any(memory for _, memory in found):
                return
            time.sleep(0.05)


def _family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:  # it has ended
            continue
    return found


def _memory(pid: int) -> int:
    """KiB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _seconds(pid: int) -> float:
    """User and system time so far; 0 for a process that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _machine() -> float:
    """Seconds that all processors together have worked since the machine was started."""
    fields = [int(value) for value in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    user, nice, system, _idle, _wait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def judged(case: Case, rows: int, run: Run, missed: list[str]) -> str:
    """A line of figures beside their goals; what is missed on a machine of one's own is remembered."""
    rate = rows / run.wall
    slow = case.goal is not None and rate < case.goal
    large = run.peak >= MEMORY
    busy = run.others > BUSY
    if slow and not busy:
        missed.append(f"{case.what}: {rate:,.0f} a second, goal {case.goal:,}")
    if large:
        missed.append(f"{case.what}: {run.peak:.0f} MiB, goal {MEMORY}")
    told = "" if case.goal is None else f" (goal {case.goal:,}{', not judged' if slow and busy else ', MISSED' if slow else ''})"
    memory = f"peak {run.peak:.0f} MiB{' (MISSED)' if large else ''}"
    return (
        f"  {rows:>11,} {case.what:<34} {rate:>9,.0f} a second{told}, {run.wall:.1f} s; "
        f"{rows / run.cpu:,.0f} a CPU second; {memory}; others took {run.others:.0%} of the machine"
    )


def generation(folder: Path, missed: list[str], *, quick: bool = False, full: bool = False) -> None:
    """Prints all figures, and adds what was missed to `missed`."""
    print("generating, on all cores, whole commands by the clock, files on disk")
    for case in (*CASES, *((FULL,) if full else ())):
        rows = case.rows // 10 if quick else case.rows
        run = measured(case, rows, folder)
        print(judged(case, rows, run, missed), flush=True)
        if case.edit is counted and rows < FULL.rows:
            expected = run.wall * FULL.rows / rows
            print(f"  {'':>11} a hundred million would take {expected:.0f} s at that rate (goal {HUNDRED_MILLION}); --full makes them")
    print()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--full", action="store_true", help="a hundred million messages too")
    asked = parser.parse_args()
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="evalharness-bench-") as name:
        generation(Path(name), missed, quick=asked.quick, full=asked.full)
    if missed:
        raise SystemExit("goals missed:\n  " + "\n  ".join(missed))


if __name__ == "__main__":
    main()
