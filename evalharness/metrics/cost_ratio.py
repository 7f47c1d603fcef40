"""Which of several models costs least, by what one miss is worth in false alarms: exact from counts, and with a bound where there is one.

A model costs r x misses + false alarms, in units of one false alarm; r is the ratio. That is a line in r for each model, so each is the
cheapest over one range of ratios, or nowhere. An item without an answer is an error of the kind that its truth allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from evalharness.catalogue import COMPARED, wrong_weights
from evalharness.metrics import methods
from evalharness.metrics.arrays import rates
from evalharness.metrics.paired import Asked
from evalharness.metrics.paired_describing import is_kind
from evalharness.records.cost_ratio import CostPair, CostRange, CostRatio, Errors, Ratios
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.rounding import outward
from evalharness.stats.uneven import Uneven, limits_by_size, one_more_of
from evalharness.tally import ConfusionTally
from evalharness.tally.paired import KINDS, PairedTally

_BOUNDS = 4
"""Shares that are bounded together: lost and gained of both kinds of errors."""
_NO_BOUND = "only a challenger and the incumbent have been counted item by item"
_NO_COMMON = "the two kinds of errors are not shares of the same items, so no admissible bound is known"


def cost_ratio(own: Mapping[str, ConfusionTally], paired: Mapping[str, PairedTally], asked: Asked) -> CostRatio | None:
    """For everybody. own: by model, the incumbent first; paired: by challenger. Null where the task has no two such kinds of errors."""
    of = next(iter(own.values())).of
    names = COMPARED[of.task].errors
    if names is None:
        return None
    errors = tuple(_errors(name, tally, names) for name, tally in own.items())
    incumbent = next(iter(own))
    pairs = tuple(
        _pair(one, other, paired.get(other.model) if one.model == incumbent else None, asked) for one, other in combinations(errors, 2)
    )
    return CostRatio(metrics=names, errors=errors, ranges=tuple(cheapest(errors)), pairs=pairs)


def _errors(name: str, tally: ConfusionTally, metrics: tuple[str, str]) -> Errors:
    missed, alarms = (int(tally.counts[0] @ np.array(wrong_weights(metric, tally.of))) for metric in metrics)
    return Errors(model=name, missed=missed, false_alarms=alarms)


def cheapest(errors: Sequence[Errors]) -> Iterator[CostRange]:
    """The models that cost least, over every ratio above 0 from the smallest on. Between two neighbouring ranges the costs are equal."""
    ends = {Fraction(b.false_alarms - a.false_alarms, a.missed - b.missed) for a, b in combinations(errors, 2) if a.missed != b.missed}
    edges = [Fraction(0), *sorted(end for end in ends if end > 0)]
    found: list[tuple[Fraction, tuple[str, ...]]] = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        inside = (low + high) / 2 if high is not None else low + 1
        costs = {e.model: inside * e.missed + e.false_alarms for e in errors}
        best = tuple(model for model, cost in costs.items() if cost == min(costs.values()))
        if not found or found[-1][1] != best:
            found.append((low, best))
    for (low, models), after in zip(found, [*(edge for edge, _ in found[1:]), None], strict=True):
        yield CostRange(ratios=(outward(float(low)), None if after is None else outward(float(after))), models=models)


def _pair(one: Errors, other: Errors, tally: PairedTally | None, asked: Asked) -> CostPair:
    """`one` is the incumbent where there is a tally."""
    missed, alarms = one.missed - other.missed, one.false_alarms - other.false_alarms
    nothing = CostPair(
        one=one.model,
        other=other.model,
        one_cheaper=_below_zero(missed, alarms),
        other_cheaper=_below_zero(-missed, -alarms),
        reason=_NO_BOUND,
    )
    return nothing if tally is None else _shown(nothing, tally, asked)


def _shown(pair: CostPair, tally: PairedTally, asked: Asked) -> CostPair:
    """With the ranges that bounds show: r x (share lost less share gained) of the misses + that of the false alarms, below 0 at its bound.

    Every item is in all four shares' denominator, and each has a Clopper-Pearson bound at a quarter of alpha that does not depend on r, so
    the statement holds for all ratios of a range at once. Source: Bonferroni's inequality over four exact bounds.
    """
    compared = next(c for c in COMPARED.values() if set(tally.metrics) <= set(c.paired))
    if not compared.over_all or compared.errors is None:
        return replace(pair, reason=_NO_COMMON)
    everything = tally.metrics.index(compared.over_all)
    second = tally.second[0, everything] if tally.clustered else None
    whole = rates(tally.counts[0, everything], second, [is_kind(*KINDS)], [is_kind(*KINDS)]).take(0)
    if not whole.total > 0:
        return replace(pair, reason="there is no item to compare on")
    level = asked.level_of(pair.other)
    alpha, size, n_eff = methods.alpha_of(level) / _BOUNDS, float(whole.total), float(whole.n_eff)
    places = [tally.metrics.index(metric) for metric in compared.errors]
    one_more = one_more_of(tally.clusters[0, everything], n_eff)

    def bounds(counted: tuple[str, ...]) -> list[tuple[float, float]]:
        found = []
        for place in places:
            kinds = is_kind(*counted)
            part = float(tally.counts[0, place] @ kinds) / size * n_eff
            if second is None:
                lower, upper = clopper_pearson_lower(part, n_eff, alpha), clopper_pearson_upper(part, n_eff, alpha)
            else:  # of what is not counted no squares are known: those of everything are no smaller
                hits = float(kinds @ tally.second[0, place] @ kinds) * (n_eff / size) ** 2
                uneven = Uneven(hits=np.array(hits), misses=np.array(n_eff), one_more=one_more)
                lower, upper = limits_by_size(part, n_eff, uneven, alpha)
            found.append((float(lower), float(upper)))
        return found

    lost, may_be_lost, gained = bounds(("only_incumbent",)), bounds(("only_incumbent", "unknown")), bounds(("only_challenger",))
    of_challenger = [high - low for (_, high), (low, _) in zip(may_be_lost, gained, strict=True)]
    of_incumbent = [high - low for (_, high), (low, _) in zip(gained, lost, strict=True)]
    kish = methods.kish(tally.clustered)
    return replace(
        pair,
        one_shown=_below_zero(*of_incumbent, inward=True),
        other_shown=_below_zero(*of_challenger, inward=True),
        level=level,
        method=f"cost-of-discordants(clopper-pearson of {_BOUNDS} shares, alpha={methods.alpha_of(level)!r}/{_BOUNDS}{kish})",
        reason="",
    )


def _below_zero(slope: float, at_zero: float, *, inward: bool = False) -> Ratios | None:
    """The ratios r above 0 where slope x r + at_zero is below 0. inward: a range that is never told wider than it is."""
    if slope >= 0 and at_zero >= 0:
        return None
    if slope <= 0 and at_zero <= 0:
        return 0.0, None
    edge = -at_zero / slope
    rounded = outward(edge, direction=("up" if slope < 0 else "down")) if inward else outward(edge)
    return (rounded, None) if slope < 0 else (0.0, rounded)
