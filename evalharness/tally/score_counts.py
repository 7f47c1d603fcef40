"""The score tally: every distinct score with its counts by class and group, from which exact statistics of an ordering are computed.

Unlike the other tallies it grows with the rows, where their scores differ: 32 bytes at most for each distinct score, class and joint cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.records import Group
from evalharness.tally.slices import Slices

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_MOST = 2**62
_HELD = 2**19
_TOGETHER = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreTally:
    """D distinct scores, E entries with a count each, K classes. The same rows give the same arrays, however they were cut and merged."""

    slices: Slices
    """Which groups can be asked for."""
    classes: int
    """K: 2 for items that are relevant or not, else the number of levels, rising."""
    scores: Floats
    """[D], rising."""
    places: Integers
    """[E] which of the scores; rising, and within a score by kind."""
    kinds: Integers
    """[E] joint cell over all attributes x K + class."""
    counts: Integers
    """[E] rows, at least 1."""
    unscored: Integers
    """[U, 2] rows with a label and no score: kind and how many, by rising kind. They are in none of the other arrays."""

    @property
    def rows(self) -> int:
        """Rows with a label and a score."""
        return int(self.counts.sum())

    def of(self, group: Group) -> tuple[Floats, Integers]:
        """The distinct scores [d] of a group, rising, and its counts [K, d]. Raises KeyError for a group that is not counted."""
        self.slices.position(group)
        chosen = self._inside(group)[self.kinds // self.classes]
        places, kinds, counts = self.places[chosen], self.kinds[chosen], self.counts[chosen]
        if not len(places):
            return np.zeros(0), np.zeros((self.classes, 0), dtype=np.int64)
        number = np.concatenate([[0], np.cumsum(places[1:] != places[:-1])])
        table = np.zeros((self.classes, int(number[-1]) + 1), dtype=np.int64)
        np.add.at(table, (kinds % self.classes, number), counts)
        return self.scores[places[np.flatnonzero(np.diff(number, prepend=-1))]], table

    def unscored_of(self, group: Group) -> Integers:
        """[K] rows of a group with a label and no score. Raises KeyError for a group that is not counted."""
        self.slices.position(group)
        kinds, counts = self.unscored.T
        chosen = self._inside(group)[kinds // self.classes]
        totals = np.zeros(self.classes, dtype=np.int64)
        np.add.at(totals, kinds[chosen] % self.classes, counts[chosen])
        return totals

    def merge(self, other: ScoreTally) -> ScoreTally:
        """The tally of both parts; associative and commutative to the byte. Raises Fault when they count different slices or classes."""
        if self.slices != other.slices or self.classes != other.classes:
            raise Fault("score tallies of different slices or classes cannot be merged")
        return _merged([self, other])

    def _inside(self, group: Group) -> npt.NDArray[np.bool_]:
        """[cells] whether a joint cell belongs to the group."""
        level_of = dict(group)
        inside = np.ones(1, dtype=bool)
        for attribute in self.slices.attributes:
            levels = self.slices.levels[attribute]
            own = np.array([attribute not in level_of or level_of[attribute] == level for level in levels], dtype=bool)
            inside = (inside[:, None] & own).reshape(-1)
        return inside


class ScoreTallyCounter:
    """Streams rows into a `ScoreTally`; order of rows and cuts of batches change no byte of it.

    Rows are held until there are half a million, in 16 bytes each, and then counted; eight counted parts are merged into one, and
    eight of those again, so that every entry is moved a logarithmic number of times. `classes` is 2, or the number of levels.
    """

    def __init__(self, slices: Slices, classes: int = 2) -> None:
        if classes < 1 or slices.cells * classes >= _MOST:
            raise Fault(f"{classes} classes of {slices.cells:,} joint cells cannot be counted")
        self._slices, self._classes = slices, classes
        self._held: list[tuple[Floats, Integers]] = []
        self._parts: list[list[ScoreTally]] = [[]]

    def add(self, scores: Floats, labels: npt.NDArray[np.integer], groups: Mapping[str, npt.NDArray[np.integer]]) -> None:
        """Counts rows: scores with NaN for none, labels 0 to K-1 or -1 (none: in no tally), group codes as for `Counter`.

        Raises Fault for lengths or values that break these rules, or an infinite score.
        """
        self._check(scores, labels, groups)
        labelled = labels >= 0
        cells = np.zeros(len(labels), dtype=np.int64)
        for name in self._slices.attributes:
            cells = cells * len(self._slices.levels[name]) + groups[name]
        self._held.append((scores[labelled].astype(np.float64) + 0.0, cells[labelled] * self._classes + labels[labelled]))
        if sum(len(values) for values, _ in self._held) >= _HELD:
            self._count_held()

    def result(self) -> ScoreTally:
        """The tally of all rows so far."""
        if self._held or not any(self._parts):
            self._count_held()
        parts = [part for level in self._parts for part in level]
        if len(parts) > 1:
            parts = [_merged(parts)]
            self._parts = [[]] * (len(self._parts) - 1) + [parts]
        return parts[0]

    def _count_held(self) -> None:
        values = np.concatenate([np.zeros(0), *(values for values, _ in self._held)])
        kinds = np.concatenate([np.zeros(0, dtype=np.int64), *(kinds for _, kinds in self._held)])
        self._held = []
        part = _of_rows(self._slices, self._classes, values, kinds)
        for number, level in enumerate(self._parts):
            if len(level) + 1 < _TOGETHER:
                self._parts[number] = [*level, part]
                return
            part = _merged([*level, part])
            self._parts[number] = []
        self._parts.append([part])

    def _check(self, scores: Floats, labels: npt.NDArray[np.integer], groups: Mapping[str, npt.NDArray[np.integer]]) -> None:
        names = self._slices.attributes
        if len(scores) != len(labels) or any(name not in groups or len(groups[name]) != len(labels) for name in names):
            raise Fault("scores, labels and groups have different numbers of rows, or a group is absent")
        if np.isinf(scores).any():
            raise Fault("an infinite score")
        bounds = [("labels", labels, -1, self._classes - 1)]
        bounds += [(f"group codes of {name}", groups[name], 0, len(self._slices.levels[name]) - 1) for name in names]
        for what, values, low, high in bounds:
            if len(values) and (values.min() < low or values.max() > high):
                raise Fault(f"{what} outside {low} to {high}")


def _of_rows(slices: Slices, classes: int, values: Floats, kinds: Integers) -> ScoreTally:
    silent = np.isnan(values)
    distinct, places = np.unique(values[~silent], return_inverse=True)
    keys = _keys(slices, classes, distinct, places, kinds[~silent])
    keys.sort()
    unscored = np.stack(np.unique(kinds[silent], return_counts=True), axis=1)
    return _tally(slices, classes, distinct, (keys, None), unscored.astype(np.int64, copy=False))


def _merged(parts: list[ScoreTally]) -> ScoreTally:
    scores = np.unique(np.concatenate([part.scores for part in parts]))
    places = np.concatenate([np.searchsorted(scores, part.scores)[part.places] for part in parts])
    kinds, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("kinds", "counts"))
    slices, classes = parts[0].slices, parts[0].classes
    keys = _keys(slices, classes, scores, places, kinds)
    order = np.argsort(keys, kind="stable")  # quick here: the keys are rising runs
    silent = np.concatenate([part.unscored for part in parts])
    distinct, number = np.unique(silent[:, 0], return_inverse=True)
    totals = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(totals, number, silent[:, 1])
    return _tally(slices, classes, scores, (keys[order], counts[order]), np.stack([distinct, totals], axis=1))


def _keys(slices: Slices, classes: int, scores: Floats, places: Integers, kinds: Integers) -> Integers:
    """One number for each score and kind, in the order of the entries."""
    width = slices.cells * classes
    if max(len(scores), 1) * width >= _MOST:
        raise Fault(f"{len(scores):,} distinct scores of {width:,} kinds cannot be counted")
    keys: Integers = places * width + kinds
    return keys


def _tally(slices: Slices, classes: int, scores: Floats, entries: tuple[Integers, Integers | None], unscored: Integers) -> ScoreTally:
    """From rising keys and their counts (1 each if none): adds up those that are equal."""
    keys, counts = entries
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), dtype=bool), keys[1:] != keys[:-1]]))
    places, kinds = np.divmod(keys[starts], slices.cells * classes)
    if counts is None:
        counts = np.diff(starts, append=len(keys))
    elif len(starts):
        counts = np.add.reduceat(counts, starts)
    return ScoreTally(slices=slices, classes=classes, scores=scores, places=places, kinds=kinds, counts=counts, unscored=unscored)
