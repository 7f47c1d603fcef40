"""What a simple random sample says of a pile of known size: exact limits of how many items of a kind it holds, and shares of several piles.

n of N items are drawn without replacement and read; each one of the kind is recognised with a chance of at least c, apart from the others.
The number X that is seen is then a thinned hypergeometric one, P(X <= x) = sum_h Hyper(h; N, M, n) Bin(x; h, c), which falls as M grows.
The limits turn these tails over (Buonaccorsi 1987 for c = 1), so that they hold at any n up to all of N; that items belong to one case
changes nothing, for it is the drawing that is random.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_FAR = 20.0
"""Numbers of items so many standard deviations from the mean have no chance that a float could hold beside the others."""
_TIE = 1e-12
"""A chance as near to alpha as this is not below it: ties are decided by the wider limit."""


def tail(seen: int, kind: int, population: int, drawn: int, sensitivity: float = 1.0) -> float:
    """P(X <= seen) where `kind` of `population` items are of the kind and `drawn` of them are read."""
    from scipy import stats  # noqa: PLC0415  slow to import, and only runs with a sample need it

    if sensitivity >= 1.0:
        return float(stats.hypergeom.cdf(seen, population, kind, drawn))
    mean = drawn * kind / population
    wide = _FAR * (1.0 + math.sqrt(mean))
    first, last = max(0, drawn - (population - kind), math.floor(mean - wide)), min(drawn, kind, math.ceil(mean + wide))
    inside = np.arange(first, last + 1)
    return float(stats.hypergeom.pmf(inside, population, kind, drawn) @ stats.binom.cdf(seen, inside, sensitivity))


@lru_cache(maxsize=4096)
def most_in_pile(seen: int, population: int, drawn: int, alpha: float, *, sensitivity: float = 1.0) -> int:
    """Upper limit of the items of the kind in the pile, at confidence 1 - alpha: all that were not read, where nothing was drawn."""
    most = population if sensitivity < 1.0 else population - (drawn - seen)
    if not drawn or seen >= most:
        return most
    return _last(lambda kind: tail(seen, kind, population, drawn, sensitivity) > alpha - _TIE, seen, most)


@lru_cache(maxsize=4096)
def least_in_pile(seen: int, population: int, drawn: int, alpha: float) -> int:
    """Lower limit likewise, whoever reads: to overlook some only makes `seen` smaller."""
    if not seen:
        return 0
    most = population - (drawn - seen)
    return most if most <= seen else _last(lambda kind: 1.0 - tail(seen - 1, kind, population, drawn) <= alpha - _TIE, seen - 1, most) + 1


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The greatest number from `low` to `high` for which it holds: for `low` it does, and after the first that fails for none."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """One pile and what was read of it. `least` and `most`: of the items drawn, how many are of the kind if those that were not coded are
    not, or are."""

    population: int
    drawn: int
    least: int
    most: int
    found: bool
    """Whether its items of the kind count as found."""


Limits = tuple[float | None, float | None]


def share_found_limits(piles: Sequence[Pile], alpha: float, *, sensitivity: float = 1.0) -> Limits:
    """Lower and upper limit of found / (found + not found), over items of the kind in all piles, each at confidence 1 - alpha.

    Every pile is bounded at alpha / number of piles (Bonferroni), and what was not coded counts the worse way for each limit. None where
    no item of the kind need be there.
    """
    each = alpha / max(len(piles), 1)
    return found_of_all(
        [
            (
                least_in_pile(pile.least, pile.population, pile.drawn, each),
                most_in_pile(pile.most, pile.population, pile.drawn, each, sensitivity=sensitivity),
                pile.found,
            )
            for pile in piles
        ]
    )


def found_of_all(piles: Sequence[tuple[float, float, bool]]) -> Limits:
    """Lower and upper limit of found / (found + not found) from (least, most, found) of each pile; they hold where all of these do."""
    least_found, least_missed = (sum(least for least, _, found in piles if found is which) for which in (True, False))
    most_found, most_missed = (sum(most for _, most, found in piles if found is which) for which in (True, False))
    if not most_found + most_missed:
        return None, None
    lower = least_found / (least_found + most_missed) if least_found + most_missed else 0.0
    upper = most_found / (most_found + least_missed) if most_found + least_missed else 1.0
    return lower, upper
