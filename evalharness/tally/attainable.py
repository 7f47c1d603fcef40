"""How far a model is from the best that its inputs allow, where a synthetic benchmark knows the truth.

The benchmark stores, for every item, the true chance that it is relevant given exactly the features a model receives. By
Neyman and Pearson (1933) no rule on those features finds more relevant items at a given false-positive rate than one that
selects above a threshold of that chance, drawing lots at the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.records import OVERALL, Group
from evalharness.stats.best_rule import least_spent, most_gained
from evalharness.tally.group_sums import CHUNK, UNIT, units_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainable:
    """One group: what the model found, and what the best rule at the model's own false-positive rate would be expected to find."""

    group: Group
    """Everybody, or one level of one attribute."""
    best_recall: float | None
    """Expected recall of the best rule; null with a reason."""
    recall: float | None
    """The model's measured recall, an item without an answer being missed; null with a reason."""
    false_positive_rate: float | None
    """The model's measured false-positive rate, an item without an answer being a false alarm; null with a reason."""
    positives: int
    """Relevant items by their label."""
    negatives: int
    """Irrelevant items by their label."""
    expected_positives: float
    """Relevant items to be expected: the sum of the true chances."""
    best_false_positive_rate: float | None
    """Expected false-positive rate of the best rule that finds as large a share as the model does; null with a reason."""
    reason: str
    """Why a figure is null; empty when none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestShare:
    """One group and one metric of another task: what the model reached, and what the best rule would be expected to reach."""

    group: Group
    """Everybody, or one level of one attribute."""
    metric: str
    """A share that is better when it is higher."""
    value: float | None
    """The model's, an item without an answer being wrong; null with a reason."""
    best: float | None
    """Expected of the best rule on the same inputs; null with a reason."""
    n: int
    """Items in the denominator."""
    reason: str
    """Why a figure is null; empty when none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What the true chances say of a classifier's own choices, all labelled items together.

    Whoever chooses by the features alone is right as often as they say, on average, however good or bad the choice; only who knows more
    than the features is right more often.
    """

    choices: int
    """Items selected; for an ordinal task all labelled items, one without an answer being wrong."""
    expected: float
    """How many of them are right in expectation: the sum of the true chances."""
    of: float
    """How many are relevant in expectation among all labelled items; for an ordinal task `choices`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Labelled rows, ready to be summed."""

    steps: npt.NDArray[np.int64]
    """Bin of the true chance."""
    units: npt.NDArray[np.float64]
    """True chance in multiples of 2**-32."""
    outcomes: npt.NDArray[np.int64]
    """2 x label + (found, or false alarm)."""


class AttainableCounter:
    """Streams true chances, labels and decisions; order of rows and cuts of batches change nothing.

    `levels` are the levels of each protected attribute; each level is a group, and so is everybody. The chances are binned on
    `grid` equal steps of [0, 1]. Inside a bin the best rule is taken to draw lots, which understates what could be found by
    less than one part in `grid` of the items in that one bin. Memory: 16 bytes a group and step.
    """

    def __init__(self, levels: Mapping[str, tuple[str, ...]], grid: int = 10_000) -> None:
        if grid < 1:
            raise Fault("the grid needs at least one step")
        self._grid = grid
        self._levels = {attribute: tuple(names) for attribute, names in levels.items()}
        singles = [((attribute, name),) for attribute, names in self._levels.items() for name in names]
        self._groups: tuple[Group, ...] = (OVERALL, *singles)
        self._items = np.zeros((len(self._groups), grid), dtype=np.int64)
        self._chances = np.zeros((len(self._groups), grid), dtype=np.int64)
        self._outcomes = np.zeros((len(self._groups), 4), dtype=np.int64)
        self._selected = 0
        self._promised = 0

    def add(
        self,
        posterior: npt.NDArray[np.float64],
        labels: npt.NDArray[np.int8],
        decisions: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        within: Mapping[str, npt.NDArray[np.float64]] | None = None,
    ) -> None:
        """Adds rows: true chances in [0, 1]; labels 1, 0 or -1 (none; skipped); decisions 1, 0 or -1 (no answer); group codes.

        within: for an attribute that shapes the features, the true chances given also the row's own level of it. Levels of that
        attribute are judged by those: a rule made for one level could use them, and the chances that average over levels could not
        say what is best within one. Raises Fault for unequal lengths, and for a chance or a code out of range.
        """
        lengths = {len(posterior), len(labels), len(decisions), *(len(groups[attribute]) for attribute in self._levels)}
        if len(lengths) > 1:
            raise Fault("posterior, labels, decisions and groups have different numbers of rows")
        for start in range(0, len(posterior), CHUNK):
            rows = np.flatnonzero(labels[start : start + CHUNK] >= 0) + start
            codes = {attribute: groups[attribute][rows] for attribute in self._levels}
            own = {attribute: chances[rows] for attribute, chances in (within or {}).items()}
            labelled = _labelled_rows(posterior[rows], labels[rows], decisions[rows], self._grid)
            self._add_labelled(labelled, codes, own)
            selected = decisions[rows] == 1
            self._selected += int(selected.sum())
            self._promised += int(labelled.units[selected].sum())

    def result(self) -> tuple[Attainable, ...]:
        """Everybody first, then each level in declared order."""
        return tuple(_judged(group, self._items[k], self._chances[k], self._outcomes[k].tolist()) for k, group in enumerate(self._groups))

    def foreseen(self) -> Foreseen:
        """How many of the items selected are expected to be relevant."""
        return Foreseen(choices=self._selected, expected=self._promised / UNIT, of=int(self._chances[0].sum()) / UNIT)

    def _add_labelled(
        self, rows: _Rows, groups: Mapping[str, npt.NDArray[np.int32]], within: Mapping[str, npt.NDArray[np.float64]]
    ) -> None:
        if not len(rows.steps):
            return
        self._add_groups(0, 1, np.zeros(len(rows.steps), dtype=np.int64), rows)
        first = 1
        for attribute, names in self._levels.items():
            codes = groups[attribute]
            if codes.min() < 0 or codes.max() >= len(names):
                raise Fault(f"group codes of {attribute} outside 0 to {len(names) - 1}")
            own = _with_chances(rows, within[attribute], self._grid) if attribute in within else rows
            self._add_groups(first, len(names), codes.astype(np.int64), own)
            first += len(names)

    def _add_groups(self, first: int, levels: int, codes: npt.NDArray[np.int64], rows: _Rows) -> None:
        own = slice(first, first + levels)
        keys = codes * self._grid + rows.steps
        shape = (levels, self._grid)
        size = levels * self._grid
        self._items[own] += np.bincount(keys, minlength=size).reshape(shape)
        self._chances[own] += np.bincount(keys, weights=rows.units, minlength=size).astype(np.int64).reshape(shape)
        self._outcomes[own] += np.bincount(4 * codes + rows.outcomes, minlength=4 * levels).reshape(levels, 4)


def _with_chances(rows: _Rows, chances: npt.NDArray[np.float64], grid: int) -> _Rows:
    steps, units = _binned(chances, grid)
    return _Rows(steps=steps, units=units, outcomes=rows.outcomes)


def _binned(chances: npt.NDArray[np.float64], grid: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    if not np.all((chances >= 0) & (chances <= 1)):
        raise Fault("a true chance is not in [0, 1]")
    return np.minimum((chances * grid).astype(np.int64), grid - 1), units_of(chances)


def _labelled_rows(posterior: npt.NDArray[np.float64], labels: npt.NDArray[np.int8], decisions: npt.NDArray[np.int8], grid: int) -> _Rows:
    steps, units = _binned(posterior, grid)
    flagged = np.where(labels == 1, decisions == 1, decisions != 0)
    return _Rows(
        steps=steps,
        units=units,
        outcomes=2 * labels.astype(np.int64) + flagged,
    )


def _judged(group: Group, items: npt.NDArray[np.int64], chances: npt.NDArray[np.int64], outcomes: list[int]) -> Attainable:
    true_negatives, false_positives, misses, found = outcomes
    negatives, positives = true_negatives + false_positives, misses + found
    false_positive_rate = false_positives / negatives if negatives else None
    recall = found / positives if positives else None
    right, wrong = chances[::-1].astype(np.float64), (items * UNIT - chances)[::-1].astype(np.float64)
    all_right, all_wrong = float(right.sum()), float(wrong.sum())
    possible = all_right > 0 and all_wrong > 0
    best = least = None
    if possible and false_positive_rate is not None:
        best = min(1.0, most_gained(right, wrong, false_positive_rate * all_wrong) / all_right)
    if possible and recall is not None:
        least = min(1.0, least_spent(right, wrong, recall * all_right) / all_wrong)
    reasons = [
        reason
        for missing, reason in (
            (not negatives + positives, "no labelled row"),
            (not negatives and positives, "no irrelevant item, so the false-positive rate is undefined"),
            (not positives and negatives, "no relevant item, so the model's recall is undefined"),
            (negatives and best is None, "by the true chances no item can be relevant, or none irrelevant"),
        )
        if missing
    ]
    return Attainable(
        group=group,
        best_recall=best,
        recall=recall,
        false_positive_rate=false_positive_rate,
        positives=positives,
        negatives=negatives,
        expected_positives=int(chances.sum()) / UNIT,
        best_false_positive_rate=least,
        reason="; ".join(reasons),
    )
