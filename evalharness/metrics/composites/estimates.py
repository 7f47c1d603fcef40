"""Slices of a tally to estimates of the describing metrics, vectorised over slices: a value, and an interval where one may be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from evalharness.catalogue import TaskMetrics, Weights
from evalharness.metrics import methods
from evalharness.metrics.composites.binary import BINARY_COMPOSITES
from evalharness.metrics.composites.composite import Composite
from evalharness.metrics.composites.ordinal import ordinal_composites
from evalharness.metrics.counted import Ints, clusters_of, everything, second_of
from evalharness.metrics.shares import none_of
from evalharness.metrics.weighted import weighted_counts
from evalharness.records import Estimate, Group
from evalharness.stats.clusters import kish_n_eff, linearised_variance
from evalharness.stats.rounding import outward
from evalharness.stats.transformed import FEWEST_UNITS, transformed_limits
from evalharness.tally import ConfusionTally


def composites_of(of: TaskMetrics) -> tuple[Composite, ...]:
    """The describing composites that the task has, in order."""
    known = ordinal_composites(len(of.levels)) if of.ordinal else BINARY_COMPOSITES
    return tuple(composite for composite in known if composite.name in of.metrics)


def composite_estimates(tally: ConfusionTally, level: float, *, by_side: bool = True) -> Iterator[tuple[Estimate, ...]]:
    """For each slice, in order, the describing composites that the task has.

    by_side: an interval wants independent units enough of every true class that the metric looks at; False, of all items together, only to
    derive again what was measured so.
    """
    composites = composites_of(tally.of)
    if not composites:
        yield from (() for _ in tally.slices.groups)
        return
    counts = np.asarray(tally.counts, dtype=np.float64)
    second = second_of(tally)
    moments = counts[:, :, None] * np.eye(counts.shape[1]) if second is None else np.asarray(second, dtype=np.float64)
    clusters = clusters_of(tally, [everything(tally.of)])[:, 0]
    fewest = {c.name: _fewest(tally, c) if by_side else clusters for c in composites}
    n_eff = kish_n_eff(counts.sum(axis=1), moments.sum(axis=(1, 2)))
    columns = []
    for composite in composites:
        value, gradient = composite.compute(counts)
        variance = linearised_variance(gradient, counts, moments, clusters)
        columns.append((value, *transformed_limits(value, variance, methods.alpha_of(level), composite.scale, composite.most)))
    names = [methods.delta(level, tally.clustered, composite.scale_name, by_side=by_side) for composite in composites]
    if tally.weighted:  # its variance over strata is not worked out: the value alone
        none = np.full(len(counts), np.nan)
        columns = [(composite.compute(weighted_counts(tally))[0], none, none) for composite in composites]
        names = [methods.weighted(len(tally.strata))] * len(composites)
    for s, group in enumerate(tally.slices.groups):
        size = (int(counts[s].sum()), int(clusters[s]), float(n_eff[s]))
        reason = partial(_reason, group=group, clustered=tally.clustered, weighted=tally.weighted, by_side=by_side)
        hows = [
            _How(level, name, partial(reason, size=(size[0], int(fewest[c.name][s])))) for c, name in zip(composites, names, strict=True)
        ]
        yield tuple(
            _estimate(composite, group, tuple(float(x[s]) for x in column), size, how)
            for composite, column, how in zip(composites, columns, hows, strict=True)
        )


def _fewest(tally: ConfusionTally, composite: Composite) -> Ints:
    """(S,) clusters of the true class of which there are fewest, of those that the metric looks at."""
    classes = _true_classes(tally.of) if composite.by_class else [everything(tally.of)]
    found: Ints = clusters_of(tally, classes).min(axis=1)
    return found


def _true_classes(of: TaskMetrics) -> list[Weights]:
    """The denominators of all items of one true class: relevant and irrelevant, or each level."""
    names = [f"recall_level_{rank + 1}" for rank in range(len(of.levels))] if of.ordinal else ["recall", "specificity"]
    return [of.metrics[name].denominator for name in names]


class _How(NamedTuple):
    level: float
    method: str
    reason: Callable[[Composite, tuple[float, float]], str]


def _estimate(composite: Composite, group: Group, numbers: tuple[float, ...], size: tuple[int, int, float], how: _How) -> Estimate:
    value, lower, upper = numbers
    n, clusters, n_eff = size
    reason = how.reason(composite, (value, lower))
    bounded = not reason
    return Estimate(
        metric=composite.name,
        group=group,
        value=None if np.isnan(value) else outward(value),
        lower=outward(lower, direction="down") if bounded else None,
        upper=outward(upper, direction="up") if bounded else None,
        level=how.level,
        method=how.method,
        n=n,
        clusters=clusters,
        n_eff=outward(n_eff),
        reason=reason,
        decides=False,
    )


def _reason(
    composite: Composite, numbers: tuple[float, float], *, group: Group, size: tuple[int, int], clustered: bool, weighted: bool,
    by_side: bool,
) -> str:  # fmt: skip
    value, lower = numbers
    if not size[0]:
        return none_of("items", group)
    if np.isnan(value):
        return composite.undefined
    if weighted:
        return "no interval: none is known for it in a weighted sample"
    if size[1] < FEWEST_UNITS:
        of = " of a true class" if composite.by_class and by_side else ""
        return f"no interval: fewer than {FEWEST_UNITS} independent {'clusters' if clustered else 'items'}{of}"
    return "no interval: the estimated variance is 0" if np.isnan(lower) else ""
