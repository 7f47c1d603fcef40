"""The best rule on binned chances: it takes bins in order, and draws lots in the last one.

With bins in the order of falling chance, no rule that sees the same columns gains more at the same cost, in expectation (Neyman and
Pearson 1933).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def most_gained(gains: Floats, costs: Floats, budget: float) -> float:
    """What is gained when bins are taken in order until the budget is spent, of the last a share.

    gains, costs: [bins], none below 0. Bins that cost nothing are taken as long as the budget lasts, and when it is spent exactly.
    """
    spent = np.cumsum(costs)
    whole = int(np.searchsorted(spent, budget, side="right"))
    return _until(gains, costs, spent, whole, budget)


def least_spent(gains: Floats, costs: Floats, wanted: float) -> float:
    """What it costs when bins are taken in order until enough is gained, of the last a share; nothing is taken in vain."""
    gained = np.cumsum(gains)
    whole = int(np.searchsorted(gained, wanted, side="left"))
    return _until(costs, gains, gained, whole, wanted)


def _until(counted: Floats, limited: Floats, so_far: Floats, whole: int, limit: float) -> float:
    total = float(counted[:whole].sum())
    if whole == len(counted):
        return total
    before = float(so_far[whole - 1]) if whole else 0.0
    share = (limit - before) / float(limited[whole]) if limit > before else 0.0
    return total + min(share, 1.0) * float(counted[whole])
