"""Called by bench.py: rows a second of every shipped recipe, as whole commands in fresh processes, and the memory of all of them together.

scripts/bench_generating.py [--quick]     --quick: ten million rows instead of a hundred million in the features-only mode
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
COMMAND = str(Path(sys.executable).with_name("evalharness"))
MOST_MEMORY = 600
"""MiB of all processes together, at any number of rows."""


@dataclass(frozen=True)
class Case:
    """One recipe and what is promised of it."""

    name: str
    rows: int
    goal: float
    """Rows a second of wall time, on two cores that nobody else uses; 0: nothing is promised."""
    counts: bool = False
    """message-triage that shows counts of tokens instead of tokens."""


def cases(quick: bool) -> Iterator[Case]:
    """In the order of the page."""
    yield Case("message-triage", 3_000_000, 150_000)
    yield Case("message-triage", 10_000_000 if quick else 100_000_000, 100_000_000 / 180, counts=True)
    yield Case("severity-grading", 3_000_000, 200_000)
    yield Case("lead-priority", 10_000_000, 1_000_000)
    yield Case("risk-level", 10_000_000, 1_000_000)
    yield Case("case-linkage", 3_000_000, 0)


def recipe(folder: Path, case: Case) -> Path:
    """A benchmark folder with the shipped recipe, without copies where only counts are shown: those are copied nowhere."""
    folder.mkdir()
    yaml = YAML()
    document = yaml.load((ROOT / "datasets_synthetic" / case.name / "benchmark.yaml").read_bytes())
    if case.counts:
        document["generate"]["tokens"]["shown"] = "counts"
        document["generate"]["copies"]["share"] = 0
    with (folder / "benchmark.yaml").open("wb") as stream:
        yaml.dump(document, stream)
    return folder


def measure(case: Case, folder: Path) -> tuple[float, float]:
    """(seconds of wall time, peak MiB of the command and its workers)."""
    command = [
        COMMAND,
        "benchmark",
        "generate",
        str(recipe(folder / "recipe", case)),
        "--rows",
        str(case.rows),
        "--out",
        str(folder / "out"),
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memory(process.pid))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return time.perf_counter() - started, peak


def memory(pid: int) -> float:
    """MiB of a process and its children; pages that they share are counted once. 0 where the system does not tell."""
    try:
        children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
        texts = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in (pid, *children)]
    except OSError:  # it ended, or this is no Linux
        return 0.0
    return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("Pss:")) / 1024


def main(quick: bool) -> list[str]:
    """Prints every figure; what was missed."""
    missed = []
    print("making benchmarks: rows a second of wall time, whole command, all files written")
    for case in cases(quick):
        folder = Path(tempfile.mkdtemp(prefix="evalharness-bench-"))
        try:
            seconds, peak = measure(case, folder)
        finally:
            shutil.rmtree(folder)
        name, rate = case.name + (", counts only" if case.counts else ""), case.rows / seconds
        told = f" (goal {case.goal:,.0f}{', MISSED' if rate < case.goal else ''})" if case.goal else ""
        print(f"  {name:<28} {case.rows:>11,} rows: {rate:>9,.0f} a second{told}, {seconds:.1f} s, peak {peak:.0f} MiB", flush=True)
        missed += [f"{name}: {rate:,.0f} rows a second, goal {case.goal:,.0f}"] if rate < case.goal else []
        missed += [f"{name}: {peak:.0f} MiB, goal {MOST_MEMORY}"] if peak > MOST_MEMORY else []
    return missed


if __name__ == "__main__":
    if found := main("--quick" in sys.argv):
        raise SystemExit("goals missed:\n  " + "\n  ".join(found))
