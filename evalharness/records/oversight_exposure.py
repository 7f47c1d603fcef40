"""What a policy says of those who see severe items, and what figures about that rest on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from evalharness.records.share import ONE_VIEW, RESTS_ON

PERCENTILE = 0.95
MOST_CLASSES = 200
"""Of how many views there were in a shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureLimits:
    """Which items are hard to look at, and how many views of them one person is to have in one shift."""

    severe_levels: tuple[str, ...] = ()
    """True levels; empty: every item that is relevant."""
    views_per_shift_at_most: int | None = None
    """None where the policy does not say."""


def rests_of_exposure(of_log: Iterable[str], *, views_logged: bool) -> tuple[str, ...]:
    """What figures of exposure rest on: all that the review log does, and, where it does not say how often an item was viewed, on one view
    for each reading."""
    told = {*of_log, *(() if views_logged else (ONE_VIEW,))}
    return tuple(name for name in RESTS_ON if name in told)


def percentile(by_shift: Iterable[tuple[int, int]]) -> int:
    """(views, shifts) rising by views: the ⌈.95 n⌉-th lowest of n shifts; 0 of none."""
    classes = list(by_shift)
    left = sum(shifts for _, shifts in classes)
    beyond = beyond_percentile(left)
    for views, shifts in classes:
        left -= shifts
        if left <= beyond:
            return views
    return 0


def beyond_percentile(units: int) -> int:
    """How many of so many units lie above the 95th percentile, the value at the place ⌈.95 n⌉ in rising order."""
    return units - math.ceil(round(PERCENTILE * units, 9))
