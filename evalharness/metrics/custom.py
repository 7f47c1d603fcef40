"""Metrics of other packages, found under the entry-point group `evalharness.metrics`. They describe and never decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TASKS
from evalharness.errors import BadInput, Problems, bad_input
from evalharness.files.plugins import load_plugin, plugin_names
from evalharness.metrics import methods
from evalharness.metrics.counted import clusters_of, everything
from evalharness.records import CUSTOM, Estimate, Group
from evalharness.stats.cell_bootstrap import cell_replicates, percentile_limits
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.rounding import outward
from evalharness.stats.transformed import FEWEST_UNITS
from evalharness.tally import ConfusionTally
from evalharness.tally.row_functions import MOST_RESAMPLED, ROW_SEED, RowFunctionTally

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
GROUP = "evalharness.metrics"
BY_ITEM = ("binary", "ordinal", "risk")
"""Tasks whose items are decided one by one: those that a function of rows can be asked of."""
_REPLICATES = 1_000
_SEED = 5
_MOST_UNDEFINED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class CountMetric:
    """A metric of the counts of outcomes."""

    title: str
    """Name for a person who is not technical."""
    compute: Callable[[Mapping[str, Floats]], Floats]
    """Counts by name of the outcome, arrays of one shape (groups, or replicates x groups) -> values of that shape; NaN where undefined."""
    tasks: tuple[str, ...] = ("binary", "risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMetric:
    """A metric as scikit-learn writes them, of all rows with a label and an answer."""

    title: str
    function: Callable[[NDArray[Any], NDArray[Any]], float]
    """(y_true, y_pred) -> value. Labels are 0 and 1 (relevant), or the place among the rising levels."""
    on: str = "decisions"
    """What y_pred is: `decisions`, coded as the labels are, or `scores`."""
    tasks: tuple[str, ...] = ("binary", "risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """A metric of another package, and where it comes from."""

    name: str
    metric: CountMetric | RowMetric
    source: str


def custom_names() -> tuple[str, ...]:
    """Names of all that are installed, sorted."""
    return plugin_names(GROUP)


def load_custom(name: str, task: str) -> Custom:
    """The metric of that name. Raises BadInput where there is none, it cannot be loaded, is none, or is not for the task."""
    metric, source = load_plugin(GROUP, name, "metric")
    where = f"metric '{name}' of {source}"
    if not isinstance(metric, CountMetric | RowMetric):
        raise bad_input("this is not a metric", where=where, got=type(metric).__name__, expected="a CountMetric or a RowMetric")
    possible = TASKS if isinstance(metric, CountMetric) else BY_ITEM
    tasks = [known for known in metric.tasks if known in possible]
    if task not in tasks:
        raise bad_input("the metric is not for this task", where=where, got=task, expected=" or ".join(tasks) or "it is for none")
    if isinstance(metric, RowMetric) and metric.on not in {"decisions", "scores"}:
        raise bad_input("the metric says neither decisions nor scores", where=where, got=str(metric.on), expected="decisions | scores")
    return Custom(name=name, metric=metric, source=source)


def load_customs(names: Iterable[str], task: str) -> tuple[Custom, ...]:
    """All of them. Raises BadInput with every problem."""
    problems, found = Problems(), []
    for name in names:
        try:
            found.append(load_custom(name, task))
        except BadInput as error:
            problems.extend(error)
    problems.raise_if_any()
    return tuple(found)


def count_metric_estimates(custom: Custom, tally: ConfusionTally, level: float) -> tuple[Estimate, ...]:
    """For everybody and each group of one attribute: the value, and percentile limits of a bootstrap of cells at the effective size.

    Rows are resampled as they are where they are independent; where they come in clusters, as many as they are worth (Kish, correlation
    taken as 1). Raises BadInput where the metric fails or gives another shape.
    """
    at = [number for number, group in enumerate(tally.slices.groups) if len(group) <= 1]
    counts = tally.counts[at]
    squares = tally.second[at].sum(axis=(1, 2)) if tally.clustered else counts.sum(axis=1)
    n_eff = kish_n_eff(counts.sum(axis=1), squares)
    clusters = clusters_of(tally, [everything(tally.of)])[at, 0]
    drawn = cell_replicates(counts, np.floor(n_eff).astype(np.int64), _REPLICATES, _SEED)
    outcomes = tally.of.outcomes
    how = f"bootstrap of cells(percentile, replicates={_REPLICATES}, seed={_SEED}{', n=n_eff by kish' if tally.clustered else ''}"
    found = _Found(
        groups=[tally.slices.groups[position] for position in at],
        value=_computed(custom, counts, outcomes),
        replicates=_computed(custom, drawn, outcomes),
        items=counts.sum(axis=1),
        clusters=clusters,
        n_eff=n_eff,
    )
    return _estimates(custom, level, found, how)


def row_metric_estimates(custom: Custom, tally: RowFunctionTally, level: float) -> tuple[Estimate, ...]:
    """The same from rows resampled by cluster; items without an answer are left out, and the method says how many."""
    made = len(tally.replicates)
    how = f"bootstrap of clusters(percentile, replicates={made}, seed={ROW_SEED}, left out without an answer={tally.left_out}"
    found = _Found(
        groups=tally.groups,
        value=tally.value,
        replicates=tally.replicates,
        items=tally.rows,
        clusters=tally.units,
        n_eff=tally.units.astype(np.float64),
    )
    return _estimates(custom, level, found, how)


def custom_estimates(
    customs: Sequence[Custom], tally: ConfusionTally, of_rows: Sequence[RowFunctionTally], level: float
) -> tuple[Estimate, ...]:
    """Of all of them, in their order; `of_rows` has the row metrics among them in the same order."""
    rows = iter(of_rows)
    return tuple(
        estimate
        for custom in customs
        for estimate in (
            count_metric_estimates(custom, tally, level)
            if isinstance(custom.metric, CountMetric)
            else row_metric_estimates(custom, next(rows), level)
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """G groups, R replicates."""

    groups: Sequence[Group]
    value: Floats
    replicates: Floats
    items: Integers
    clusters: Integers
    n_eff: Floats


def _estimates(custom: Custom, level: float, found: _Found, how: str) -> tuple[Estimate, ...]:
    made, alpha = len(found.replicates), methods.alpha_of(level)
    drawn = found.replicates if made else np.full((1, len(found.value)), np.nan)
    lower, upper, undefined = percentile_limits(drawn, alpha)
    spread = drawn.max(axis=0) != drawn.min(axis=0)
    estimates = []
    for g, group in enumerate(found.groups):
        value, missing = float(found.value[g]), int(undefined[g]) if made else 0
        reason = _reason(value, (made, missing), bool(spread[g]), float(found.n_eff[g]))
        estimates.append(
            Estimate(
                metric=CUSTOM + custom.name,
                group=group,
                value=None if np.isnan(value) else outward(value),
                lower=None if reason else outward(min(float(lower[g]), value), direction="down"),
                upper=None if reason else outward(max(float(upper[g]), value), direction="up"),
                level=level,
                method=f"{how}, undefined={missing}, alpha={alpha!r}); {custom.source}",
                n=int(found.items[g]),
                clusters=int(found.clusters[g]),
                n_eff=outward(float(found.n_eff[g])),
                reason=reason,
                decides=False,
            )
        )
    return tuple(estimates)


def _reason(value: float, replicates: tuple[int, int], spread: bool, n_eff: float) -> str:
    """replicates: how many were made, and how many of them are undefined."""
    made, undefined = replicates
    if np.isnan(value):
        return "the metric is not defined on these items"
    if not made:
        return f"no interval: more than {MOST_RESAMPLED:,} rows, and the function is computed anew for each replicate"
    if n_eff < FEWEST_UNITS:
        return f"no interval: fewer than {FEWEST_UNITS} independent items"
    if undefined > _MOST_UNDEFINED * made:
        return f"no interval: {undefined:,} of {made:,} replicates are not defined"
    return "" if spread else "no interval: every replicate is the same"


def _computed(custom: Custom, counts: Integers, outcomes: Sequence[str]) -> Floats:
    assert isinstance(custom.metric, CountMetric)  # noqa: S101 - what is called with counts
    where, shape = f"metric '{custom.name}' of {custom.source}", counts.shape[:-1]
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            named = {name: counts[..., place].astype(np.float64) for place, name in enumerate(outcomes)}
            found = np.asarray(custom.metric.compute(named), dtype=np.float64)
    except Exception as error:
        raise bad_input("the metric failed", where=where, got=f"{type(error).__name__}: {error}") from error
    if found.shape != shape:
        expected = f"one value for each table of counts, an array of shape {shape}"
        raise bad_input("the metric gives another shape", where=where, got=str(found.shape), expected=expected)
    return np.where(np.isfinite(found), found, np.nan)
