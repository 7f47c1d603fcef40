"""Counts to bounds, vectorised over any leading axes: the evaluation and the seeded simulations of its error rate run through here.

Shapes: counts (..., O) in the order of the task's outcomes; second (..., O, O) = sum over clusters of outer(n_c, n_c), or None where items
are independent (then it is diag(counts)); Q rates; G groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.metrics.limits_asked import limits_asked
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.gap_rules import ADMISSIBLE, GapRule, Three, greatest_difference, least_ratio, smallest_ratio
from evalharness.stats.gaps import difference_of_limits, mover_difference, mover_ratio, ratio_of_limits
from evalharness.stats.ladder import cost_ladder, steps
from evalharness.stats.uneven import Uneven, one_more_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Proportions with what their bounds need; every array has the same shape."""

    value: Floats
    """Numerator over denominator; NaN where the denominator is 0."""
    total: Floats
    """Items in the denominator."""
    n_eff: Floats
    """Kish's effective number of independent items in the denominator."""
    successes: Floats
    """value x n_eff: the real-valued count that is bounded."""
    uneven: Uneven | None = None
    """What their clusters are like, where limits shall hold also if large ones are missed more often; None: Kish's number is enough."""

    @property
    def defined(self) -> NDArray[np.bool_]:
        """Where there is a denominator."""
        return self.total > 0

    def take(self, index: int | list[int]) -> Rates:
        """The rates at `index` of the first axis."""
        return self.each(lambda array: array[index])

    def each(self, change: Callable[[Floats], Floats]) -> Rates:
        """The rates after the same change of shape, or the same choice, in every array."""
        sizes = self.uneven
        return Rates(
            value=change(self.value),
            total=change(self.total),
            n_eff=change(self.n_eff),
            successes=change(self.successes),
            uneven=None if sizes is None else Uneven(hits=change(sizes.hits), misses=change(sizes.misses), one_more=change(sizes.one_more)),
        )

    @property
    def plain(self) -> Rates:
        """The rates with limits by Kish's number alone."""
        return replace(self, uneven=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Largest difference, or smallest ratio, between groups; leading axes as in the rates."""

    value: Floats
    """max - min, or min / max; NaN where a group has no denominator, or every rate is 0 (ratio)."""
    lower: Floats
    upper: Floats
    deciding: Ints
    """(..., 2): the ordered pair of groups whose bound decides that the goal is met."""
    contrary: Ints
    """(..., 2): the ordered pair whose bound would show that it is not met."""
    complete: NDArray[np.bool_]
    """Whether there are two groups at least and each has a denominator."""
    pairs: Ints
    """Ordered pairs of groups that have a denominator: Holm's first step divides alpha by it."""


def rates(  # noqa: PLR0917  counts, weights, and what clusters are like
    counts: ArrayLike,
    second: ArrayLike | None,
    numerators: ArrayLike,
    denominators: ArrayLike,
    clusters: ArrayLike | None = None,
    one_more: ArrayLike | None = None,
) -> Rates:
    """Rates (..., Q) of the weights (Q, O), with Kish's effective denominators P^2 / (d' M d).

    clusters: (..., Q) with an item in each denominator; where they are given, and items are not independent, limits hold also if large
    clusters are missed more often than small ones. one_more: (..., Q) items that one more cluster has at least.
    """
    numbers = np.asarray(counts, dtype=np.float64)
    part, whole = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    x, total = numbers @ part.T, numbers @ whole.T
    if second is None:
        return rates_of(x, total, total)
    squares = sum_of_squares(second, whole)
    of = rates_of(x, total, squares)
    if clusters is None:
        return of
    some = squares > 0
    scale = np.where(some, total / np.where(some, squares, 1.0), 0.0) ** 2
    hits, misses = (sum_of_squares(second, weights) * scale for weights in (part, whole - part))
    more = one_more_of(clusters, of.n_eff)
    if one_more is not None:
        more = np.maximum(more, np.asarray(one_more, dtype=np.float64) * np.sqrt(scale))
    return replace(of, uneven=Uneven(hits=hits, misses=misses, one_more=more))


def rates_of(part: Floats, total: Floats, squares: Floats) -> Rates:
    """Rates of one shape from numerators, denominators and the sums over clusters of the square of their part of the denominator."""
    some = total > 0
    return Rates(
        value=np.where(some, part / np.where(some, total, 1.0), np.nan),
        total=total,
        n_eff=kish_n_eff(total, squares),
        successes=_effective_part(part, total, squares),
    )


def _effective_part(part: Floats, total: Floats, squares: Floats) -> Floats:
    """part / total x n_eff, written so that a part equal to the total gives n_eff itself, bit for bit."""
    some = squares > 0
    return np.where(some, part * total / np.where(some, squares, 1.0), 0.0)


def sum_of_squares(second: ArrayLike, denominators: ArrayLike) -> Floats:
    """(..., Q): d' M d, the sum over clusters of the square of their part of each denominator (Q, O)."""
    weights = np.asarray(denominators, dtype=np.float64)
    squares: Floats = np.einsum("...iq,qi->...q", np.asarray(second, dtype=np.float64) @ weights.T, weights)
    return squares


def limits(of: Rates, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """One-sided Clopper-Pearson bounds of each rate, each at confidence 1 - alpha; `alpha` broadcasts. Wider if `uneven` is known."""
    return limits_asked(of.successes, of.n_eff, of.uneven, alpha)


def differences(of: Rates, alpha: float, families: ArrayLike | None = None, *, spanned: bool = False, rule: GapRule = ADMISSIBLE) -> Gaps:
    """Bounds of max - min over the last axis (G groups) of the rates.

    Upper: the largest upper bound by `rule` over all ordered pairs, each at `alpha` (an intersection-union test needs no correction).
    Lower: Holm's first step, the largest MOVER lower bound at alpha / m, never below 0; m = ordered pairs of groups with a denominator,
    or `families` (...) where several gaps are judged together. MOVER takes the groups as independent; where a cluster has items in
    several of them (`spanned`) they are not, and the difference of the limits themselves takes its place.
    """
    pairs = _ordered_pairs(of)
    family = pairs if families is None else np.asarray(families, dtype=np.int64)
    upper = greatest_difference(*_sides(of, rule.alphas(alpha, spanned=spanned)), spanned=spanned)
    lower, _ = _pair_differences(of, alpha / np.maximum(family, 1)[..., None], spanned)
    highest, deciding = _extreme(upper, of, largest=True)
    lowest, contrary = _extreme(lower, of, largest=True)
    complete = of.defined.all(axis=-1) & (pairs > 0)
    return Gaps(
        value=np.where(
            complete, np.where(of.defined, of.value, -np.inf).max(axis=-1) - np.where(of.defined, of.value, np.inf).min(axis=-1), np.nan
        ),
        lower=np.maximum(lowest, 0.0),
        upper=np.where(complete, np.minimum(highest, 1.0), np.nan),
        deciding=deciding,
        contrary=contrary,
        complete=complete,
        pairs=pairs,
    )


def ratios(of: Rates, alpha: float, families: ArrayLike | None = None, *, spanned: bool = False, rule: GapRule = ADMISSIBLE) -> Gaps:
    """Bounds of min / max over the last axis (G groups) of the rates.

    Lower: the smallest lower bound by `rule` over all ordered pairs at `alpha`; NaN where a pair has none (a rate whose lower limit is 0).
    Upper: Holm's first step, the smallest MOVER upper bound at alpha / m, never above 1; NaN where no pair has one.
    Where clusters are `spanned`: the ratio of the limits themselves, as in `differences`.
    """
    pairs = _ordered_pairs(of)
    family = pairs if families is None else np.asarray(families, dtype=np.int64)
    lower = least_ratio(*_sides(of, rule.alphas(alpha, spanned=spanned)), spanned=spanned)
    _, upper = _pair_ratios(of, alpha / np.maximum(family, 1)[..., None], spanned)
    lowest, deciding = _extreme(lower, of, largest=False, unbounded=-np.inf)
    least, contrary = _extreme(upper, of, largest=False)
    complete = of.defined.all(axis=-1) & (pairs > 0)
    high = np.where(of.defined, of.value, -np.inf).max(axis=-1)
    low = np.where(of.defined, of.value, np.inf).min(axis=-1)
    computable = complete & (high > 0)
    return Gaps(
        value=np.where(computable, low / np.where(computable, high, 1.0), np.nan),
        lower=np.where(complete, _finite(lowest), np.nan),
        upper=np.minimum(_finite(least), 1.0),
        deciding=deciding,
        contrary=contrary,
        complete=complete,
        pairs=pairs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How far rates and their limits reach over several ways of counting the same items; arrays (..., G), NaN where a way has no limit."""

    least: Floats
    """Smallest value."""
    greatest: Floats
    """Largest value."""
    below: Floats
    """Largest distance of the lower limit from its value."""
    above: Floats
    """Largest distance of the upper limit from its value."""
    share_below: Floats
    """`below` as a share of its value; NaN where a value is 0."""
    share_above: Floats
    """`above` as a share of its value; NaN where a value is 0."""
    guards: tuple[tuple[Floats, Floats], ...]
    """Smallest lower and largest upper limit in each direction of the rule."""


def envelope(ways: Sequence[Rates], alpha: float, rule: GapRule = ADMISSIBLE) -> Envelope:
    """What several ways of counting independent items have in common: each extreme is taken over all of them, on its own."""
    bounds, *guards = ([limits(of, at) for of in ways] for at in rule.alphas(alpha))
    below = [of.value - lower for of, (lower, _) in zip(ways, bounds, strict=True)]
    above = [upper - of.value for of, (_, upper) in zip(ways, bounds, strict=True)]
    values = [np.where(of.value > 0, of.value, np.nan) for of in ways]
    return Envelope(
        least=np.minimum.reduce([of.value for of in ways]),
        greatest=np.maximum.reduce([of.value for of in ways]),
        below=np.maximum.reduce(below),
        above=np.maximum.reduce(above),
        share_below=np.maximum.reduce([x / v for x, v in zip(below, values, strict=True)]),
        share_above=np.maximum.reduce([x / v for x, v in zip(above, values, strict=True)]),
        guards=tuple((np.minimum.reduce([low for low, _ in at]), np.maximum.reduce([high for _, high in at])) for at in guards),
    )


def worst_difference(of: Rates, ways: Envelope) -> Floats:
    """At least the upper bound of max - min whichever way each group is counted; NaN where a group has no denominator.

    MOVER's upper bound is (p1 - p2) + hypot(u1 - p1, p2 - l2): each of its four parts is taken at its own worst. (Wider limits around
    the present values would not do: by the triangle inequality they fall short of the bound at the shifted values.)
    """
    high, low = ways.greatest, ways.least
    sides = (low, low - ways.below, low), (high, high, high + ways.above)
    _, bound = mover_difference(*(v[..., :, None] for v in sides[1]), *(v[..., None, :] for v in sides[0]))
    for (_, upper), (lower, _) in zip(ways.guards, reversed(ways.guards), strict=True):
        bound = np.maximum(bound, upper[..., :, None] - lower[..., None, :])
    highest, _ = _extreme(bound, of, largest=True, unbounded=np.inf)
    return np.where(of.defined.all(axis=-1) & np.isfinite(highest), np.minimum(highest, 1.0), np.nan)


def worst_ratio(of: Rates, ways: Envelope) -> Floats:
    """At most the lower bound of min / max whichever way each group is counted; NaN where there is none.

    MOVER's lower bound of x / y is x / y over a function that rises with (x - x_l) / x and (y_u - y) / y: each is taken at its worst.
    """
    high, low = ways.greatest, ways.least
    sides = (low, low * (1 - ways.share_below), low), (high, high, high * (1 + ways.share_above))
    bound, _ = mover_ratio(*(v[..., :, None] for v in sides[0]), *(v[..., None, :] for v in sides[1]))
    for (lower, _), (_, upper) in zip(ways.guards, reversed(ways.guards), strict=True):
        bound = np.minimum(bound, smallest_ratio(lower[..., :, None], upper[..., None, :]))
    lowest, _ = _extreme(bound, of, largest=False, unbounded=-np.inf)
    return np.where(of.defined.all(axis=-1), _finite(lowest), np.nan)


def farthest_difference(of: Rates, lower: Floats, upper: Floats, alpha: float, *, spanned: bool, rule: GapRule = ADMISSIBLE) -> Floats:
    """At least the upper bound of max - min while each group's limits stay within `lower` and `upper` (..., G): the largest u1 - l2.

    The limits are those at the first of `rule.alphas`. MOVER's hypot(u1 - p1, p2 - l2) never exceeds (u1 - p1) + (p2 - l2), and the limits
    in every direction of the rule are closer, so this holds for whatever rates lie behind the limits. A pair of groups whose own limits are
    these keeps its own bound.
    """
    alphas = rule.alphas(alpha, spanned=spanned)
    own = greatest_difference(*_sides(of, alphas), spanned=spanned)
    _, far = difference_of_limits(*_four(lower, upper))
    bound = np.where(_unmoved(of, lower, upper, alphas[0]), own, far)
    highest, _ = _extreme(bound, of, largest=True, unbounded=np.inf)
    return np.where(of.defined.all(axis=-1) & np.isfinite(highest), np.minimum(highest, 1.0), np.nan)


def farthest_ratio(of: Rates, lower: Floats, upper: Floats, alpha: float, *, spanned: bool, rule: GapRule = ADMISSIBLE) -> Floats:
    """At most the lower bound of min / max while each group's limits stay within `lower` and `upper`: the smallest l_x / u_y."""
    alphas = rule.alphas(alpha, spanned=spanned)
    own = least_ratio(*_sides(of, alphas), spanned=spanned)
    far, _ = ratio_of_limits(*_four(lower, upper))
    bound = np.where(_unmoved(of, lower, upper, alphas[0]), own, far)
    lowest, _ = _extreme(bound, of, largest=False, unbounded=-np.inf)
    return np.where(of.defined.all(axis=-1), _finite(lowest), np.nan)


def costs(counts: ArrayLike, second: ArrayLike | None, cost_of_outcome: ArrayLike, alpha: float) -> tuple[Floats, Floats, Floats]:
    """Mean cost an item with its ladder bounds, each at 1 - alpha and at Kish's n_eff of all items; see `stats.ladder.cost_ladder`."""
    everything = np.ones((1, len(np.asarray(cost_of_outcome))))
    of = rates(counts, second, everything, everything)
    return cost_ladder(cost_of_outcome, counts, of.n_eff[..., 0], alpha)


def costs_by_size(
    counts: ArrayLike, second: ArrayLike, cost_of_outcome: ArrayLike, alpha: float, clusters: ArrayLike
) -> tuple[Floats, Floats]:  # fmt: skip
    """Ladder bounds (...) that hold also if large clusters cost more: each rise by the limits of an uneven share. clusters: (...)."""
    base, rises, reached = steps(cost_of_outcome)
    whole = np.ones((len(rises), len(np.asarray(cost_of_outcome))))
    every = np.broadcast_to(np.asarray(clusters)[..., None], (*np.shape(clusters), len(rises)))
    lower, upper = limits(rates(counts, second, reached.astype(np.float64), whole, every), alpha / max(len(rises), 1))
    return base + lower @ rises, base + upper @ rises


def _ordered_pairs(of: Rates) -> Ints:
    groups = of.defined.sum(axis=-1)
    return np.asarray(groups * (groups - 1), dtype=np.int64)


def _paired(of: Rates, alpha: ArrayLike) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """(value, lower, upper) of the first group (..., G, 1) and of the second (..., 1, G)."""
    three = (of.value, *limits(of, alpha))
    a, b, c = (v[..., :, None] for v in three)
    d, e, f = (v[..., None, :] for v in three)
    return a, b, c, d, e, f


def _sides(of: Rates, alphas: Sequence[float]) -> tuple[list[Three], list[Three]]:
    """(value, lower, upper) of the first group (..., G, 1) at each alpha, then of the second (..., 1, G)."""
    six = [_paired(of, alpha) for alpha in alphas]
    return [(a, b, c) for a, b, c, *_ in six], [(d, e, f) for *_, d, e, f in six]


def _pair_differences(of: Rates, alpha: ArrayLike, spanned: bool) -> tuple[Floats, Floats]:
    return difference_of_limits(*_four(*limits(of, alpha))) if spanned else mover_difference(*_paired(of, alpha))


def _pair_ratios(of: Rates, alpha: ArrayLike, spanned: bool) -> tuple[Floats, Floats]:
    return ratio_of_limits(*_four(*limits(of, alpha))) if spanned else mover_ratio(*_paired(of, alpha))


def _unmoved(of: Rates, lower: Floats, upper: Floats, alpha: float) -> NDArray[np.bool_]:
    """(..., G, G): pairs of groups whose limits are exactly `lower` and `upper`."""
    own_lower, own_upper = limits(of, alpha)
    same = (own_lower == lower) & (own_upper == upper)
    return np.asarray(same[..., :, None] & same[..., None, :])


def _four(lower: Floats, upper: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(lower, upper) of the first group (..., G, 1) and of the second (..., 1, G)."""
    return lower[..., :, None], upper[..., :, None], lower[..., None, :], upper[..., None, :]


def _extreme(bound: Floats, of: Rates, *, largest: bool, unbounded: float | None = None) -> tuple[Floats, Ints]:
    """Largest (or smallest) bound over ordered pairs of groups with a denominator, and which pair it is (the first of equals).

    A pair without a bound is passed over, or counts as `unbounded`. NaN where no pair is left.
    """
    size = bound.shape[-1]
    sign = 1.0 if largest else -1.0
    usable = of.defined[..., :, None] & of.defined[..., None, :] & ~np.eye(size, dtype=bool)
    filled = np.where(np.isnan(bound), -sign * np.inf if unbounded is None else unbounded, bound)
    signed = np.where(usable, sign * filled, -np.inf).reshape(*bound.shape[:-2], size * size)
    at = signed.argmax(axis=-1)
    best = np.take_along_axis(signed, at[..., None], axis=-1)[..., 0]
    any_pair = usable.any(axis=(-2, -1))
    return np.where(any_pair, sign * best, np.nan), np.stack(np.divmod(at, size), axis=-1)


def _finite(bound: Floats) -> Floats:
    return np.where(np.isfinite(bound), bound, np.nan)
