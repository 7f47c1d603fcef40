"""Rows to counts, for two models that decided the same items: who was right where, with the cluster moments that the bounds need.

What is right is told by each metric that is compared (`catalogue.compared`); without an answer an item is decided wrongly wherever it could
have been. What the incumbent would have said of an item that it did not answer nobody knows, so such items that the challenger gets wrong
are a kind of their own: they may have been lost. From here on nothing depends on the number of rows, and tallies of disjoint parts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.catalogue import PairedMetric
from evalharness.errors import Fault
from evalharness.tally.moments import Integers, Layout
from evalharness.tally.outcome_sums import OutcomeSums, check_range
from evalharness.tally.slices import Slices

KINDS = ("both", "only_incumbent", "only_challenger", "neither", "unknown")
"""Who decided an item rightly; unknown: not the challenger, and the incumbent gave no answer. The order of every count vector."""

_NOT_COUNTED = 255
_PAIRS = tuple((i, j) for i in range(len(KINDS)) for j in range(i, len(KINDS)))
_LAYOUT = Layout(
    outcomes=len(KINDS),
    pairs=_PAIRS,
    squares=tuple(_PAIRS.index((kind, kind)) for kind in range(len(KINDS))),
    counted=np.ones((1, len(KINDS)), dtype=np.int64),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedTally:
    """Counts of every slice and the moments of its clusters. S slices, M metrics, 5 kinds."""

    slices: Slices
    metrics: tuple[str, ...]
    """What the M metrics are."""
    counts: Integers
    """Items of each metric's denominator [S, M, 5], in the order of `KINDS`."""
    second: Integers
    """[S, M, 5, 5]: sum over clusters of outer(n, n), n the cluster's counts inside the slice."""
    clusters: Integers
    """[S, M]: clusters with an item in the denominator."""
    clustered: bool
    """Whether items belong to clusters; if not, every item is its own."""

    @classmethod
    def of_independent(cls, slices: Slices, metrics: tuple[str, ...], counts: Integers) -> PairedTally:
        """The tally of items that are independent: each is a cluster of one. `counts` is [S, M, 5]."""
        whole = np.asarray(counts, dtype=np.int64)
        second = whole[..., None] * np.eye(len(KINDS), dtype=np.int64)
        return cls(slices=slices, metrics=metrics, counts=whole, second=second, clusters=whole.sum(axis=-1), clustered=False)

    def merge(self, other: PairedTally) -> PairedTally:
        """The tally of both parts together; associative and commutative. The parts must share no row and no cluster.

        Raises Fault when they count different slices or metrics, or only one of them clusters.
        """
        if self.slices != other.slices or self.metrics != other.metrics or self.clustered != other.clustered:
            raise Fault("paired tallies of different slices or metrics, or of clustered and independent rows, cannot be merged")
        return PairedTally(
            slices=self.slices,
            metrics=self.metrics,
            counts=self.counts + other.counts,
            second=self.second + other.second,
            clusters=self.clusters + other.clusters,
            clustered=self.clustered,
        )


class PairedCounter:
    """Streams rows into a `PairedTally`; the order of rows and `contiguous` are as in `OutcomeSums`."""

    def __init__(self, slices: Slices, clustered: bool, *, of: tuple[PairedMetric, ...], contiguous: bool = False) -> None:
        """of: the metrics, all over the same labels and decisions."""
        self._slices, self._of = slices, of
        self._labels, self._answers = len(of[0].right), len(of[0].right[0])
        self._kinds = tuple(_kinds_of(metric) for metric in of)
        self._sums = tuple(OutcomeSums(slices, _LAYOUT, clustered=clustered, contiguous=contiguous) for _ in of)

    def add(
        self,
        labels: npt.NDArray[np.int8],
        incumbent: npt.NDArray[np.int8],
        challenger: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts rows: labels 0, 1 … or -1 (none: the row is in no tally); each model's decisions 0, 1 … or -1 (no answer).

        Raises Fault for values, lengths or columns that break these rules, and for rows after the result was taken; BadInput for a row
        without a cluster id.
        """
        if len(incumbent) != len(labels) or len(challenger) != len(labels):
            raise Fault("labels, decisions and groups have different numbers of rows")
        check_range("labels", labels, -1, self._labels - 1)
        for decisions in (incumbent, challenger):
            check_range("decisions", decisions, -1, self._answers - 2)
        places = (labels.astype(np.int16) * self._answers + incumbent + 1) * self._answers + challenger + 1
        labelled = labels >= 0
        for sums, table in zip(self._sums, self._kinds, strict=True):
            kinds = table[places]  # anything where there is no label
            counted = labelled & (kinds != _NOT_COUNTED)
            sums.add(np.where(counted, kinds, np.uint8(0)), counted, groups, clusters)

    def result(self) -> PairedTally:
        """The tally of all rows added; afterwards no row may be added."""
        found = [sums.result() for sums in self._sums]
        names = tuple(metric.name for metric in self._of)
        counts = np.stack([sums.counts for sums in found], axis=1)
        moments = [sums.moments for sums in found if sums.moments is not None]
        if not moments:
            return PairedTally.of_independent(self._slices, names, counts)
        return PairedTally(
            slices=self._slices,
            metrics=names,
            counts=counts,
            second=np.stack([second for second, _ in moments], axis=1),
            clusters=np.concatenate([clusters for _, clusters in moments], axis=1),
            clustered=True,
        )


def _kinds_of(metric: PairedMetric) -> npt.NDArray[np.uint8]:
    """Place in `KINDS` by label, incumbent's and challenger's decision, flat; _NOT_COUNTED outside the denominator."""
    right = np.array(metric.right)
    one, two = right[:, :, None], right[:, None, :]
    silent = (np.arange(right.shape[1]) == 0)[None, :, None]
    kinds = 2 * (one == 0) + (two == 0) + (silent & (one == 0) & (two == 0))
    return np.where((one < 0) | (two < 0), _NOT_COUNTED, kinds).astype(np.uint8).reshape(-1)
