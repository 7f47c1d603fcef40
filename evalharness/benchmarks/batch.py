"""Rows of one split, as the later stages see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Column = Literal["ids", "labels", "groups", "clusters", "features", "queues", "arrived", "minutes", "bands", "entities", "inclusion"]
"""What a batch can be asked to hold."""

EVERYTHING: frozenset[Column] = frozenset({"ids", "labels", "groups", "clusters", "features"})
"""What a benchmark of any task may have."""

BATCH_ROWS = 65_536
"""Rows of a batch, of a row group and of a block of a column digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Consecutive rows of one split, in stored order. What was not asked for is None."""

    start: int
    """Number of the first row within the split, from 0."""
    rows: int
    """Rows in this batch."""
    ids: Any | None = None
    """pyarrow string array, no nulls."""
    labels: npt.NDArray[np.int8] | None = None
    """1 positive, 0 negative, -1 no label; ordinal: place of the label among the rising levels. None for linkage."""
    groups: dict[str, npt.NDArray[np.int32]] | None = None
    """Attribute -> codes into `Benchmark.levels(split)[attribute]`."""
    clusters: Any | None = None
    """pyarrow string array, no nulls; None where rows are independent."""
    features: Any | None = None
    """pyarrow table of the declared feature columns."""
    queues: npt.NDArray[np.int64] | None = None
    """Ranking: number of the row's queue, in order of appearance within the split, from 0."""
    arrived: npt.NDArray[np.float64] | None = None
    """Ranking: when the lead arrived, in minutes."""
    minutes: npt.NDArray[np.float64] | None = None
    """Ranking: minutes that a review of the lead takes; None where they are not known."""
    bands: npt.NDArray[np.int8] | None = None
    """Risk: place of the true band among the rising levels, -1 where it is not known; None where no band is known."""
    inclusion: npt.NDArray[np.float64] | None = None
    """Chance with which each row was drawn; None where all had the same."""
    entities: Any | None = None
    """Linkage: pyarrow string array, no nulls: to whom each record belongs."""
