"""Items that arrive through the weeks: when, and which of the judged ones each is like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.oversight.queues.calendar import ALWAYS, DAY, OFFICE_HOURS, Calendar, Ticks
from evalharness.records.oversight_work import EVEN, IN_OFFICE_HOURS

PATTERNS: Mapping[str, Calendar] = {EVEN: ALWAYS, IN_OFFICE_HOURS: OFFICE_HOURS}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """N judged items with a label."""

    fates: NDArray[np.int8]
    keys: NDArray[np.float64]
    """Score, or grade: in a band the highest is read first. All alike where there is neither."""
    relevant: NDArray[np.bool_]
    low: NDArray[np.bool_]
    """Relevant, and ranked low: not selected, or graded below what is relevant."""
    top: NDArray[np.bool_] | None
    """Truly of the gravest class; None where that is what *relevant* means."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """n items in order of arrival."""

    arrived: Ticks
    item: NDArray[np.int64]
    """Place in the pool."""
    coin: NDArray[np.float64]
    """Evenly between 0 and 1."""


def draw(pool: int, per_week: float, days: int, pattern: str, seed: tuple[int, int]) -> Drawn:
    """Arrivals of a Poisson process over the open hours of the pattern, each a judged item drawn with replacement.

    pool: how many there are, at least one. seed: that of the simulation, and the number of the repeat. Order and officers are no part of
    it, so all of them meet the same arrivals (common random numbers).
    """
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
    calendar = PATTERNS[pattern]
    whole = int(calendar.worked(np.array([days * DAY], dtype=np.int64))[0])
    count = int(rng.poisson(per_week * whole / calendar.each_week))
    moments = np.sort((rng.random(count) * whole).astype(np.int64))
    return Drawn(arrived=calendar.at(moments), item=(rng.random(count) * pool).astype(np.int64), coin=rng.random(count))
