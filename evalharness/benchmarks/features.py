"""Feature columns: their types, digests, and the rule against free text. Columns without a role are only looked at for free text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.column_digest import ColumnDigest, digest_of
from evalharness.benchmarks.content_rule import LONGEST_VALUE, MOST_WORDS, FreeText, holds_text
from evalharness.benchmarks.csv_table import CsvTable
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.exact import Rows
from evalharness.benchmarks.numbers import NotNumbers, as_numbers
from evalharness.benchmarks.table import Table
from evalharness.errors import Problems, shown
from evalharness.files.manifest import Role

TEXT = "text"
NUMBER = "float64"
BYTES = "bytes"
"""Only where the benchmark says that it contains content."""


class FeatureInspection:
    """Looks at every column that is not counted: features, and columns without a role."""

    def __init__(self, declaration: Declaration, table: Table) -> None:
        types = table.types()
        columns = declaration.columns
        counted = set(columns.without_features())
        loose = [name for name in types if name not in counted and name not in columns.features] if declaration.table is not None else []
        self.names = (*columns.features, *(name for name in loose if holds_text(types[name])))
        self._features = columns.features
        from_csv = isinstance(table, CsvTable)
        self._columns = {name: _CsvFeature() if from_csv else _Feature(types[name]) for name in columns.features}
        watched = () if declaration.table is None or declaration.contains_content else self.names
        self._free = {name: FreeText() for name in watched if holds_text(types[name])}

    def add(self, rows: Rows) -> None:
        """One block of 65,536 rows (the last may be shorter)."""
        for name, feature in self._columns.items():
            feature.add(rows[name])
        for name, free in self._free.items():
            free.add(rows[name])

    def report(self, problems: Problems, path: Path) -> None:
        """Adds what was found."""
        for name, feature in self._columns.items():
            if feature.refusal:
                expected = "numbers, booleans or text in UTF-8"
                problems.add(f"a feature cannot be {feature.refusal}", where=f"{path}: column '{shown(name)}'", expected=expected)
        for name, free in self._free.items():
            if free.values:
                problems.add(
                    "a column looks like free text",
                    where=f"{path}: column '{shown(name)}'",
                    got=f"{free.values} values, first in row {free.first}",
                    expected=f"values of one line, at most {LONGEST_VALUE} characters and {MOST_WORDS} words",
                    hint="remove the column, or say `contains_content: true`: then only local models run",
                )

    def digests(self) -> dict[tuple[Role, str], tuple[str, str]]:
        """(role, column) -> (type, digest) of the features."""
        return {("feature", name): feature.result() for name, feature in self._columns.items()}


class _Feature:
    """A stored feature: its type is known."""

    def __init__(self, kind: pa.DataType) -> None:
        self._kind, self.refusal = _feature_type(kind)
        self._digest = ColumnDigest()

    def add(self, array: Any) -> None:
        if self.refusal:
            return
        try:
            array.validate(full=True)
            self._digest.add(array)
        except pa.ArrowInvalid:
            self.refusal = "bytes that are not UTF-8"

    def result(self) -> tuple[str, str]:
        return self._kind, self._digest.digest()


class _CsvFeature:
    """A feature in a CSV file: numbers if every value that is not empty is a finite number, else text."""

    refusal = ""

    def __init__(self) -> None:
        self._text, self._numbers, self._is_number = ColumnDigest(), ColumnDigest(), True

    def add(self, array: Any) -> None:
        self._text.add(array)
        if self._is_number:
            numbers = _finite_numbers(array)
            self._is_number = numbers is not None
            if numbers is not None:
                self._numbers.add(numbers)

    def result(self) -> tuple[str, str]:
        return (NUMBER, self._numbers.digest()) if self._is_number else (TEXT, self._text.digest())


def _finite_numbers(text: Any) -> Any | None:
    """The numbers that a text array holds; None when a value is not a finite number in plain notation."""
    try:
        return as_numbers(text)
    except NotNumbers:
        return None


def _feature_type(kind: pa.DataType) -> tuple[str, str]:
    """(name of the type in a manifest, why it is refused)."""
    if holds_text(kind):
        return TEXT, ""
    if pa.types.is_boolean(kind):
        return "bool", ""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return str(np.dtype(kind.to_pandas_dtype()).name), ""
    if pa.types.is_binary(kind):
        return BYTES, ""
    return str(kind), f"a column of type {kind}"


def type_name(kind: Any) -> str:
    """Name of a stored type in a manifest."""
    return _feature_type(kind.value_type if pa.types.is_dictionary(kind) else kind)[0]


def feature_blocks(table: Table, name: str, kind: str) -> Iterator[Any]:
    """The values of a feature as a model receives them, in blocks of 65,536."""
    for rows in table.scan([name]):
        yield as_feature(rows[name], kind)


def as_feature(array: Any, kind: str) -> Any:
    """Values as a model receives them: text as text, numbers of a CSV file as float64, the rest as stored."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if kind == TEXT:
        return array.cast(pa.string())
    return array.cast(pa.float64()) if pa.types.is_string(array.type) else array


def differing_features(table: Table, wanted: Mapping[str, tuple[str, str]]) -> list[str]:
    """Features whose content does not have the digest `wanted[name] = (type, digest)`."""
    try:
        return [name for name, (kind, digest) in wanted.items() if digest_of(feature_blocks(table, name, kind)) != digest]
    except pa.ArrowInvalid:  # a text that should be a number
        return sorted(wanted)
