"""Do the answers to canary items agree with labels that only the key holds?

A canary looks like any other item and is in no count. Its label was drawn by lot, half of them positive, apart from anything that a model
receives: an honest model's answers cannot agree with it but by chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BETRAYED = 1e-6
"""Agreement that chance gives less often than this betrays that the key's labels were seen.

With 200 canaries, each with a score of its own, that is where 136 of them agree (100 are to be expected). Who knows a share of
their labels and guesses the others is found half of the time at a share of 0.35, and 19 times in 20 at 0.46.
"""
UNANSWERED = 1e-4
"""Canaries that are answered so much less often than items, that chance does so less often than this, are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCheck:
    """What became of the canaries."""

    items: int
    answered: int
    agreeing: int
    """Answered ones whose answer is in the upper half where the label by lot is positive, or in the lower half where it is not."""
    p_value: float
    """Chance of at least so many agreeing when answers and labels have nothing to do with one another."""

    @property
    def betrays(self) -> bool:
        """Whether whoever answered has seen the key's labels."""
        return self.p_value < BETRAYED


def check_canaries(values: NDArray[np.float64], drawn: NDArray[np.bool_]) -> CanaryCheck:
    """`values` [canaries]: scores, or levels as numbers; NaN where there is no answer. `drawn` [canaries]: the labels by lot.

    Fisher's exact test, one-sided: given how many answers are in the upper half and how many labels are positive, the number of positive
    labels in the upper half is hypergeometric under independence.
    """
    answered = ~np.isnan(values)
    given, labels = values[answered], drawn[answered]
    if not len(given):
        return CanaryCheck(items=len(values), answered=0, agreeing=0, p_value=1.0)
    upper = given > np.median(given)
    if not upper.any():
        upper = given >= np.median(given)
    both = int((upper & labels).sum())
    from scipy.stats import hypergeom  # noqa: PLC0415  half a second, and hardly ever needed

    chance = float(hypergeom.sf(both - 1, len(given), int(labels.sum()), int(upper.sum())))
    return CanaryCheck(items=len(values), answered=len(given), agreeing=both + int((~upper & ~labels).sum()), p_value=min(chance, 1.0))


def chance_of_fewer(check: CanaryCheck, units: int, items: int, answered: int) -> float:
    """Chance that so few canaries are answered, or fewer, when whoever answers cannot tell them from the other items.

    items, answered: of the others. Fisher's exact test, one-sided: given how many are answered of all, the number of answered canaries is
    hypergeometric. units: canaries that can be left out apart; where they are fewer (the queues of a ranking), everything is counted in
    such units, rounded so that the chance is not told too small.
    """
    if not units:
        return 1.0
    size = check.items / units
    others, given = math.floor(items / size), math.floor(answered / size)
    own = min(math.ceil(check.answered / size), units)
    from scipy.stats import hypergeom  # noqa: PLC0415

    return min(float(hypergeom.cdf(own, others + units, given + own, units)), 1.0)
