"""What a model could have learned of the items it is judged on: clusters or entities in two splits, features that tell the label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.clusters import clusters_by_split
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import as_text, coded

FEWEST_ROWS = 20
"""Labelled rows from which on a feature that goes with the label in every one of them is told: by luck it would in one of 2**19."""


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
    suspects = {name: _Suspect() for name in columns.features if name not in {columns.label, columns.entity}}
    for rows in table.scan(list(dict.fromkeys([answer, *suspects])), coded=(answer,)) if suspects else ():
        alive = {name: suspect for name, suspect in suspects.items() if not suspect.cleared}
        if not alive:
            return
        if columns.entity is not None:
            entities = as_text(rows[answer])
            for name, suspect in alive.items():
                suspect.compare(rows[name], entities)
            continue
        labels, names = coded(rows[answer])
        for name, suspect in alive.items():
            suspect.add(rows[name], labels, names)
    for name, suspect in suspects.items():
        if suspect.guilty:
            what = "entity" if columns.entity is not None else "label"
            yield f"{table.path}: the feature '{name}' tells the {what} of every one of {suspect.rows} rows"


@dataclass(slots=True)
class _Suspect:
    """A feature, until its values are seen not to go with the labels one to one."""

    cleared: bool = False
    rows: int = 0
    label_of: dict[Any, str] = field(default_factory=dict)
    """Value -> label of all rows with it."""

    @property
    def guilty(self) -> bool:
        """Whether it goes with the label one to one, in enough rows."""
        one_to_one = len(set(self.label_of.values())) == len(self.label_of)
        return not self.cleared and self.rows >= FEWEST_ROWS and (not self.label_of or (one_to_one and len(self.label_of) > 1))

    def add(self, values: Any, labels: npt.NDArray[np.int32], names: list[str]) -> None:
        """Consecutive values with codes of their labels into `names`, -1 for none."""
        labelled = labels >= 0
        values, labels = values.filter(pa.array(labelled)), labels[labelled]
        encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        own = encoded.dictionary.to_pylist()
        if len(own) > len(names):
            self.cleared = True
            return
        self.rows += len(labels)
        codes = pc.fill_null(encoded.indices, len(own)).to_numpy(zero_copy_only=False).astype(np.int64)
        for key in np.unique(codes * len(names) + labels).tolist():
            value, label = [*own, None][key // len(names)], names[key % len(names)]
            if self.label_of.setdefault(value, label) != label:
                self.cleared = True

    def compare(self, values: Any, entities: Any) -> None:
        """Consecutive values with the entities that they must not be."""
        self.rows += len(entities)
        text = values.cast(pa.string()) if not pa.types.is_dictionary(values.type) else values.dictionary_decode()
        self.cleared = not pc.all(pc.equal(text, entities), min_count=0).as_py() or bool(text.null_count)
