"""Beside every comparison of groups: what it could show at all, and how far the groups are from everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import NOTIONS, Metric
from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates
from evalharness.metrics.everyone_else import Against, ToOverall, against_everyone_else, differences_to_overall, kept, ratios_to_overall
from evalharness.metrics.gaps import gap_metrics, shares_clusters
from evalharness.records import Group, Question
from evalharness.records.condition import AS_IT_STANDS
from evalharness.records.group_context import Bounded, GapContext
from evalharness.stats.gap_sizes import detectable_gap, least_p, noise_floor
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]

_DIGITS, _DIGITS_OF_BOUNDS = 4, 6
"""Significant digits of what is only meant for reading; of what decides nothing."""


def gap_contexts(
    tally: ConfusionTally, subsets: Iterable[tuple[str, ...]], questions: Sequence[Question], level: float
) -> Iterator[GapContext]:
    """Every gap metric between the groups of each attribute, and of intersections those that questions or named notions are about; then the
    gaps that questions ask for with groups left out."""
    asked = {part for parts in NOTIONS.values() for part in parts} | {question.metric for question in questions}
    for subset in subsets:
        chosen = [metric for metric in gap_metrics(tally.of) if len(subset) == 1 or metric.name in asked]
        yield from _contexts(tally, subset, chosen, level)
    seen: set[tuple[str, tuple[str, ...], tuple[Group, ...]]] = set()
    for question in questions:
        key = question.metric, question.between, question.excluded
        metric = tally.of.metrics.get(question.metric)
        if question.between and question.excluded and question.on == AS_IT_STANDS and metric is not None and key not in seen:
            seen.add(key)
            subset = tuple(attribute for attribute in tally.slices.attributes if attribute in question.between)
            yield from _contexts(tally, subset, (metric,), level, question.excluded)


def methods_in_words(level: float, clustered: bool) -> dict[str, str]:
    """How the numbers are made, with all parameters."""
    alpha = methods.alpha_of(level)
    kish = ", n_eff=kish" if clustered else ""
    bound = f"clopper-pearson one-sided, alpha={alpha!r}{kish}"
    return {
        "noise_floor": f"E(max - min) of independent binomials at the pooled rate{kish}; midpoint rule, 64 points",
        "detectable": f"power .8, normal around the true gap, of the lower bound of a difference ({bound}/ordered pairs)",
        "least_p": "alpha at which all of one group and none of the other would just be told apart, x ordered pairs",
        "to_overall": f"mover of the group and everyone else, x their part ({bound}; contrary: holm first step over both sides of every "
        "group), given the groups' parts of the denominator; where clusters span groups difference-of-limits, ratio-of-limits",
    }


def _contexts(
    tally: ConfusionTally, subset: tuple[str, ...], metrics: Sequence[Metric], level: float, excluded: tuple[Group, ...] = ()
) -> Iterator[GapContext]:
    groups = [tally.slices.groups[p] for p in tally.slices.positions(subset)]
    left_out = {tuple(sorted(group)) for group in excluded}
    take = [at for at, group in enumerate(groups) if group not in left_out]
    if len(take) < 2 or not metrics:
        return
    of = kept(against_everyone_else(tally, subset, metrics, spanned=shares_clusters(tally, subset)), take)
    alpha = methods.alpha_of(level)
    difference, ratio = differences_to_overall(of, alpha), ratios_to_overall(of, alpha)
    floor, seen, seen_smallest, p = _could_show(of, alpha)
    for row, metric in enumerate(metrics):
        yield GapContext(
            metric=metric.name,
            between=subset,
            excluded=excluded,
            noise_floor=_number(floor[row]),
            detectable=_number(seen[row], up=True),
            detectable_smallest=_number(seen_smallest[row], up=True),
            least_p=_number(p[row], up=True),
            difference_to_overall=_bounded(difference, row),
            ratio_to_overall=_bounded(ratio, row),
            farthest=None if np.isnan(difference.value[row]) else groups[take[int(difference.farthest[row])]],
        )


def _could_show(of: Against, alpha: float) -> tuple[Floats, Floats, Floats, Floats]:
    """(Q,) noise floor, smallest detectable gap of the two largest and of the two smallest groups, least p.

    A metric and its complement have the same: each is reckoned once.
    """
    rate = _together(of.group)
    alike = np.round(np.concatenate([np.fmin(rate, 1 - rate)[:, None], of.group.n_eff], axis=-1), 12)
    once, back = np.unique(np.where(np.isnan(alike), -1.0, alike), axis=0, return_inverse=True)
    least = np.where(once[:, 0] < 0, np.nan, once[:, 0])
    sizes = once[:, 1:]
    many = (sizes > 0).sum(axis=-1)
    pairs = np.maximum(many * (many - 1), 1)
    descending = -np.sort(-sizes, axis=-1)
    last = np.maximum(many - 1, 1)[:, None]
    apart, other = (
        np.stack([descending[:, at], np.take_along_axis(descending, last - 1 + at, axis=-1)[:, 0]]) for at in (1, 0)
    )  # (2, rows): of the two largest groups, and of the two smallest
    seen = detectable_gap(least, apart, other, alpha / pairs, spanned=of.spanned)
    p = np.minimum(least_p(apart[0], other[0], spanned=of.spanned) * pairs, 1.0)
    found = (noise_floor(least, sizes), seen[0], seen[1], p)
    floor, largest, smallest, least_of = (numbers[back.reshape(-1)] for numbers in found)
    return floor, largest, smallest, least_of


def _together(of: Rates) -> Floats:
    """(Q,) rate of all the groups; NaN without a denominator."""
    total = of.total.sum(axis=-1)
    parts = np.where(of.defined, of.value * of.total, 0.0).sum(axis=-1)
    return np.where(total > 0, parts / np.where(total > 0, total, 1.0), np.nan)


def _bounded(of: ToOverall, row: int) -> Bounded:
    value, lower, upper = (float(numbers[row]) for numbers in (of.value, of.lower, of.upper))
    return (
        None if np.isnan(value) else outward(value),
        None if np.isnan(lower) else outward(lower, _DIGITS_OF_BOUNDS, "down"),
        None if np.isnan(upper) else outward(upper, _DIGITS_OF_BOUNDS, "up"),
    )


def _number(x: float, *, up: bool = False) -> float | None:
    return None if np.isnan(x) else outward(float(x), _DIGITS, "up" if up else "nearest")
