"""Pairs of items and their copies to estimates: how often something else was decided, by kind of copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalharness.metrics.quantities import quantities
from evalharness.metrics.shares import share_estimates
from evalharness.records import Estimate, Policy
from evalharness.tally import ConfusionTally

FLIP_RATE = "flip_rate"


def copy_estimates(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Estimate]:
    """Kind by kind: every metric of the pairs for everybody, then the flip rate of every group that is counted.

    Bounds are those of any proportion: Clopper-Pearson, at Kish's effective number of independent pairs where items come in clusters.
    """
    for condition, pairs in tally.pairs.items():
        wanted = quantities(pairs.of, policy)
        flips = tuple(quantity for quantity in wanted if quantity.name == FLIP_RATE)
        everybody = share_estimates(pairs, wanted, level, [0])
        groups = share_estimates(pairs, flips, level, range(1, len(pairs.slices)))
        for of_slice in (*everybody, *groups):
            yield from (replace(estimate, condition=condition) for estimate in of_slice)
