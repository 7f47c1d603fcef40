"""Bounds of a proportion from a sample in strata with known chances of being drawn. They hold for every sample size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """H strata of a sample. A stratum is drawn from with one known chance for each of its items."""

    totals: Floats
    """[H] items in the sample."""
    n_eff: Floats
    """[H] what they are worth in independent items."""
    shares: Floats
    """[H] part of the population that each stratum is; they add up to 1."""


def stratified_ratio(parts: ArrayLike, rest: ArrayLike, strata: Strata) -> Floats:
    """Weighted part over weighted part and rest (...): the ratio estimator of sum N_h a_h / sum N_h (a_h + c_h).

    parts, rest: (..., H) counts a and c. NaN where nothing is counted. Equals the point of R survey's svyratio, and counting each row
    1 / its chance times.
    """
    weights = strata.shares / strata.totals
    part, other = (np.asarray(x, dtype=np.float64) @ weights for x in (parts, rest))
    return _ratio(part, other)


def stratified_limits(parts: ArrayLike, rest: ArrayLike, strata: Strata, alpha: float, *, whole: bool) -> tuple[Floats, Floats]:
    """Limits (...) of the ratio above, each at confidence 1 - alpha; NaN where nothing is counted.

    Each stratum's share of items that count is bounded by Clopper-Pearson at its n_eff, and the bounds are added up with the strata's
    shares; all hold together with probability 1 - alpha by Bonferroni. `whole` says that part and rest are all items, whatever is drawn:
    then the part alone is bounded, at alpha / H; else part and rest each at alpha / 2H, and lower = L_part / (L_part + U_rest). Exact for
    items drawn alone within a stratum: what may hide in a stratum of which few were drawn counts. Source: the argument of the ladder of
    costs (statistics.md), over strata in place of steps.
    """
    part, other = np.asarray(parts, dtype=np.float64), np.asarray(rest, dtype=np.float64)
    each = alpha / (len(strata.totals) * (1 if whole else 2))
    lower, upper = _added(part, strata, each)
    if not whole:
        rest_lower, rest_upper = _added(other, strata, each)
        lower, upper = _ratio(lower, rest_upper), _ratio(upper, rest_lower)
    some = (part + other).sum(axis=-1) > 0
    return np.where(some, lower, np.nan), np.where(some, np.minimum(upper, 1.0), np.nan)


def _added(counts: Floats, strata: Strata, alpha: float) -> tuple[Floats, Floats]:
    effective = np.where(counts == strata.totals, strata.n_eff, counts / strata.totals * strata.n_eff)
    lower, upper = clopper_pearson_lower(effective, strata.n_eff, alpha), clopper_pearson_upper(effective, strata.n_eff, alpha)
    return lower @ strata.shares, upper @ strata.shares


def _ratio(part: Floats, rest: Floats) -> Floats:
    some = part + rest > 0
    return np.where(some, part / np.where(some, part + rest, 1.0), np.nan)
