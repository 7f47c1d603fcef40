"""Candidate pairs of a supplied linkage table: known records of one split, each pair once. Every problem is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.columns import PAIR_ENDS
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.exact import Rows, length
from evalharness.benchmarks.record_index import ABSENT, RecordIndex
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import NotText, as_text, coded, type_refusal
from evalharness.benchmarks.writing import Written
from evalharness.errors import Problems, shown
from evalharness.records.progress import Progress

_SHOWN = 3


def inspect_pairs(declaration: Declaration, records: Table, pairs: Table, progress: Progress) -> Written:
    """Rows and digests of the pairs. Raises BadInput with all problems. Memory: 25 bytes a record, 8 bytes a pair."""
    problems = Problems()
    _check_types(pairs, problems)
    problems.raise_if_any()
    work = _Pass(pairs=pairs, problems=problems)
    work.know(declaration, records)
    total = getattr(pairs, "rows", None)
    for rows in pairs.scan(PAIR_ENDS):
        work.add(rows)
        progress(f"checking the pairs of {declaration.name}", work.rows, total)
    return work.result()


def _check_types(pairs: Table, problems: Problems) -> None:
    types = pairs.types()
    for name in PAIR_ENDS:
        where = f"{pairs.path}: column '{name}'"
        if name not in types:
            problems.add("the column is missing", where=where, expected=" and ".join(PAIR_ENDS), hint="one row a candidate pair")
        elif refusal := type_refusal(types[name]):
            problems.add(f"an id cannot be {refusal}", where=where, expected="ids as in the table of records")


@dataclass(slots=True)
class _Fault:
    """One kind of fault: how often, and the first few rows."""

    what: str
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, found: npt.NDArray[np.bool_], start: int, ends: tuple[Any, Any]) -> None:
        """`found` [rows], the first of which has number `start` (from 0)."""
        rows = np.flatnonzero(found)
        self.count += len(rows)
        for row in rows[: _SHOWN - len(self.examples)].tolist():
            left, right = (shown(end[row].as_py(), 40) for end in ends)
            self.examples.append(f"row {start + row + 1} ('{left}', '{right}')")


@dataclass(slots=True)
class _Pass:
    pairs: Table
    problems: Problems
    rows: int = 0
    index: RecordIndex | None = None
    splits: Any = None
    """[records] code of the split, in stored order."""
    keys: list[npt.NDArray[np.uint64]] = field(default_factory=list)
    digests: dict[str, ColumnDigest] = field(default_factory=lambda: {name: ColumnDigest() for name in PAIR_ENDS})
    faults: dict[str, _Fault] = field(
        default_factory=lambda: {
            "none": _Fault("pairs without two ids"),
            "unknown": _Fault("pairs with an id that no record has"),
            "itself": _Fault("pairs of a record with itself"),
            "split": _Fault("pairs whose records are of two splits"),
        }
    )
    not_text: str = ""

    def know(self, declaration: Declaration, records: Table) -> None:
        """Learns ids and splits of the records."""
        codes: list[npt.NDArray[np.int16]] = []
        columns = declaration.columns
        self.index = RecordIndex(as_text(rows[columns.id]) for rows in records.scan([columns.id]))
        known: dict[str, int] = {}
        if columns.split is not None:
            for rows in records.scan([columns.split], coded=(columns.split,)):
                own, names = coded(rows[columns.split])
                table = np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int16)
                codes.append(table[own])
        self.splits = np.concatenate(codes) if codes else np.zeros(len(self.index), dtype=np.int16)

    def add(self, rows: Rows) -> None:
        """One block of pairs."""
        try:
            ends = as_text(rows[PAIR_ENDS[0]]), as_text(rows[PAIR_ENDS[1]])
        except NotText as error:
            self.not_text = self.not_text or str(error)
            return
        for name, end in zip(PAIR_ENDS, ends, strict=True):
            self.digests[name].add(end)
        assert self.index is not None  # noqa: S101 - `know` comes first
        none = np.zeros(length(rows), dtype=bool)
        for end in ends:
            if end.null_count:
                none |= end.is_null().to_numpy(zero_copy_only=False)
        left, right = (self.index.rows(end) for end in ends)
        unknown = ~none & ((left == ABSENT) | (right == ABSENT))
        fine = ~none & ~unknown
        itself = fine & (left == right)
        split = fine & (self.splits[left] != self.splits[right])
        for kind, found in (("none", none), ("unknown", unknown), ("itself", itself), ("split", split)):
            self.faults[kind].note(found, self.rows, ends)
        low, high = np.minimum(left, right)[fine], np.maximum(left, right)[fine]
        self.keys.append(low.astype(np.uint64) * np.uint64(len(self.index)) + high.astype(np.uint64))
        self.rows += length(rows)

    def result(self) -> Written:
        """Rows and digests. Raises BadInput with everything that was found."""
        where = self.pairs.path
        if self.not_text:
            self.problems.add(f"an id cannot be {self.not_text}", where=where, expected="ids as in the table of records")
        elif not self.rows:
            self.problems.add("there are no candidate pairs", where=where, expected="one row a pair")
        for fault in self.faults.values():
            if fault.count:
                expected = "two different records of one split"
                self.problems.add(f"{fault.what}: {fault.count}", where=where, got="; ".join(fault.examples), expected=expected)
        repeated = self._repeated()
        if repeated:
            hint = "a pair is the same whichever record comes first"
            self.problems.add(f"rows that repeat an earlier pair: {repeated}", where=where, expected="each pair once", hint=hint)
        self.problems.raise_if_any()
        columns = {name: ("text", digest.digest()) for name, digest in self.digests.items()}
        return Written(rows=self.rows, splits={}, columns=columns)

    def _repeated(self) -> int:
        keys = np.concatenate([*self.keys, np.zeros(0, dtype=np.uint64)])
        return len(keys) - len(np.unique(keys))


def pairs_of_split(index: RecordIndex, pairs: Iterator[Rows]) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """(left, right) row numbers, left below right, of the pairs whose records the index knows."""
    for rows in pairs:
        first, second = (index.rows(as_text(rows[name])) for name in PAIR_ENDS)
        known = (first != ABSENT) & (second != ABSENT)
        yield np.minimum(first, second)[known], np.maximum(first, second)[known]
