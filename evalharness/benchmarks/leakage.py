"""What a model could have learned of the items it is judged on: clusters or entities in two splits, features that tell the label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import lgamma, log
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.clusters import clusters_by_split
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import coded

Codes = npt.NDArray[np.int32]

BY_LUCK = 1e-6
"""Chance that a feature which knows nothing goes with the label in every row; features for which it is greater are not told."""
FEWEST_REPEATS = 20
"""Records, beyond the first of their entity, from which on a feature that goes with the entity in every one of them is told."""


def leaks(declaration: Declaration, table: Table) -> Iterator[str]:
    """Everything that leaks, by file and column. Memory: 8 bytes a cluster and split."""
    columns = declaration.columns
    for role, column in dict.fromkeys((("clusters", columns.cluster), ("entities", columns.entity))):
        if column is not None and columns.split is not None and not (role == "entities" and column == columns.cluster):
            yield from _in_two_splits(table, role, column, columns.split)
    yield from _features_that_tell(declaration, table)


def _in_two_splits(table: Table, role: str, column: str, split: str) -> Iterator[str]:
    """What a model learned of a cluster in one split is judged in the other."""
    seen: dict[str, list[npt.NDArray[np.uint64]]] = {}
    for name, texts in clusters_by_split(table, column, split):
        seen.setdefault(name, []).append(np.unique(text_hashes(texts)))
    each = {name: np.unique(np.concatenate(parts)) for name, parts in seen.items()}
    names = sorted(each)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            shared = len(np.intersect1d(each[first], each[second], assume_unique=True))
            if shared:
                yield f"{table.path}: {shared} {role} ('{column}') have rows in both '{first}' and '{second}'"


def _features_that_tell(declaration: Declaration, table: Table) -> Iterator[str]:
    columns = declaration.columns
    answer = columns.answer
    kind: type[_OfLabel | _OfEntity] = _OfLabel if columns.entity is None else _OfEntity
    suspects = {name: kind() for name in columns.features if name not in {columns.label, columns.entity}}
    for rows in table.scan(list(dict.fromkeys([answer, *suspects])), coded=(answer,)) if suspects else ():
        alive = {name: suspect for name, suspect in suspects.items() if not suspect.cleared}
        if not alive:
            return
        answers, names = coded(rows[answer])
        for name, suspect in alive.items():
            suspect.add(rows[name], answers, names)
    for name, suspect in suspects.items():
        if suspect.guilty:
            what = "label" if columns.entity is None else "entity"
            yield f"{table.path}: the feature '{name}' tells the {what} of every one of {suspect.rows} rows{suspect.but}"


@dataclass(slots=True)
class _OfLabel:
    """A feature, until its values are seen not to go with the labels one to one.

    Having no value counts as a value where one label has it and no value tells that label; else rows without a value are left out.
    """

    cleared: bool = False
    label_of: dict[Any, str] = field(default_factory=dict)
    """Value -> label of all rows with it."""
    counts: Counter[str] = field(default_factory=Counter)
    """Label -> rows with a value."""
    without: Counter[str] = field(default_factory=Counter)
    """Label -> rows without one."""

    @property
    def but(self) -> str:
        """What is said of the other rows."""
        return " that have a value" if self.without and not self._told_by_nothing() else ""

    @property
    def rows(self) -> int:
        """How many rows it tells the label of."""
        return (self.counts + self._told_by_nothing()).total()

    @property
    def guilty(self) -> bool:
        """Whether it goes with the label one to one, where luck would hardly do that."""
        told, nothing = list(self.label_of.values()), self._told_by_nothing()
        found = self.counts + nothing
        if self.cleared or len(set(told)) < len(told) or len(found) < 2:
            return False
        ways = lgamma(found.total() + 1) - sum(lgamma(count + 1) for count in found.values()) - lgamma(len(found) + 1)
        return ways > -log(BY_LUCK)

    def add(self, values: Any, labels: Codes, names: list[str]) -> None:
        """Consecutive values with codes of their labels into `names`, -1 for none."""
        labelled = labels >= 0
        codes, texts = _used(values.filter(pa.array(labelled)))
        labels = labels[labelled]
        present = codes >= 0
        self.without.update(_counts(labels[~present], names))
        self.counts.update(_counts(labels[present], names))
        if len(texts) > len(names):
            self.cleared = True
            return
        for key in np.unique(codes[present] * len(names) + labels[present]).tolist():
            value, label = texts[key // len(names)], names[key % len(names)]
            if self.label_of.setdefault(value, label) != label:
                self.cleared = True

    def _told_by_nothing(self) -> Counter[str]:
        """Rows whose label is told by their having no value."""
        one = len(self.without) == 1 and not self.without.keys() & set(self.label_of.values())
        return self.without if one else Counter()


@dataclass(slots=True)
class _OfEntity:
    """A feature of records, until its values are seen not to go with the entities one to one, or not to be their very names."""

    rows: int = 0
    """Those with a value."""
    all_rows: int = 0
    repeats: int = 0
    """Records with a value beyond the first of their entity, batch by batch."""
    same: bool = True
    """Whether every value is the name of the entity."""
    one_to_one: bool = True

    @property
    def but(self) -> str:
        """What is said of the other rows."""
        return " that have a value" if self.rows < self.all_rows else ""

    @property
    def cleared(self) -> bool:
        """Whether nothing more can be found."""
        return not (self.same or self.one_to_one)

    @property
    def guilty(self) -> bool:
        """Whether it is the entity, under its own name or another."""
        return (self.same and self.rows >= FEWEST_REPEATS) or (self.one_to_one and self.repeats >= FEWEST_REPEATS)

    def add(self, values: Any, entities: Codes, names: list[str]) -> None:
        """Consecutive values with codes of their entities into `names`."""
        codes, texts = _used(values)
        present = (codes >= 0) & (entities >= 0)
        codes, entities = codes[present], entities[present]
        self.rows += len(codes)
        self.all_rows += len(present)
        pairs = np.unique(codes * len(names) + entities)
        here = len(np.unique(entities))
        self.one_to_one &= len(pairs) == len(np.unique(codes)) == here
        self.repeats += len(codes) - here
        self.same &= all(_text(texts[key // len(names)]) == names[key % len(names)] for key in pairs.tolist()) if self.same else False


def _used(values: Any) -> tuple[npt.NDArray[np.int64], list[Any]]:
    """(code of each row's value, -1 for none; the values that stand in rows, however many a dictionary lists)."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
    encoded = values.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def _counts(labels: Codes, names: list[str]) -> dict[str, int]:
    return {name: count for name, count in zip(names, np.bincount(labels, minlength=len(names)).tolist(), strict=True) if count}


def _text(value: Any) -> str:
    """As an entity would be written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
