"""Fates of items to the share row of how often they are read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.work import READINGS
from evalharness.records.oversight_bands import Bands
from evalharness.records.oversight_work import MINUTES, readings_of
from evalharness.records.share import ShareRow, Way


def reading_row(bands: Bands, fates: npt.NDArray[np.int8], cases: npt.NDArray[np.int32] | None, *, measured: bool = False) -> ShareRow:
    """fates: [N]; cases: [N] codes, None where items are independent. Every item stands for as many units as the most readings have parts;
    those that are read count. Units of one item hang together, so even independent items are cases of their own."""
    readings = readings_of(bands)
    read = np.array(readings.by_fate, dtype=np.int64)[fates]
    if cases is None:
        sizes, hits = np.ones(len(fates), dtype=np.int64), read
    else:
        _, dense = np.unique(cases, return_inverse=True)
        sizes = np.bincount(dense).astype(np.int64)
        hits = np.bincount(dense, weights=read, minlength=len(sizes)).astype(np.int64)
    sizes *= readings.most
    rest = sizes - hits
    way = Way(name="case", clusters=len(sizes), total2=_squares(sizes), part2=_squares(hits), rest2=_squares(rest))
    return ShareRow(metric=READINGS, part=int(hits.sum()), total=int(sizes.sum()), ways=(way,), rests_on=() if measured else (MINUTES,))


def _squares(counts: npt.NDArray[np.int64]) -> int:
    return int(counts @ counts)
