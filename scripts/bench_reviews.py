"""Called by bench.py: a review log of 5,000,000 readings, from its file to share rows, in one fresh process: CPU seconds and memory.

scripts/bench_reviews.py --make DIR ROWS     writes log and list of what was assigned
scripts/bench_reviews.py --count DIR         reads, checks and counts them
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.oversight.reviews.align import aligned
from evalharness.oversight.reviews.check import checked_assigned, checked_log
from evalharness.oversight.reviews.kinds import kinds_of
from evalharness.oversight.reviews.order import order_of
from evalharness.oversight.reviews.outcomes import Counting, share_rows
from evalharness.oversight.reviews.read import read_assigned, read_log
from evalharness.oversight.reviews.readings import Known
from evalharness.oversight.reviews.seconds import classes_of
from evalharness.oversight.reviews.summary import summary_of
from evalharness.tally import Slices

ROWS, ITEMS, READERS = 5_000_000, 1_000_000, 200
SECONDS, MEGABYTES = 5.0, 600.0
LEVELS = {"sex": ("F", "M", "X"), "ethnicity": ("asian", "black", "mixed", "other", "white"), "age": ("0", "1", "2", "3", "4", "5")}


def known() -> tuple[Known, Counting]:
    """One in fifty items is relevant, in 400,000 cases."""
    rng = np.random.default_rng(3)
    labels = (rng.random(ITEMS) < 0.02).astype(np.int8)
    decisions = np.where(rng.random(ITEMS) < 0.1, 1 - labels, labels).astype(np.int8)
    ids = pa.array([f"item-{number:07d}" for number in range(ITEMS)])
    cases = np.sort(rng.integers(0, 400_000, ITEMS)).astype(np.int32)
    groups = {name: rng.integers(0, len(levels), ITEMS).astype(np.int32) for name, levels in LEVELS.items()}
    how = Counting(rests_on=(), slices=Slices(attributes=tuple(LEVELS), levels=LEVELS, depth=1), groups=groups)
    return Known(ids=ids, labels=labels, decisions=decisions, words={"0": 0, "1": 1}, cases=cases), how


def make(folder: Path, rows: int) -> None:
    """Five readers an item, each by chance shown or blind."""
    of, _ = known()
    rng = np.random.default_rng(4)
    item = np.repeat(np.arange(rows // 5), 5)
    reader = (rng.integers(0, READERS, rows // 5)[:, None] + np.arange(5) * 7).ravel() % READERS
    blind = rng.random(rows) < 0.5
    said = np.where(rng.random(rows) < 0.05, 1 - of.labels[item], of.labels[item])
    minute = rng.integers(0, 500_000, rows)
    item_id = of.ids.take(pa.array(item))  # as text: what has a million values comes as codes from nobody
    reviewer = coded(reader, [f"person-{number}" for number in range(READERS)])
    log = {
        "item_id": item_id, "reviewer": reviewer, "shown": coded(np.where(blind, 2, of.decisions[item]), ["0", "1", "blind"]),
        "label": coded(said, ["0", "1"]), "seconds": rng.random(rows) * 60, "seeded": np.zeros(rows, dtype=bool),
        "time": pa.array(np.datetime64("2026-01-01T00:00:00") + minute.astype("timedelta64[m]"), pa.timestamp("us", tz="UTC")),
        "adjudicated": np.zeros(rows, dtype=bool), "shift": coded(minute // 480, [f"s{number}" for number in range(1_042)]),
    }  # fmt: skip
    pq.write_table(pa.table(log).take(pa.array(rng.permutation(rows))), folder / "log.parquet")
    assigned = {
        "item_id": item_id, "reviewer": reviewer, "reading": coded(np.zeros(rows, dtype=int), ["1"]),
        "shown_or_blind": coded(blind.astype(int), ["shown", "blind"]), "seeded": np.zeros(rows, dtype=bool),
    }  # fmt: skip
    pq.write_table(pa.table(assigned), folder / "assigned.parquet")


def coded(values: npt.NDArray[Any], names: list[str]) -> pa.Array:
    """Text with few values."""
    return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), pa.array(names))


def count(folder: Path) -> None:
    """Exits with 1 where a goal is missed."""
    of, how = known()
    before, started = peak(), time.process_time()
    tables = [read_log(folder / "log.parquet")]
    laid = time.process_time()
    readings, reviewers = checked_log(tables.pop(), of, "log", listed=True)
    checked = time.process_time()
    listed = checked_assigned(read_assigned(folder / "assigned.parquet"), of, "assigned")
    readings = aligned(readings, reviewers, listed, of, "log")
    del listed
    beside = time.process_time()
    kinds = kinds_of(readings, of, how.slowest)
    seconds = classes_of(readings.seconds)
    summary_of(readings, of, kinds, seconds)
    rows = share_rows(readings, of, how, kinds)
    order_of(readings, of, how, kinds, seconds)
    done = time.process_time()
    took, memory = done - started, peak() - before
    goals = f"{took:.2f} s CPU (goal {SECONDS}), {memory:.0f} MB more (goal {MEGABYTES:.0f})"
    print(f"  {readings.number:,} readings, {len(rows)} share rows: {goals}")
    steps = (
        ("read", laid - started),
        ("checked", checked - laid),
        ("beside what was assigned", beside - checked),
        ("counted", done - beside),
    )
    print("  " + ", ".join(f"{name} {each:.2f}" for name, each in steps), flush=True)
    if took > SECONDS or memory > MEGABYTES:
        raise SystemExit("goals missed: 5 s CPU and 600 MB")


def peak() -> float:
    """MB of this process alone: what the system's usage tells is at least what the process had that started it."""
    told = next((line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")), None)
    return float(told.split()[1]) / 1024 if told is not None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def missed(rows: int = ROWS) -> list[str]:
    """What missed its goal in the best of up to three turns; prints the figures."""
    print(f"review logs: {rows:,} readings of a log beside what was assigned, from files to share rows", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "--make", folder, str(rows)], check=True)
        for _ in range(3):
            if not subprocess.run([sys.executable, __file__, "--count", folder], check=False).returncode:
                return []
    return ["review logs: see above"]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["--count"]:
        count(Path(sys.argv[2]))
    else:
        raise SystemExit(1 if missed() else 0)
