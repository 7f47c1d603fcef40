"""How often the best grading agrees with the truth, where a synthetic benchmark knows the chance of every level."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.records import OVERALL, Group
from evalharness.tally.attainable import BestShare, Foreseen
from evalharness.tally.group_sums import CHUNK, UNIT, units_of

_SLACK = 1e-6
"""How far the chances of one item may be from adding up to 1."""


class BestGradingCounter:
    """Streams the chances of every level, labels and decisions; order of rows and cuts of batches change nothing.

    No grading agrees more often, in expectation, than the one that names the likeliest level of each item: its exact agreement is the
    mean of the largest chance. `levels` are the levels of each protected attribute; each is a group, and so is everybody.
    """

    def __init__(self, levels: Mapping[str, tuple[str, ...]], grades: int) -> None:
        self._grades = grades
        self._levels = {attribute: tuple(names) for attribute, names in levels.items()}
        singles = [((attribute, name),) for attribute, names in self._levels.items() for name in names]
        self._groups: tuple[Group, ...] = (OVERALL, *singles)
        self._items = np.zeros(len(self._groups), dtype=np.int64)
        self._agreed = np.zeros(len(self._groups), dtype=np.int64)
        self._chances = np.zeros(len(self._groups), dtype=np.int64)
        self._promised = 0

    def add(
        self,
        posterior: npt.NDArray[np.float64],
        labels: npt.NDArray[np.int8],
        decisions: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        within: Mapping[str, npt.NDArray[np.float64]] | None = None,
    ) -> None:
        """Adds rows: chances [rows, K] that add up to 1; labels and decisions 0 to K-1, or -1 (no label: skipped; no answer: wrong).

        within: for an attribute that shapes the features, the chances [rows, K] given also the row's own level of it; levels of that
        attribute are judged by those. Raises Fault for unequal lengths, and for a chance or a code out of range.
        """
        lengths = {len(posterior), len(labels), len(decisions), *(len(groups[attribute]) for attribute in self._levels)}
        if len(lengths) > 1:
            raise Fault("posterior, labels, decisions and groups have different numbers of rows")
        for start in range(0, len(labels), CHUNK):
            rows = np.flatnonzero(labels[start : start + CHUNK] >= 0) + start
            agreed = (labels[rows] == decisions[rows]).astype(np.int64)
            codes = {attribute: groups[attribute][rows] for attribute in self._levels}
            own = {attribute: self._largest(chances[rows]) for attribute, chances in (within or {}).items()}
            self._add_labelled(self._largest(posterior[rows]), agreed, codes, own)
            graded = np.flatnonzero(decisions[rows] >= 0)
            self._promised += int(units_of(posterior[rows][graded, decisions[rows][graded]]).sum())

    def result(self) -> tuple[BestShare, ...]:
        """Everybody first, then each level in declared order."""
        return tuple(
            BestShare(
                group=group,
                metric="exact_agreement",
                value=int(self._agreed[k]) / n if n else None,
                best=int(self._chances[k]) / UNIT / n if n else None,
                n=n,
                reason="" if n else "no labelled row",
            )
            for k, (group, n) in enumerate(zip(self._groups, self._items.tolist(), strict=True))
        )

    def foreseen(self) -> Foreseen:
        """How many items are expected to be of the level that they were given."""
        items = int(self._items[0])
        return Foreseen(choices=items, expected=self._promised / UNIT, of=items)

    def _largest(self, chances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The largest chance of each row, in multiples of 2**-32."""
        if chances.ndim != 2 or chances.shape[1] != self._grades:
            raise Fault(f"the chances of {self._grades} levels have the shape {chances.shape}")
        if not np.all((chances >= 0) & (chances <= 1)) or not np.all(np.abs(chances.sum(axis=1) - 1) <= _SLACK):
            raise Fault("the chances of the levels of an item are not in [0, 1], or do not add up to 1")
        return units_of(chances.max(axis=1))

    def _add_labelled(
        self,
        units: npt.NDArray[np.float64],
        agreed: npt.NDArray[np.int64],
        groups: Mapping[str, npt.NDArray[np.int32]],
        own: Mapping[str, npt.NDArray[np.float64]],
    ) -> None:
        if not len(units):
            return
        self._add_groups(0, 1, np.zeros(len(units), dtype=np.int64), agreed, units)
        first = 1
        for attribute, names in self._levels.items():
            codes = groups[attribute]
            if codes.min() < 0 or codes.max() >= len(names):
                raise Fault(f"group codes of {attribute} outside 0 to {len(names) - 1}")
            self._add_groups(first, len(names), codes.astype(np.int64), agreed, own.get(attribute, units))
            first += len(names)

    def _add_groups(
        self, first: int, levels: int, codes: npt.NDArray[np.int64], agreed: npt.NDArray[np.int64], units: npt.NDArray[np.float64]
    ) -> None:
        of = slice(first, first + levels)
        self._items[of] += np.bincount(codes, minlength=levels)
        self._agreed[of] += np.bincount(codes, weights=agreed, minlength=levels).astype(np.int64)
        self._chances[of] += np.bincount(codes, weights=units, minlength=levels).astype(np.int64)
