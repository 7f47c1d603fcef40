"""Do the answers to canary items agree with labels that only the key holds?

A canary looks like any other item and is in no count. Its label was drawn by lot, half of them positive, apart from anything that a model
receives: an honest model's answers cannot agree with it but by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom

BETRAYED = 1e-6
"""Agreement that chance gives less often than this betrays that the labels were seen."""


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
        """Whether somebody has seen the labels."""
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
    chance = float(hypergeom.sf(both - 1, len(given), int(labels.sum()), int(upper.sum())))
    return CanaryCheck(items=len(values), answered=len(given), agreeing=both + int((~upper & ~labels).sum()), p_value=min(chance, 1.0))
