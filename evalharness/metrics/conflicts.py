"""Notions of equality that no classifier can have at once, because items are relevant more often in one group than in another.

In every group precision x selection rate = base rate x recall: both are the share of items that are relevant and selected. So where base
rates differ, selection rate (demographic parity), recall (equal opportunity) and precision (predictive parity) cannot all be equal, unless
nothing relevant is selected at all. Source: Chouldechova 2017; Kleinberg, Mullainathan and Raghavan 2017.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from evalharness.metrics import methods
from evalharness.metrics.arrays import differences, rates
from evalharness.metrics.counted import everything, second_of
from evalharness.metrics.gaps import shares_clusters
from evalharness.records.group_context import Conflict
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

NOTIONS = ("selection_rate", "recall", "precision")


def conflicts(tally: ConfusionTally, subsets: Iterable[tuple[str, ...]], level: float) -> Iterator[Conflict]:
    """The pair of groups of each subset whose base rates are surest to differ; nothing for a task without these three metrics.

    The bounds are corrected for all pairs of groups of a subset and for the number of subsets.
    """
    known = tuple(subsets)
    metrics = tally.of.metrics
    if not metrics.keys() >= set(NOTIONS):
        return
    relevant, everyone = metrics["recall"].denominator, everything(tally.of)
    for subset in known:
        at = tally.slices.positions(subset)
        second = second_of(tally)
        found = rates(tally.counts[at], None if second is None else second[at], [relevant], [everyone])
        of = found.each(np.transpose)
        if of.defined.sum() < 2:
            continue
        gaps = differences(of, methods.alpha_of(level) / len(known), spanned=shares_clusters(tally, subset))
        first, other = (int(g) for g in gaps.contrary[0])
        high, low = float(of.value[0, first]), float(of.value[0, other])
        yield Conflict(
            between=subset,
            groups=(tally.slices.groups[at[first]], tally.slices.groups[at[other]]),
            base_rates=(outward(high), outward(low)),
            difference=outward(float(gaps.lower[0]), direction="down"),
            recall_ratio=outward(high / low, 4) if low > 0 else None,
        )
