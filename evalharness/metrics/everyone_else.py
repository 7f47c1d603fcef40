"""Each group against everyone else, and against everybody: bounds that hold although everybody contains the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.catalogue import Metric
from evalharness.metrics.arrays import Rates, limits, rates_of, sum_of_squares
from evalharness.metrics.counted import everybody, second_of
from evalharness.stats.gaps import difference_of_limits, mover_difference, mover_ratio, ratio_of_limits
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """Rates of groups and of everyone else; arrays (..., G), one value a group."""

    group: Rates
    rest: Rates
    """Everybody but the group."""
    overall: Floats
    """(..., 1) rate of everybody; NaN without a denominator."""
    share: Floats
    """The group's part of everybody's denominator; NaN likewise."""
    spanned: bool
    """Whether some cluster has items in several groups, so that a group and the rest are not independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToOverall:
    """fairlearn's difference, or ratio, with `method="to_overall"`; arrays (...). NaN where there is none."""

    value: Floats
    lower: Floats
    upper: Floats
    farthest: Ints
    """The group that gives the value."""


def against(parts: ArrayLike, totals: ArrayLike, squares: ArrayLike, at: Ints, everyone: int, *, spanned: bool) -> Against:
    """Groups `at` some of the slices (..., S) against the rest of slice `everyone`.

    parts, totals: numerators and denominators; squares: sums over clusters of the square of their part of the denominator. Of the rest
    they are what is left of everybody's. Where clusters span groups the squares of the rest are at most what is left, and at most
    (sum of the roots of the other groups' squares)^2: the smaller of both keeps its effective number from being too large.
    `at` must name disjoint groups that make up everybody.
    """
    x, n, s = (np.asarray(v, dtype=np.float64) for v in (parts, totals, squares))
    group, whole = rates_of(x[..., at], n[..., at], s[..., at]), n[..., [everyone]]
    left = s[..., [everyone]] - s[..., at]
    if spanned:
        roots = np.sqrt(s[..., at])
        left = np.minimum(left, (roots.sum(axis=-1, keepdims=True) - roots) ** 2)
    rest = rates_of(x[..., [everyone]] - x[..., at], whole - n[..., at], left)
    some = whole > 0
    size = np.where(some, whole, 1.0)
    return Against(
        group=group,
        rest=rest,
        overall=np.where(some, x[..., [everyone]] / size, np.nan),
        share=np.where(some, n[..., at] / size, np.nan),
        spanned=spanned,
    )


def against_everyone_else(tally: ConfusionTally, subset: tuple[str, ...], metrics: Sequence[Metric], *, spanned: bool) -> Against:
    """(Q, G) for Q metrics and all G groups of the subset, in the order of the tally. Raises KeyError for a subset that is not counted."""
    denominators = np.array([metric.denominator for metric in metrics], dtype=np.float64)
    counts, second = tally.counts.astype(np.float64), second_of(tally)
    totals = counts @ denominators.T
    squares = totals if second is None else sum_of_squares(second, denominators)
    parts = counts @ np.array([metric.numerator for metric in metrics], dtype=np.float64).T
    return against(parts.T, totals.T, squares.T, tally.slices.positions(subset), everybody(tally), spanned=spanned)


def kept(of: Against, at: Sequence[int]) -> Against:
    """Only the groups at these positions; the rest of each is still everyone else."""
    take = list(at)
    return Against(
        group=_at(of.group, take), rest=_at(of.rest, take), overall=of.overall, share=of.share[..., take], spanned=of.spanned
    )  # fmt: skip


def differences_from_rest(of: Against, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Limits (..., G) of group - rest, each at `alpha` (broadcasts over (..., G)); NaN where either has no denominator."""
    if of.spanned:
        return difference_of_limits(*limits(of.group, alpha), *limits(of.rest, alpha))
    return mover_difference(of.group.value, *limits(of.group, alpha), of.rest.value, *limits(of.rest, alpha))


def differences_to_overall(of: Against, alpha: float) -> ToOverall:
    """max over groups of |p_g - p| with p the rate of everybody, given the groups' parts of the denominator.

    p_g - p = (1 - w) (p_g - p_rest) with w the group's part: the limits of the difference between the group and the rest, shrunk. Upper:
    the largest over the groups, each side at `alpha` (intersection-union). Lower: Holm's first step over both sides of every group; of two
    groups the one's difference is the other's, so there are two sides in all.
    """
    usable = _usable(of)
    outside = 1.0 - of.share
    low, high = differences_from_rest(of, alpha)
    bound = outside * np.maximum(high, -low)
    low, high = differences_from_rest(of, _stricter(of, usable, alpha))
    contrary = outside * np.maximum(low, -high)
    gap = np.abs(of.group.value - of.overall)
    complete = _complete(usable)
    return ToOverall(
        value=np.where(complete, _over(gap, usable, largest=True), np.nan),
        lower=np.where(usable.any(axis=-1), np.maximum(_over(contrary, usable, largest=True), 0.0), np.nan),
        upper=np.where(complete, np.minimum(_over(bound, usable, largest=True), 1.0), np.nan),
        farthest=np.asarray(np.where(usable, gap, -np.inf).argmax(axis=-1), dtype=np.int64),
    )


def ratios_to_overall(of: Against, alpha: float) -> ToOverall:
    """min over groups of the smaller of p_g / p and p / p_g, given the groups' parts of the denominator.

    p / p_g = w + (1 - w) p_rest / p_g: limits follow from those of the ratio of the rest to the group. Lower: the smallest over the groups,
    each side at `alpha`; none where a group's lower limit is 0. Upper: Holm's first step, as for the difference.
    """
    usable = _usable(of)
    low, high = _rest_over_group(of, alpha)
    bound = np.minimum(np.where(np.isinf(high), np.nan, _inverse(high)), low)
    low, high = _rest_over_group(of, _stricter(of, usable, alpha))
    contrary = np.minimum(_inverse(low), high)
    some = of.overall > 0
    share = np.where(some, of.group.value / np.where(some, of.overall, 1.0), np.nan)
    closeness = np.where(share > 1, 1.0 / np.where(share > 1, share, 1.0), share)
    complete = _complete(usable)
    return ToOverall(
        value=np.where(complete & some[..., 0], _over(closeness, usable, largest=False), np.nan),
        lower=np.where(complete, _over(np.where(np.isnan(bound), -np.inf, bound), usable, largest=False), np.nan),
        upper=np.where(usable.any(axis=-1), np.minimum(_over(contrary, usable, largest=False), 1.0), np.nan),
        farthest=np.asarray(np.where(usable & ~np.isnan(closeness), closeness, np.inf).argmin(axis=-1), dtype=np.int64),
    )


def _rest_over_group(of: Against, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Limits of p / p_g = w + (1 - w) p_rest / p_g; w and infinite where the ratio has no bound."""
    group, rest = limits(of.group, alpha), limits(of.rest, alpha)
    low, high = ratio_of_limits(*rest, *group) if of.spanned else mover_ratio(of.rest.value, *rest, of.group.value, *group)
    outside = 1.0 - of.share
    return of.share + outside * np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, of.share + outside * high)


def _inverse(x: Floats) -> Floats:
    return np.where(x > 0, 1.0 / np.where(x > 0, x, 1.0), np.inf)


def _usable(of: Against) -> NDArray[np.bool_]:
    return np.asarray(of.group.defined & of.rest.defined)


def _complete(usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(usable.all(axis=-1) & (usable.sum(axis=-1) >= 2))


def _stricter(of: Against, usable: NDArray[np.bool_], alpha: float) -> Floats:
    """(..., 1): alpha over the sides that are looked at; of two groups that make up everybody one is the other's rest."""
    groups = usable.sum(axis=-1, keepdims=True)
    together = np.where(usable, of.group.total, 0.0).sum(axis=-1, keepdims=True)
    whole = np.where(usable, of.group.total + of.rest.total, 0.0).max(axis=-1, keepdims=True)
    sides = np.where((groups == 2) & (together == whole), 2, np.maximum(2 * groups, 1))
    return np.asarray(alpha / sides)


def _over(values: Floats, usable: NDArray[np.bool_], *, largest: bool) -> Floats:
    """The largest, or smallest, over the groups; NaN where there is none, or it has no limit."""
    sign = 1.0 if largest else -1.0
    found = sign * np.where(usable, sign * values, -np.inf).max(axis=-1)
    return np.where(np.isfinite(found), found, np.nan)


def _at(of: Rates, take: list[int]) -> Rates:
    return of.each(lambda array: array[..., take])
