"""The rule by which a bound shows that a gap is small enough: MOVER, and never closer than what three directions give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.stats.gaps import difference_of_limits, mover_difference, mover_ratio, ratio_of_limits

Floats = NDArray[np.float64]
Three = tuple[Floats, Floats, Floats]
"""A value with its lower and upper limit."""

DIRECTIONS = (22.5, 45.0, 67.5)
"""Degrees; mirrored, so that what is one group's direction from the front is the other's from the back."""
SPARE = 1.01
"""Without it a few cells (450 items at .9996 against 1,450 at .70) lie at 1.003 alpha."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRule:
    """How the deciding bound of a gap is made from one-sided Clopper-Pearson limits of two independent groups.

    MOVER's hypot(u1 - p1, p2 - l2) at alpha adds up two distances as if limits lay evenly around a value: it is the largest
    cos(t) (u1 - p1) + sin(t) (p2 - l2) over all t. Near 0 and 1 they do not, and there it is too small. `guarded` takes the limits where
    they are instead: u1 at the normal tail of z cos(t) less l2 at that of z sin(t), for every t in DIRECTIONS; the bound is the greatest of
    these and MOVER's at the tail of z. For large groups they come to no more than MOVER's. z is SPARE times the quantile of alpha.
    """

    guarded: bool

    def alphas(self, alpha: float, *, spanned: bool = False) -> tuple[float, ...]:
        """Where limits are taken: MOVER's, then those of each direction; for `spanned` groups, not independent, at alpha alone."""
        if spanned or not self.guarded:
            return (alpha,)
        return tail(alpha, SPARE), *(tail(alpha, SPARE * math.cos(math.radians(t))) for t in DIRECTIONS)


ADMISSIBLE = GapRule(guarded=True)
"""Wrongly *met* in at most alpha of all samples in every cell of an exact enumeration; docs/decisions/0030."""
EARLIEST = GapRule(guarded=False)
"""Plain MOVER, by which the first evidence was judged: wrongly *met* in up to 1.7 alpha at .05 (five items each), 6.5 at .01 (four)."""


def tail(alpha: float, part: float) -> float:
    """The normal tail beyond `part` of the quantile of alpha."""
    return float(special.ndtr(part * special.ndtri(alpha)))


def greatest_difference(one: Sequence[Three], other: Sequence[Three], *, spanned: bool = False) -> Floats:
    """Upper bound of p1 - p2 from (value, lower, upper) of either group at each of `GapRule.alphas`; broadcasts, NaN in gives NaN out."""
    if spanned:
        return difference_of_limits(*one[0][1:], *other[0][1:])[1]
    bound = mover_difference(*one[0], *other[0])[1]
    for (_, _, upper), (_, lower, _) in zip(one[1:], reversed(other[1:]), strict=True):
        bound = np.maximum(bound, upper - lower)
    return bound


def least_ratio(one: Sequence[Three], other: Sequence[Three], *, spanned: bool = False) -> Floats:
    """Lower bound of p1 / p2, likewise; NaN where there is none (l1 = 0)."""
    if spanned:
        return ratio_of_limits(*one[0][1:], *other[0][1:])[0]
    bound = mover_ratio(*one[0], *other[0])[0]
    for (_, lower, _), (_, _, upper) in zip(one[1:], reversed(other[1:]), strict=True):
        bound = np.minimum(bound, smallest_ratio(lower, upper))
    return bound


def smallest_ratio(lower: Floats, upper: Floats) -> Floats:
    """A lower limit over an upper one; NaN where the first is 0, as in MOVER."""
    return ratio_of_limits(lower, lower, upper, upper)[0]
