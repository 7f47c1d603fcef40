"""What a column must be to play its role."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from evalharness.benchmarks.columns import NUMBERS
from evalharness.benchmarks.content_rule import holds_bytes
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.numbers import number_refusal
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import CONTROL, has_control, parts, plain_ascii, type_refusal
from evalharness.errors import Problems, shown
from evalharness.files.manifest import Role

LONGEST_ID = 200
LONGEST_LEVEL = 128
MOST_LEVELS = 200
SMALLEST_CHANCE = 1e-9
"""An item drawn with less would stand for more items than there are."""
_A: dict[Role, str] = {
    "id": "an id",
    "cluster": "a cluster",
    "queue": "a queue",
    "entity": "an entity",
    "label": "a label",
    "group": "a group",
    "split": "a split",
    "band": "a band",
    "arrived": "a time of arrival",
    "minutes": "minutes of review",
    "inclusion": "a chance of being drawn",
}
_EXPECTED = "text, whole numbers or true and false"
_NUMBERS = "finite numbers"


def check_types(declaration: Declaration, table: Table, problems: Problems) -> None:
    """Adds a problem for each declared column that is absent, and for each column whose type cannot play its role."""
    types = table.types()
    for role, name in declaration.columns.by_role():
        where = f"{table.path}: column '{shown(name)}'"
        if name not in types:
            near = difflib.get_close_matches(name, types, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"name it in {declaration.path.name} as the table does"
            problems.add("the column is missing", where=where, expected=", ".join(list(types)[:20]), hint=hint)
        elif role in NUMBERS and (refusal := number_refusal(types[name])):
            problems.add(f"{_A[role]} cannot be {refusal}", where=where, expected=_NUMBERS)
        elif role != "feature" and role not in NUMBERS and (refusal := type_refusal(types[name])):
            problems.add(f"{_A[role]} cannot be {refusal}", where=where, expected=_EXPECTED)
    if declaration.table is None:
        return
    for name, kind in types.items():
        if holds_bytes(kind) and not declaration.contains_content:
            problems.add(
                "a column may hold content",
                where=f"{table.path}: column '{shown(name)}'",
                got=f"type {kind}",
                expected="numbers, booleans or short text",
                hint="remove the column, or say `contains_content: true`: then only local models run",
            )


@dataclass(slots=True)
class _ColumnCheck:
    """What is noted of any column that is read as text."""

    name: str
    role: Role
    nulls: int = 0
    first_null: int = 0
    seen: int = 0
    refusal: str = ""

    def refuse(self, why: str, row: int) -> None:
        """The column is not text from the block that starts at `row` (from 0)."""
        self.refusal = self.refusal or f"{why}, first in rows {row + 1} and after"

    def _note_nulls(self, rows: npt.NDArray[np.intp]) -> None:
        """Rows without a value, numbered from the first that was not seen yet."""
        if len(rows):
            self.first_null = self.first_null or self.seen + int(rows[0]) + 1
            self.nulls += len(rows)

    def _report_refusal(self, problems: Problems, where: str) -> None:
        if self.refusal:
            expected = _NUMBERS if self.role in NUMBERS else _EXPECTED
            problems.add(f"{_A[self.role]} cannot be {self.refusal}", where=where, expected=expected)

    def _report_nulls(self, problems: Problems, where: str) -> None:
        word = _A[self.role]
        if self.nulls:
            got = f"first in row {self.first_null}"
            problems.add(f"rows without {word}: {self.nulls}", where=where, got=got, expected=f"{word} in every row")


@dataclass(slots=True)
class TextCheck(_ColumnCheck):
    """Ids, clusters, queues and entities: a value in every row, no control characters, not longer than 200 bytes."""

    odd: int = 0
    first_odd: int = 0

    @property
    def broken(self) -> bool:
        """Whether a later check would stumble over its values."""
        return bool(self.nulls or self.refusal)

    def add(self, text: Any) -> None:
        """Consecutive values: a pyarrow string array."""
        if text.null_count:
            self._note_nulls(np.flatnonzero(text.is_null().to_numpy(zero_copy_only=False)))
        lengths, content = parts(text)
        if not plain_ascii(content) or int(lengths.max(initial=0)) > LONGEST_ID or int(lengths.min(initial=1)) == 0:
            self._look(text, lengths)
        self.seen += len(text)

    def _look(self, text: Any, lengths: npt.NDArray[np.int32]) -> None:
        control = pc.fill_null(pc.match_substring_regex(text, CONTROL), False).to_numpy(zero_copy_only=False)
        empty = (lengths == 0) & ~text.is_null().to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(control | empty | (lengths > LONGEST_ID))
        if len(rows):
            self.first_odd = self.first_odd or self.seen + int(rows[0]) + 1
            self.odd += len(rows)

    def report(self, problems: Problems, path: Path) -> None:
        """Adds what was found."""
        where = f"{path}: column '{shown(self.name)}'"
        word = _A[self.role]
        self._report_refusal(problems, where)
        self._report_nulls(problems, where)
        if self.odd:
            problems.add(
                f"rows with {word} that cannot be shown: {self.odd}",
                where=where,
                got=f"first in row {self.first_odd}",
                expected=f"1 to {LONGEST_ID} bytes without control characters",
            )


@dataclass(slots=True)
class LevelCheck(_ColumnCheck):
    """Labels, groups, bands and splits: few levels, each short and without control characters; a split in every row."""

    levels: set[str] = field(default_factory=set)

    @property
    def broken(self) -> bool:
        """Whether a later check would stumble over its values."""
        return bool(self.refusal or len(self.levels) > MOST_LEVELS or (self.role == "split" and self.nulls))

    def add(self, codes: npt.NDArray[np.int32], texts: list[str]) -> None:
        """Consecutive values, as codes into `texts`; -1 is no value."""
        self._note_nulls(np.flatnonzero(codes < 0))
        if len(self.levels) <= MOST_LEVELS:
            self.levels.update(texts)
        self.seen += len(codes)

    def report(self, problems: Problems, path: Path) -> None:
        """Adds what was found."""
        where = f"{path}: column '{shown(self.name)}'"
        word = _A[self.role]
        self._report_refusal(problems, where)
        if len(self.levels) > MOST_LEVELS:
            problems.add(
                f"more than {MOST_LEVELS} different values",
                where=where,
                expected=f"the few values that {word} can have",
                hint="an id or a number is no group: name another column, or put the values into bands",
            )
            return
        for level in sorted(level for level in self.levels if not level or len(level) > LONGEST_LEVEL or has_control(level)):
            problems.add(
                f"{word} cannot be shown",
                where=where,
                got=shown(level, 60),
                expected=f"1 to {LONGEST_LEVEL} characters, no control characters",
            )
        if self.role == "split":
            self._report_nulls(problems, where)


@dataclass(slots=True)
class NumberCheck(_ColumnCheck):
    """Times of arrival, minutes of review, chances: a finite number in every row, minutes not below 0, chances from 1e-9 to 1."""

    below: int = 0
    first_below: int = 0

    @property
    def broken(self) -> bool:
        """Whether a later check would stumble over its values."""
        return bool(self.nulls or self.refusal)

    def add(self, numbers: Any) -> None:
        """Consecutive values: a pyarrow float64 array."""
        if numbers.null_count:
            self._note_nulls(np.flatnonzero(numbers.is_null().to_numpy(zero_copy_only=False)))
        outside = pc.less(numbers, 0.0)
        if self.role == "inclusion":
            outside = pc.or_(pc.less(numbers, SMALLEST_CHANCE), pc.greater(numbers, 1.0))
        rows = np.flatnonzero(pc.fill_null(outside, False).to_numpy(zero_copy_only=False))
        if self.role != "arrived" and len(rows):
            self.first_below = self.first_below or self.seen + int(rows[0]) + 1
            self.below += len(rows)
        self.seen += len(numbers)

    def report(self, problems: Problems, path: Path) -> None:
        """Adds what was found."""
        where = f"{path}: column '{shown(self.name)}'"
        self._report_refusal(problems, where)
        self._report_nulls(problems, where)
        if self.below:
            got = f"first in row {self.first_below}"
            what = f"rows with negative {_A[self.role]}" if self.role == "minutes" else f"rows with {_A[self.role]} that is none"
            expected = "0 or more" if self.role == "minutes" else f"from {SMALLEST_CHANCE:g} to 1"
            problems.add(f"{what}: {self.below}", where=where, got=got, expected=expected)
