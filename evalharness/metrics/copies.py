"""Pairs of items and their copies to estimates: how often something else was decided, by kind of copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalharness.catalogue import copy_metrics
from evalharness.metrics.quantities import quantities
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import share_estimates
from evalharness.records import Estimate, Policy
from evalharness.tally import ConfusionTally

FLIP_RATE = "flip_rate"
_RELEVANT = frozenset({"tp", "fn", "no_answer_positive"})


def copy_estimates(tally: ConfusionTally, policy: Policy, level: float, rules: Rules = TODAY) -> Iterator[Estimate]:
    """Kind by kind: every metric of the pairs for everybody, then the flip rate of every group that is counted.

    Bounds are those of any proportion: Clopper-Pearson, at Kish's effective number of independent pairs where items come in clusters.
    """
    for condition, pairs in tally.pairs.items():
        wanted = quantities(pairs.of, policy)
        flips = tuple(quantity for quantity in wanted if quantity.name == FLIP_RATE)
        everybody = share_estimates(pairs, wanted, level, [0], rules=rules)
        groups = share_estimates(pairs, flips, level, range(1, len(pairs.slices)), rules=rules)
        for of_slice in (*everybody, *groups):
            yield from (replace(estimate, condition=condition) for estimate in of_slice)


def as_of_items(tally: ConfusionTally) -> ConfusionTally:
    """The same tally, of which the metrics of pairs can be asked too, as if every item had a copy: for planning, which needs only how many
    items there are in a denominator. Their numerators are empty.
    """
    size, of = len(tally.of.outcomes), tally.of
    relevant = tuple(int(name in _RELEVANT) for name in of.outcomes)
    whole = {"newly_missed_rate": relevant, "newly_selected_rate": tuple(1 - weight for weight in relevant)}
    pairs = {
        name: replace(metric, numerator=(0,) * size, denominator=whole.get(name, (1,) * size))
        for name, metric in copy_metrics(of.task).metrics.items()
    }
    return replace(tally, of=replace(of, metrics={**of.metrics, **pairs}))
