"""All bands of a task risk, true by predicted: shares and kappa that describe, and the table itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evalharness.metrics.composites.estimates import composite_estimates
from evalharness.metrics.counted import everybody
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.shares import share_estimates
from evalharness.records import Curve, Estimate
from evalharness.tally import ConfusionTally


def band_estimates(tally: ConfusionTally, level: float, wanted: Collection[str]) -> Iterator[Estimate]:
    """For each slice the `wanted` metrics of the task ordinal, its bands as levels."""
    quantities = [quantity_of(metric, None) for metric in tally.of.metrics.values() if metric.name in wanted]
    shares = share_estimates(tally, [q for q in quantities if q is not None], level)
    for found, composites in zip(shares, composite_estimates(tally, level), strict=True):
        yield from found
        yield from (estimate for estimate in composites if estimate.metric in wanted)


def band_counts(tally: ConfusionTally) -> Curve:
    """`bands`: for everybody, one row for each true band (by its place, 1 for the lowest), one column for each predicted one."""
    size = len(tally.of.levels)
    counts = tally.counts[everybody(tally)].tolist()
    rows = [[rank + 1, *counts[rank * size : (rank + 1) * size], counts[size * size + rank]] for rank in range(size)]
    return Curve(
        name="bands",
        columns=("true_band", *(f"predicted {level}" for level in tally.of.levels), "no_answer"),
        rows=tuple(tuple(float(number) for number in row) for row in rows),
        method="counts of items, true band by predicted band",
    )
