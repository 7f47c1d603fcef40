"""Threads against processes: how fast the blocks of a family are made, and nothing written.

    scripts/bench_workers.py                      message-triage, with one and with two workers (a minute on a quiet machine)
    scripts/bench_workers.py lead-priority 4      another family, and up to four workers

Each figure is the best of several rounds, after the first eight blocks: the start of processes is left out, and printed by itself. Every
round takes all ways in turn, so that a busy machine is unfair to none; what other programs used of it meanwhile is printed.
"""

from __future__ import annotations

import argparse
import os
import time
from contextlib import closing
from pathlib import Path

from bench_watch import machine_seconds

from evalharness.benchmarks import making
from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.families.family import Dials, Family
from evalharness.benchmarks.generating import recipe_of

SHIPPED = Path(__file__).resolve().parents[1] / "datasets_synthetic"
FIRST, MEASURED = 8, 48
"""Blocks that are not counted, and blocks that are."""
ROWS = 8_000_000
"""Enough that every block measured is a whole one of the same split."""


def timed(family: Family, dials: Dials, workers: int, *, apart: bool) -> tuple[float, float]:
    """(items a second, seconds to the first block)."""
    making.ROWS_FOR_PROCESSES = 0 if apart else dials.rows + 1
    asked = time.perf_counter()
    with closing(making.blocks_of(family, dials, workers)) as blocks:
        next(blocks)
        began = time.perf_counter() - asked
        for _ in range(FIRST - 1):
            next(blocks)
        started = time.perf_counter()
        rows = sum(next(blocks)[0].rows for _ in range(MEASURED))
        return rows / (time.perf_counter() - started), began


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", nargs="?", default="message-triage", help="a name in datasets_synthetic/")
    parser.add_argument("workers", nargs="?", type=int, default=2, help="up to so many")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    family, dials = recipe_of(read_declaration(SHIPPED / asked.recipe))
    dials = dials.model_copy(update={"rows": ROWS})  # type: ignore[attr-defined]
    ways = [(1, False), *((workers, apart) for workers in range(2, asked.workers + 1) for apart in (False, True))]
    found: dict[tuple[int, bool], list[tuple[float, float]]] = {way: [] for way in ways}
    before, started, own = machine_seconds(), time.perf_counter(), own_seconds()
    for _ in range(asked.rounds):
        for workers, apart in ways:
            found[workers, apart].append(timed(family, dials, workers, apart=apart))
    after, wall = machine_seconds(), time.perf_counter() - started
    print(f"{asked.recipe}, blocks made and thrown away; {making.cores()} cores")
    one = max(rate for rate, _ in found[1, False])
    for (workers, apart), runs in found.items():
        rate, began = max(rate for rate, _ in runs), min(began for _, began in runs)
        name = "worker" if workers == 1 else "processes" if apart else "threads"
        print(f"  {workers} {name:<10} {rate:>10,.0f} items a second, {rate / one:.2f} times one; first block after {began:.2f} s")
    if before is not None and after is not None:
        others = (after - before - (own_seconds() - own)) / (wall * (os.cpu_count() or 1))
        print(f"  others took {others:.0%} of the machine")


def own_seconds() -> float:
    """Of processor time, by this process and the workers that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
