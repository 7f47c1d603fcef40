"""Rows to counts: the outcomes of every group, with the cluster moments that the bounds need.

From here on nothing depends on the number of rows, and tallies of disjoint parts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.catalogue import OUTCOMES, TaskMetrics, task_metrics
from evalharness.errors import Fault
from evalharness.records.oversight_sample import Sampled
from evalharness.records.share import ShareRow
from evalharness.tally.moments import Integers, layout_of
from evalharness.tally.outcome_sums import OutcomeSums, Sums, check_range
from evalharness.tally.paired import PairedTally
from evalharness.tally.slices import Slices

_RELEVANT_OR_NOT = tuple(OUTCOMES.index(name) for name in ("no_answer_negative", "tn", "fp", "no_answer_positive", "fn", "tp"))
_BINARY = task_metrics("binary")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConfusionTally:
    """Counts of every slice and the moments of its clusters. S slices, O outcomes, D distinct denominators."""

    slices: Slices
    """What the S slices are."""
    counts: Integers
    """Items [S, O], in the order of `of.outcomes`."""
    second: Integers
    """[S, O, O]: sum over clusters of outer(n, n), n the cluster's counts inside the slice."""
    clusters: Integers
    """[S, D]: clusters with a part above zero in each of `of.denominators`."""
    clustered: bool
    """Whether items belong to clusters; if not, every item is its own."""
    of: TaskMetrics = _BINARY
    """What the outcomes are, and the metrics over them."""
    others: Mapping[str, ConfusionTally] = field(default_factory=dict)
    """Under other conditions (`records.Condition.text`), in their order: the same items, otherwise decided or shown; maybe fewer groups."""
    pairs: Mapping[str, ConfusionTally] = field(default_factory=dict)
    """Likewise, how items and their copies with something changed were decided: outcomes are those of `catalogue.copy_metrics`."""
    strata: tuple[tuple[float, ConfusionTally], ...] = ()
    """(chance of being drawn, its items), by rising chance, where the benchmark states chances. They add up to this tally."""
    beside: Mapping[str, PairedTally] = field(default_factory=dict)
    """By condition: the same items as another model decides them, beside this one; it is the incumbent there. Maybe fewer groups."""
    account: Mapping[str, int] = field(default_factory=dict)
    """What became of the answers of the run: items, answered, missing, duplicate, invalid. Empty where nobody told."""
    shares: tuple[ShareRow, ...] = ()
    """What people did with the answers. Counted of a whole run at once: tallies that have some are not merged."""
    sampled: Sampled | None = None
    """What a coded sample of the piles says; likewise."""

    @property
    def weighted(self) -> bool:
        """Whether items were drawn with different chances."""
        return len(self.strata) > 1

    @classmethod
    def of_independent(cls, slices: Slices, counts: Integers, of: TaskMetrics = _BINARY) -> ConfusionTally:
        """The tally of items that are independent: each is a cluster of one. `counts` is [S, O]."""
        whole = np.asarray(counts, dtype=np.int64)
        second = whole[:, :, None] * np.eye(len(of.outcomes), dtype=np.int64)
        clusters = whole @ np.array(of.denominators, dtype=np.int64).T
        return cls(slices=slices, counts=whole, second=second, clusters=clusters, clustered=False, of=of)

    @classmethod
    def of_sums(cls, slices: Slices, sums: Sums, of: TaskMetrics) -> ConfusionTally:
        """The tally of what was counted."""
        if sums.moments is None:
            return cls.of_independent(slices, sums.counts, of)
        second, clusters = sums.moments
        return cls(slices=slices, counts=sums.counts, second=second, clusters=clusters, clustered=True, of=of)

    def merge(self, other: ConfusionTally) -> ConfusionTally:
        """The tally of both parts together; associative and commutative. The parts must share no row and no cluster.

        Raises Fault when they count different slices or another task, or only one of them clusters.
        """
        if self.shares or other.shares or self.sampled or other.sampled:
            raise Fault("what people did is counted of a whole run at once: such tallies cannot be merged")
        if self.slices != other.slices or self.clustered != other.clustered or self.of != other.of:
            raise Fault("tallies of different slices or tasks, or of clustered and independent rows, cannot be merged")
        if (
            self.others.keys() != other.others.keys()
            or self.pairs.keys() != other.pairs.keys()
            or self.beside.keys() != other.beside.keys()
        ):
            raise Fault("tallies under different conditions cannot be merged")
        return ConfusionTally(
            slices=self.slices,
            counts=self.counts + other.counts,
            second=self.second + other.second,
            clusters=self.clusters + other.clusters,
            clustered=self.clustered,
            of=self.of,
            strata=_merged_strata(self.strata, other.strata),
            others={condition: counted.merge(other.others[condition]) for condition, counted in sorted(self.others.items())},
            pairs={condition: counted.merge(other.pairs[condition]) for condition, counted in sorted(self.pairs.items())},
            beside={condition: counted.merge(other.beside[condition]) for condition, counted in sorted(self.beside.items())},
            account={name: self.account.get(name, 0) + other.account.get(name, 0) for name in sorted({*self.account, *other.account})},
        )


def _merged_strata(
    one: tuple[tuple[float, ConfusionTally], ...], other: tuple[tuple[float, ConfusionTally], ...]
) -> tuple[tuple[float, ConfusionTally], ...]:
    found = dict(one)
    for inclusion, tally in other:
        found[inclusion] = found[inclusion].merge(tally) if inclusion in found else tally
    return tuple(sorted(found.items(), key=lambda stratum: stratum[0]))


class Counter:
    """Streams rows into a `ConfusionTally`; the order of rows and `contiguous` are as in `OutcomeSums`.

    Two counters that share no cluster may each take a part of the rows; their results merge.
    """

    def __init__(self, slices: Slices, clustered: bool, *, of: TaskMetrics = _BINARY, contiguous: bool = False) -> None:
        self._slices = slices
        self._of = of
        self._highest = len(of.levels) - 1 if of.ordinal else 1
        self._outcome_of = _outcome_of(of)
        self._sums = OutcomeSums(slices, layout_of(of), clustered=clustered, contiguous=contiguous)
        self._unlabelled = 0

    @property
    def unlabelled(self) -> int:
        """Rows without a label so far; they are in no tally."""
        return self._unlabelled

    def add(
        self,
        labels: npt.NDArray[np.int8],
        decisions: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts rows: labels 1, 0 or -1 (none); decisions 1 (selected), 0 or -1 (no answer); group codes; cluster ids.

        For an ordinal task labels and decisions are 0 to K-1, the place among the rising levels, or -1. Raises Fault for values, lengths
        or columns that break these rules, BadInput for a row without a cluster id.
        """
        if len(decisions) != len(labels):
            raise Fault("labels, decisions and groups have different numbers of rows")
        check_range("labels", labels, -1, self._highest)
        check_range("decisions", decisions, -1, self._highest)
        labelled = labels >= 0
        outcomes = self._outcome_of[(self._highest + 2) * labels + decisions + 1]  # anything where there is no label
        self._sums.add(outcomes, labelled, groups, clusters)
        self._unlabelled += len(labels) - int(np.count_nonzero(labelled))

    def result(self) -> ConfusionTally:
        """The tally of all rows added; afterwards no row may be added."""
        return ConfusionTally.of_sums(self._slices, self._sums.result(), self._of)


def _outcome_of(of: TaskMetrics) -> npt.NDArray[np.uint8]:
    """Outcome by (K + 1) x label + decision + 1; K is 2 for items that are relevant or not."""
    if not of.ordinal:
        return np.array(_RELEVANT_OR_NOT, dtype=np.uint8)
    return np.array([(refused, *answered) for refused, answered in zip(of.refused, of.answers, strict=True)], dtype=np.uint8).reshape(-1)
