"""Items and their copies to counts: how each pair was decided, and the copies by themselves, with the cluster moments that bounds need.

Copies are never in the tally of the items. A copy belongs to the groups and the cluster of its item, and its truth is the item's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.catalogue import TaskMetrics, copy_metrics
from evalharness.errors import Fault
from evalharness.records import CopyKind
from evalharness.tally.confusion import ConfusionTally, Counter
from evalharness.tally.moments import layout_of
from evalharness.tally.outcome_sums import OutcomeSums, check_range
from evalharness.tally.slices import Slices

_SAME, _DOWN, _UP, _NO_ANSWER = range(4)
"""Places of the outcomes of a pair; where items are relevant or not, those of the irrelevant follow."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CopyTally:
    """Everything that is counted of one kind of copy."""

    kind: CopyKind
    pairs: ConfusionTally
    """Outcomes of the pairs, as `copy_metrics` of the task names them."""
    decided: ConfusionTally
    """The copies alone, decided as items of the task are."""

    def merge(self, other: CopyTally) -> CopyTally:
        """Both parts together; see `ConfusionTally.merge`. Raises Fault for another kind too."""
        if self.kind != other.kind:
            raise Fault("tallies of different kinds of copies cannot be merged")
        return CopyTally(kind=self.kind, pairs=self.pairs.merge(other.pairs), decided=self.decided.merge(other.decided))


class CopyCounter:
    """Streams pairs into a `CopyTally`; the order of rows and `contiguous` are as in `OutcomeSums`."""

    def __init__(
        self, kind: CopyKind, of: TaskMetrics, *, pairs: Slices, decided: Slices, clustered: bool, contiguous: bool = False
    ) -> None:
        """of: the task of the items. pairs, decided: the groups in which each part is counted, over the same attributes."""
        self._kind, self._slices, self._of = kind, pairs, copy_metrics(of.task)
        self._levels = len(of.levels) if of.ordinal else 2
        self._graded = of.ordinal
        self._pairs = OutcomeSums(pairs, layout_of(self._of), clustered=clustered, contiguous=contiguous)
        self._decided = Counter(decided, clustered, of=of, contiguous=contiguous)

    def add(
        self,
        labels: npt.NDArray[np.int8],
        items: npt.NDArray[np.int8],
        copies: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts pairs: the label of each item (-1: none, it is in no tally), and both decisions (-1: no answer).

        Raises Fault for values, lengths or columns that break these rules, BadInput for a row without a cluster id.
        """
        if not len(labels) == len(items) == len(copies):
            raise Fault("labels and decisions have different numbers of rows")
        check_range("decisions", items, -1, self._levels - 1)
        self._decided.add(labels, copies, groups, clusters)
        places = pair_outcomes(items, copies)
        if not self._graded:
            places += np.where(labels == 1, np.uint8(0), np.uint8(4))
        self._pairs.add(places, labels >= 0, groups, clusters)

    def result(self) -> CopyTally:
        """The tally of all pairs added; afterwards none may be added."""
        pairs = ConfusionTally.of_sums(self._slices, self._pairs.result(), self._of)
        return CopyTally(kind=self._kind, pairs=pairs, decided=self._decided.result())


def pair_outcomes(items: npt.NDArray[np.int8], copies: npt.NDArray[np.int8]) -> npt.NDArray[np.uint8]:
    """[rows] place of each pair: decided alike, the copy lower (set aside), higher (selected), or one side without an answer (-1)."""
    moved = np.select([copies < items, copies > items], [np.uint8(_DOWN), np.uint8(_UP)], np.uint8(_SAME))
    return np.where((items < 0) | (copies < 0), np.uint8(_NO_ANSWER), moved).astype(np.uint8)
