"""How much less severe items are read by the bands than if everything were read once: it falls with the share of readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight.exposure import BY_BANDS, REDUCTION
from evalharness.metrics.oversight import share_row_estimate
from evalharness.records import OVERALL, Estimate, Policy
from evalharness.records.oversight_work import Readings, readings_of
from evalharness.records.share import ShareRow
from evalharness.stats.rounding import Direction, outward
from evalharness.tally import ConfusionTally

Pair = tuple[float | None, float | None]


def exposure_estimates(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Estimate]:
    """Of everybody; nothing without bands, or where the policy does not say which items are severe."""
    metric = tally.of.metrics.get(REDUCTION)
    row = next((row for row in tally.shares if row.metric == BY_BANDS and row.group == OVERALL), None)
    bands = None if policy.human_in_the_loop is None else policy.human_in_the_loop.bands
    if metric is not None and row is not None and bands is not None:
        yield reduction_of_row(row, metric, tally.of.metrics[BY_BANDS], readings_of(bands), level)


def reduction_of_row(row: ShareRow, metric: Metric, share_metric: Metric, readings: Readings, level: float) -> Estimate:
    """Raises nothing: without a severe item it has no value, and says why."""
    share = share_row_estimate(row, share_metric, level)
    most = readings.most / readings.parts
    lower, upper = _less((share.lower, share.upper), most)
    wide = None if share.by_size is None else _less(share.by_size, most)
    return replace(
        share,
        metric=metric.name,
        value=None if not row.total else outward(1 - most * row.part / row.total),
        lower=lower,
        upper=upper,
        by_size=None if wide == (lower, upper) else wide,
        method=f"1 - {most:g} x {share.method}",
        decides=metric.decides,
    )


def _less(limits: Pair, most: float) -> Pair:
    """The upper limit of the readings makes the lower one of what is saved."""
    lower, upper = limits
    return _at(upper, most, "down"), _at(lower, most, "up")


def _at(share: float | None, most: float, direction: Direction) -> float | None:
    return None if share is None else outward(1 - most * share, direction=direction)
