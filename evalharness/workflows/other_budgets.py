"""Ranking: the same leads at other daily budgets than the operating point's, where a policy asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.catalogue import task_metrics
from evalharness.predictions.queues import work
from evalharness.records import Condition, Policy
from evalharness.tally import ConfusionTally, Counter, Slices


class OtherBudgets:
    """Counts leads at every budget that a requirement names, in the groups that it is asked for. 1 byte a lead and budget."""

    def __init__(
        self,
        policy: Policy,
        benchmark: Benchmark,
        scores: NDArray[np.float64],
        queues: NDArray[np.int64],
        arrived: NDArray[np.float64] | None,
    ) -> None:
        """scores: [leads] NaN for no answer; queues, arrived: as in `predictions.queues.work`."""
        info, levels = benchmark.info, benchmark.levels(policy.split)
        self._decided: dict[str, NDArray[np.int8]] = {}
        self._counters: dict[str, Counter] = {}
        for budget, depth in budgets_asked(policy).items():
            condition = Condition(budget_per_day=budget).text
            self._decided[condition] = work(scores, queues, arrived, budget).decisions
            self._counters[condition] = Counter(
                Slices(attributes=info.attributes, levels=levels, depth=depth),
                clustered=info.clustered,
                of=task_metrics("ranking"),
                contiguous=benchmark.contiguous_clusters,
            )

    def add(
        self,
        rows: slice,
        labels: NDArray[np.int8],
        groups: Mapping[str, NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts the leads `rows` at each budget."""
        for condition, counter in self._counters.items():
            counter.add(labels, self._decided[condition][rows], groups, clusters)

    def into(self, tally: ConfusionTally) -> ConfusionTally:
        """The tally at the operating point, with these beside it."""
        found = {condition: counter.result() for condition, counter in self._counters.items()}
        return replace(tally, others=dict(sorted({**tally.others, **found}.items())))


def budgets_asked(policy: Policy) -> dict[int, int]:
    """Budgets that requirements name, rising, and how many attributes the groups of each combine at most."""
    found: dict[int, int] = {}
    for requirement in policy.requirements:
        budget = requirement.on.budget_per_day
        if budget is not None:
            deepest = max((len(attributes) for attributes in (*requirement.for_each, requirement.between)), default=0)
            found[budget] = max(found.get(budget, 0), deepest)
    return dict(sorted(found.items()))
