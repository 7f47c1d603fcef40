"""Columns of a review log as arrays: text as codes, and numbers, times and yes or no as they are written, row by row checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.errors import BadInput, Problem

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
MOST_SHOWN = 1_000
"""Problems of rows that are listed; of the rest the number is told."""
_UTC = pa.timestamp("us", tz="UTC")


@dataclass
class RowProblems:
    """What is wrong with rows of one file; rows are counted from the header, which is row 1."""

    where: str
    count: int = 0
    found: list[tuple[int, Problem]] = field(default_factory=list)

    def add(
        self, rows: Flags | Sequence[int], what: str, *, got: Callable[[int], object] | None = None, expected: str = "", hint: str = ""
    ) -> None:
        """`rows`: [N] whether a row has it, or their places."""
        places = np.flatnonzero(rows) if isinstance(rows, np.ndarray) and rows.dtype == np.bool_ else np.asarray(rows, dtype=np.int64)
        self.count += len(places)
        for place in places[:MOST_SHOWN].tolist():
            told = "" if got is None else str(got(place))
            self.found.append((place, Problem(what=what, where=f"{self.where}: row {place + 2}", got=told, expected=expected, hint=hint)))

    def raise_if_any(self) -> None:
        """Raises BadInput with the first in the order of rows, and how many there are."""
        if not self.count:
            return
        first = [problem for _, problem in sorted(self.found, key=lambda pair: pair[0])[:MOST_SHOWN]]
        if self.count > len(first):
            first.append(Problem(what=f"and {self.count - len(first):,} more problems of rows", where=self.where))
        raise BadInput(first)


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """[N] codes into the distinct texts."""

    codes: Ints
    texts: pa.Array

    def text(self, row: int) -> str:
        """What stands in a row."""
        return str(self.texts[int(self.codes[row])].as_py())

    def mapped(self, values: Mapping[str, int], other: int) -> npt.NDArray[np.int8]:
        """[N] the value of each text; `other` where it has none."""
        known = np.array([values.get(text, other) for text in self.texts.to_pylist()] or [other], dtype=np.int8)
        return known[self.codes]


def coded(column: pa.ChunkedArray | pa.Array) -> Coded:
    """Text, or what can be written as text; no value is the empty text."""
    whole = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    if pa.types.is_dictionary(whole.type):
        whole = whole.unify_dictionaries()
    else:
        whole = (whole if pa.types.is_string(whole.type) else whole.cast(pa.string())).dictionary_encode().unify_dictionaries()
    texts = (whole.chunk(0).dictionary if whole.num_chunks else pa.array([])).cast(pa.string())
    parts = [pc.fill_null(chunk.indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False) for chunk in whole.chunks]
    codes = np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
    missing = codes < 0
    if missing.any():
        codes = np.where(missing, np.int32(len(texts)), codes)
        texts = pa.concat_arrays([texts, pa.array([""])])
    return Coded(codes, texts)


def places_among(column: pa.ChunkedArray | pa.Array, values: pa.Array) -> tuple[Ints, Callable[[int], str]]:
    """[N] the place of each text among distinct `values`, -1 for none; and what stands in a row. Codes are made of what has many values
    only where it comes as codes."""
    whole = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    if pa.types.is_dictionary(whole.type):
        found = _coded_places(whole, values)
    else:
        whole = whole if whole.type == values.type else whole.cast(values.type)
        found = [_or_none(chunk) for chunk in pc.index_in(whole, value_set=values).chunks]

    def text(row: int) -> str:
        return str(whole[row].as_py() or "")

    return np.concatenate(found) if found else np.empty(0, dtype=np.int32), text


def _coded_places(column: pa.ChunkedArray, values: pa.Array) -> list[Ints]:
    """Chunk by chunk; one with the dictionary of the chunk before takes its places."""
    found: list[Ints] = []
    before: pa.Array | None = None
    for chunk in column.chunks:
        if before is None or not chunk.dictionary.equals(before):
            before = chunk.dictionary
            places = np.append(_or_none(pc.index_in(before.cast(values.type), value_set=values)), np.int32(-1))  # -1: no value
        found.append(places[_or_none(chunk.indices.cast(pa.int32()))])
    return found


def _or_none(places: pa.Array) -> Ints:
    return np.asarray(pc.fill_null(places, -1).to_numpy(zero_copy_only=False), dtype=np.int32)


def flags(column: pa.ChunkedArray, name: str, problems: RowProblems) -> Flags:
    """`true` or `false`, or a column of booleans without a gap."""
    if pa.types.is_boolean(column.type) and not column.null_count:
        return np.asarray(column.to_numpy(), dtype=np.bool_)
    text = coded(column)
    found = text.mapped({"true": 1, "false": 0}, -1)
    problems.add(found < 0, f"{name} is neither true nor false", got=text.text, expected="true or false")
    found_true: Flags = found == 1
    return found_true


def numbers(column: pa.ChunkedArray, name: str, least: float, most: float, problems: RowProblems) -> npt.NDArray[np.float64]:
    """Decimal numbers in [least, most]."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        whole = column if column.type == pa.float64() else column.cast(pa.float64())
        found = np.asarray((whole.fill_null(np.nan) if whole.null_count else whole).to_numpy(), dtype=np.float64)
        told: Callable[[int], object] = lambda row: found[row]  # noqa: E731
    else:
        text = coded(column)
        decimal = pc.match_substring_regex(text.texts, r"^[0-9]{1,12}(\.[0-9]{1,12})?$")
        known = pc.if_else(decimal, text.texts, pa.scalar(None, pa.string())).cast(pa.float64())
        found = known.fill_null(np.nan).to_numpy(zero_copy_only=False)[text.codes]
        told = text.text
    with np.errstate(invalid="ignore"):
        bad = ~((found >= least) & (found <= most))
    problems.add(bad, f"{name} is no number in its range", got=told, expected=f"a decimal number from {least:g} to {most:g}")
    return found


def times(column: pa.ChunkedArray, name: str, problems: RowProblems) -> npt.NDArray[np.int64]:
    """Microseconds since 1970, of UTC times such as 2026-11-01T08:00:00Z. Where one cannot be read all are looked at one by one."""
    if pa.types.is_timestamp(column.type):
        if column.type.tz == "UTC" and not column.null_count:
            return np.asarray(column.cast(_UTC).cast(pa.int64()).to_numpy(), dtype=np.int64)
        problems.add([0], f"{name} is without time zone, or lacks a value", got=lambda _: column.type, expected="timestamps of UTC")
        return np.zeros(len(column), dtype=np.int64)
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    zulu = pc.fill_null(pc.ends_with(column, "Z"), False).to_numpy()
    if zulu.all():
        try:
            return np.asarray(column.cast(_UTC).cast(pa.int64()).to_numpy(), dtype=np.int64)
        except pa.ArrowInvalid:
            pass
    good = pc.fill_null(pc.match_substring_regex(column, r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?Z$"), False).to_numpy()
    bad = np.array([not fine or not _is_time(column[row].as_py()) for row, fine in enumerate(good)], dtype=np.bool_)
    problems.add(bad, f"{name} is no time", got=lambda row: column[row].as_py(), expected="UTC, such as 2026-11-01T08:00:00Z")
    return np.zeros(len(column), dtype=np.int64)


def _is_time(text: str) -> bool:
    try:
        pa.array([text]).cast(_UTC)
    except pa.ArrowInvalid:
        return False
    return True
