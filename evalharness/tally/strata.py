"""Rows that were drawn into the sample with different, known chances: each chance is a stratum, counted by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.errors import Fault, Problems
from evalharness.tally.confusion import ConfusionTally, Counter

MOST_STRATA = 20
"""Every stratum has a bound of its own: with many of them nothing could be shown."""


class StrataCounter:
    """Streams rows as `Counter` does, with the chance of each. Clusters are held: some 16 bytes for each with its stratum."""

    def __init__(self, new_counter: Callable[[], Counter]) -> None:
        """new_counter: makes the counter of one stratum; its clusters are taken to stand anywhere."""
        self._new = new_counter
        self._counters: dict[float, Counter] = {}
        self._clusters: list[pa.Table] = []

    @property
    def unlabelled(self) -> int:
        """Rows without a label so far; they are in no tally."""
        return sum(counter.unlabelled for counter in self._counters.values())

    def add(
        self,
        labels: npt.NDArray[np.int8],
        decisions: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
        inclusion: npt.NDArray[np.float64],
    ) -> None:
        """inclusion: above 0 and at most 1, each row's. Raises Fault as `Counter.add`, and for another number of rows."""
        if len(inclusion) != len(labels):
            raise Fault("labels and chances have different numbers of rows")
        for chance in np.unique(inclusion).tolist():
            chosen = inclusion == chance
            mask = pa.array(chosen)
            own = None if clusters is None else clusters.filter(mask)
            self._counter(chance).add(labels[chosen], decisions[chosen], {name: codes[chosen] for name, codes in groups.items()}, own)
            if own is not None:
                held = pc.unique(own)
                self._clusters.append(pa.table({"cluster": held, "chance": pa.array(np.full(len(held), chance))}))

    def result(self) -> ConfusionTally:
        """The tally of all rows, with its strata; one where all rows had the same chance, and then nothing is weighted.

        Raises BadInput for more than 20 chances, a stratum without a labelled row, and a cluster with rows of several chances.
        """
        found = [(chance, self._counters[chance].result()) for chance in sorted(self._counters)]
        self._check(found)
        whole = reduce(lambda one, other: one.merge(other), (tally for _, tally in found))
        return replace(whole, strata=tuple(found))

    def _counter(self, chance: float) -> Counter:
        if chance not in self._counters:
            self._counters[chance] = self._new()
        return self._counters[chance]

    def _check(self, found: list[tuple[float, ConfusionTally]]) -> None:
        problems, where = Problems(), "benchmark: column 'inclusion'"
        if len(found) > MOST_STRATA:
            problems.add(
                "items were drawn with too many different chances", where=where, got=f"{len(found):,}", expected=f"at most {MOST_STRATA}",
                hint="draw strata with one chance each; each of them is bounded by itself",
            )  # fmt: skip
        for chance, tally in found:
            if not tally.counts[0].sum():
                expected = "a labelled item at least"
                problems.add("no item drawn with this chance has a label", where=where, got=f"{chance:g}", expected=expected)
        if self._clusters:
            pairs = pa.concat_tables(self._clusters).group_by(["cluster", "chance"]).aggregate([])
            several = len(pairs) - len(pc.unique(pairs["cluster"]))
            if several:
                problems.add(
                    "clusters hold items that were drawn with different chances", where=where, got=f"{several:,} of them",
                    expected="one chance for all items of a cluster", hint="draw whole clusters, or strata that no cluster spans",
                )  # fmt: skip
        problems.raise_if_any()
