"""What items truly are, for the judging: the same for whoever counts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks.batch import Batch, Column
from evalharness.errors import Fault, bad_input
from evalharness.records import BenchmarkInfo

ROWS_A_BATCH = 65_536


def counted_columns(info: BenchmarkInfo) -> frozenset[Column]:
    """What counting needs of a batch."""
    return frozenset({"labels", "groups", "clusters", "inclusion", *(("bands",) if info.task == "risk" else ())})


def refuse_weighted(info: BenchmarkInfo, what: str) -> None:
    """Raises BadInput where items were drawn with different chances: `what` counts every item once."""
    if info.weighted:
        raise bad_input(
            f"{what} cannot weight items by the chances they were drawn with", where=f"benchmark {info.name}", got="columns: inclusion",
            hint="use a sample drawn with one chance, or `evaluate`, which weights them",
        )  # fmt: skip


def judged_labels(batch: Batch, info: BenchmarkInfo) -> NDArray[np.int8]:
    """[rows] the label; for risk 1 where the true band is the top one, and -1 where nobody knows the band: then nothing is judged.

    Raises Fault for a batch without labels.
    """
    if info.task == "risk":
        if batch.bands is None:
            return np.full(batch.rows, -1, dtype=np.int8)
        return np.where(batch.bands < 0, np.int8(-1), (batch.bands == len(info.levels) - 1).astype(np.int8))
    if batch.labels is None:
        raise Fault("the benchmark gave a batch without labels")
    return batch.labels
