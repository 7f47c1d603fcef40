"""Rows to counts, for two models that decided the same items: who was right where, with the cluster moments that the bounds need.

An item is decided rightly where a relevant one is selected and an irrelevant one is not; without an answer it is decided wrongly. What the
incumbent would have said of an item that it did not answer nobody knows, so such items that the challenger gets wrong are a kind of their
own: they may have been lost. From here on nothing depends on the number of rows, and tallies of disjoint parts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.errors import Fault
from evalharness.tally.moments import Integers, Layout
from evalharness.tally.outcome_sums import OutcomeSums, check_range
from evalharness.tally.slices import Slices

KINDS = ("both", "only_incumbent", "only_challenger", "neither", "unknown")
"""Who decided an item rightly; unknown: not the challenger, and the incumbent gave no answer."""
PAIRED_OUTCOMES = tuple(f"{kind}_{true}" for true in ("relevant", "irrelevant") for kind in KINDS)
"""The ten outcomes of an item that two models decided, in the order of every count vector."""
PAIRED_DENOMINATORS = ((1,) * 5 + (0,) * 5, (0,) * 5 + (1,) * 5, (1,) * 10)
"""Relevant items, irrelevant items, all items."""

_PAIRS = tuple((i, j) for i in range(len(PAIRED_OUTCOMES)) for j in range(i, len(PAIRED_OUTCOMES)))
_LAYOUT = Layout(
    outcomes=len(PAIRED_OUTCOMES),
    pairs=_PAIRS,
    squares=tuple(_PAIRS.index((outcome, outcome)) for outcome in range(len(PAIRED_OUTCOMES))),
    counted=np.array(PAIRED_DENOMINATORS, dtype=np.int64),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedTally:
    """Counts of every slice and the moments of its clusters. S slices, 10 outcomes, 3 denominators."""

    slices: Slices
    counts: Integers
    """Items [S, 10], in the order of `PAIRED_OUTCOMES`."""
    second: Integers
    """[S, 10, 10]: sum over clusters of outer(n, n), n the cluster's counts inside the slice."""
    clusters: Integers
    """[S, 3]: clusters with a part above zero in each of `PAIRED_DENOMINATORS`."""
    clustered: bool
    """Whether items belong to clusters; if not, every item is its own."""

    @classmethod
    def of_independent(cls, slices: Slices, counts: Integers) -> PairedTally:
        """The tally of items that are independent: each is a cluster of one. `counts` is [S, 10]."""
        whole = np.asarray(counts, dtype=np.int64)
        second = whole[:, :, None] * np.eye(len(PAIRED_OUTCOMES), dtype=np.int64)
        return cls(slices=slices, counts=whole, second=second, clusters=whole @ _LAYOUT.counted.T, clustered=False)

    def merge(self, other: PairedTally) -> PairedTally:
        """The tally of both parts together; associative and commutative. The parts must share no row and no cluster.

        Raises Fault when they count different slices, or only one of them clusters.
        """
        if self.slices != other.slices or self.clustered != other.clustered:
            raise Fault("paired tallies of different slices, or of clustered and independent rows, cannot be merged")
        return PairedTally(
            slices=self.slices,
            counts=self.counts + other.counts,
            second=self.second + other.second,
            clusters=self.clusters + other.clusters,
            clustered=self.clustered,
        )


class PairedCounter:
    """Streams rows into a `PairedTally`; the order of rows and `contiguous` are as in `OutcomeSums`."""

    def __init__(self, slices: Slices, clustered: bool, *, contiguous: bool = False) -> None:
        self._slices = slices
        self._sums = OutcomeSums(slices, _LAYOUT, clustered=clustered, contiguous=contiguous)

    def add(
        self,
        labels: npt.NDArray[np.int8],
        incumbent: npt.NDArray[np.int8],
        challenger: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts rows: labels 1, 0 or -1 (none: the row is in no tally); each model's decisions 1 (selected), 0 or -1 (no answer).

        Raises Fault for values, lengths or columns that break these rules, and for rows after the result was taken; BadInput for a row
        without a cluster id.
        """
        if len(incumbent) != len(labels) or len(challenger) != len(labels):
            raise Fault("labels, decisions and groups have different numbers of rows")
        for what, values in (("labels", labels), ("decisions", incumbent), ("decisions", challenger)):
            check_range(what, values, -1, 1)
        self._sums.add(paired_outcomes(labels, incumbent, challenger), labels >= 0, groups, clusters)

    def result(self) -> PairedTally:
        """The tally of all rows added; afterwards no row may be added."""
        sums = self._sums.result()
        if sums.moments is None:
            return PairedTally.of_independent(self._slices, sums.counts)
        second, clusters = sums.moments
        return PairedTally(slices=self._slices, counts=sums.counts, second=second, clusters=clusters, clustered=True)


def paired_outcomes(
    labels: npt.NDArray[np.int8], incumbent: npt.NDArray[np.int8], challenger: npt.NDArray[np.int8]
) -> npt.NDArray[np.uint8]:
    """[rows] place of each item among `PAIRED_OUTCOMES`; meaningless where there is no label."""
    failed = challenger != labels
    wrong = 2 * (incumbent != labels).astype(np.uint8) + failed + ((incumbent < 0) & failed)  # the place in KINDS
    codes: npt.NDArray[np.uint8] = wrong + np.where(labels == 1, np.uint8(0), np.uint8(len(KINDS)))
    return codes
