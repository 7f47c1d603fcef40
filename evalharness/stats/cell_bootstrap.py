"""Bootstrap of functions of counts. It describes: on few or perfect rows its limits are too narrow (statistics.md)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def cell_replicates(counts: Integers, sizes: Integers, replicates: int, seed: int) -> Integers:
    """Resampled counts [R, S, O] of S tables of O cells: Multinomial(size, counts / sum).

    With size = the number of rows this is exactly a bootstrap of the rows (Efron 1979, for any function of counts), at the cost of the
    cells. counts: [S, O]; sizes: [S] rows drawn for each. A table without rows stays empty.
    """
    totals = counts.sum(axis=1)
    shares = np.where(totals[:, None] > 0, counts / np.maximum(totals, 1)[:, None], 0.0)
    shares[totals == 0, 0] = 1.0
    drawn = np.where(totals > 0, sizes, 0)
    rng = np.random.Generator(np.random.Philox(seed))
    found: Integers = rng.multinomial(drawn, shares, size=(replicates, len(counts)))
    return found


def percentile_limits(values: Floats, alpha: float) -> tuple[Floats, Floats, Integers]:
    """Limits, each at 1 - alpha, and how many replicates are undefined (NaN). values: [R, ...]; NaN where all are undefined."""
    undefined = np.isnan(values).sum(axis=0)
    some = undefined < len(values)
    filled = np.where(some, values, 0.0)
    lower, upper = np.nanquantile(filled, [alpha, 1 - alpha], axis=0)
    return np.where(some, lower, np.nan), np.where(some, upper, np.nan), undefined
