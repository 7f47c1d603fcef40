"""One pass over a table that checks it, digests it and learns its splits. Every problem is reported, with counts and first rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.clusters import add_clusters, clusters_by_split, run_heads
from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.columns import LEVELS, NUMBERS, TEXTS
from evalharness.benchmarks.declaration import TEST, Declaration
from evalharness.benchmarks.exact import Rows, length
from evalharness.benchmarks.features import FeatureInspection
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.identity import ascending, find_repeats
from evalharness.benchmarks.label_checks import check_bands, check_labels
from evalharness.benchmarks.numbers import NotNumbers, as_numbers
from evalharness.benchmarks.roles import LevelCheck, NumberCheck, TextCheck, check_types
from evalharness.benchmarks.split_facts import SplitFacts
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import NotText, as_text, coded
from evalharness.errors import Problems, shown
from evalharness.files.manifest import Role
from evalharness.records.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What the pass found."""

    rows: int
    splits: dict[str, SplitFacts]
    """In order of first appearance."""
    negative: str
    """The label that is not the positive one; empty when there is none, and for ordinal and linkage."""
    digests: dict[tuple[Role, str], tuple[str, str]]
    """(role, column) -> (type, digest), for the columns that were read."""


def inspect(declaration: Declaration, table: Table, *, features: bool, progress: Progress) -> Inspection:
    """Reads ids, labels, groups, clusters and splits, and with `features` every other column too.

    Raises BadInput with all problems. Memory: a batch, and 8 bytes an id where ids or clusters do not stand in ascending order.
    """
    problems = Problems()
    check_types(declaration, table, problems)
    problems.raise_if_any()
    work = _Pass(declaration, table, problems)
    work.run(features=features, progress=progress)
    problems.raise_if_any()
    work.check_repeated_ids()
    work.check_contiguity()
    problems.raise_if_any()
    return work.result()


@dataclass(slots=True)
class _Pass:
    declaration: Declaration
    table: Table
    problems: Problems
    rows: int = 0
    splits: dict[str, SplitFacts] = field(default_factory=dict)
    digests: dict[tuple[Role, str], ColumnDigest] = field(default_factory=dict)
    texts: dict[str, TextCheck] = field(default_factory=dict)
    levels: dict[str, LevelCheck] = field(default_factory=dict)
    numbers: dict[str, NumberCheck] = field(default_factory=dict)
    features: FeatureInspection | None = None
    ids_ascend: bool = True
    last_id: str | None = None

    def run(self, *, features: bool, progress: Progress) -> None:
        columns = self.declaration.columns
        self.texts = {name: TextCheck(name, role) for role, name in columns.by_role() if role in TEXTS}
        self.levels = {name: LevelCheck(name, role) for role, name in columns.by_role() if role in LEVELS}
        self.numbers = {name: NumberCheck(name, role) for role, name in columns.by_role() if role in NUMBERS}
        self.digests = {(role, name): ColumnDigest() for role, name in columns.by_role() if role != "feature"}
        read = list(columns.without_features())
        if features:
            self.features = FeatureInspection(self.declaration, self.table)
            read += [name for name in self.features.names if name not in read]
        total = getattr(self.table, "rows", None)
        for rows in self.table.scan(read, size=BATCH_ROWS, coded=tuple(self.levels)):
            self._block(rows)
            self.rows += length(rows)
            progress(f"checking {self.declaration.name}", self.rows, total)
        self._close()

    def _block(self, rows: Rows) -> None:
        columns = self.declaration.columns
        text: dict[str, Any] = {}
        codes: dict[str, tuple[Any, list[str]]] = {}
        for name in dict.fromkeys(columns.without_features()):
            try:
                if name in self.texts:
                    text[name] = as_text(rows[name])
                    self.texts[name].add(text[name])
                elif name in self.numbers:
                    text[name] = as_numbers(rows[name])
                    self.numbers[name].add(text[name])
                else:
                    codes[name] = coded(rows[name])
                    self.levels[name].add(*codes[name])
                    text[name] = _from_codes(*codes[name])
            except (NotText, NotNumbers) as error:
                self._check_of(name).refuse(str(error), self.rows)
        for (_, name), digest in self.digests.items():
            if name in text:
                digest.add(text[name])
        if self.features is not None:
            self.features.add(rows)
        if not any(check.broken for check in self._checks()):
            self._ids(text[columns.id])
            self._split_rows(text, codes, length(rows))

    def _checks(self) -> tuple[TextCheck | LevelCheck | NumberCheck, ...]:
        return (*self.texts.values(), *self.levels.values(), *self.numbers.values())

    def _check_of(self, name: str) -> TextCheck | LevelCheck | NumberCheck:
        return self.texts.get(name) or self.levels.get(name) or self.numbers[name]

    def _ids(self, ids: Any) -> None:
        if self.ids_ascend:
            self.ids_ascend = ascending(ids, self.last_id)
            self.last_id = ids[len(ids) - 1].as_py()

    def _split_rows(self, text: Rows, codes: dict[str, tuple[Any, list[str]]], rows: int) -> None:
        columns = self.declaration.columns
        if columns.split is None:
            self._add(TEST, None, text, codes, rows)
            return
        split_codes, names = codes[columns.split]
        for code, name in sorted(enumerate(names), key=lambda pair: _first(split_codes, pair[0], rows)):
            chosen = split_codes == code
            if chosen.any():
                self._add(name, None if chosen.all() else np.flatnonzero(chosen), text, codes, rows)

    def _add(self, split: str, chosen: Any, text: Rows, codes: dict[str, tuple[Any, list[str]]], rows: int) -> None:
        columns = self.declaration.columns
        facts = self.splits.setdefault(split, SplitFacts())
        facts.first = facts.first if facts.rows else self.rows + (0 if chosen is None else int(chosen[0]))
        facts.last = self.rows + (rows - 1 if chosen is None else int(chosen[-1]))
        facts.rows += rows if chosen is None else len(chosen)
        if columns.label is None:
            facts.labelled = facts.rows
        else:
            labels, names = codes[columns.label]
            self._add_labels(facts, labels if chosen is None else labels[chosen], names)
        for name in columns.groups:
            group, texts = codes[name]
            facts.add_levels(name, group if chosen is None else group[chosen], texts)
        if columns.cluster is not None:
            clusters = text[columns.cluster]
            add_clusters(facts, clusters if chosen is None else clusters.take(pa.array(chosen)))

    def _add_labels(self, facts: SplitFacts, labels: Any, names: list[str]) -> None:
        counts = np.bincount(labels + 1, minlength=len(names) + 1).tolist()
        facts.labelled += sum(counts[1:])
        for name, count in zip(names, counts[1:], strict=True):
            if count:
                facts.labels[name] = facts.labels.get(name, 0) + count
        facts.positives = facts.labels.get(self.declaration.positive, 0)

    def _close(self) -> None:
        where = self.table.path
        for check in self._checks():
            check.report(self.problems, where)
        if self.features is not None:
            self.features.report(self.problems, where)
        if self.rows == 0:
            self.problems.add("the table has no rows", where=where, expected="one row an item")
            return
        labels, bands = self.declaration.columns.label, self.declaration.columns.band
        if labels is not None and not self.levels[labels].broken:
            check_labels(self.declaration, where, self.levels[labels].levels, self.problems)
        if bands is not None and not self.levels[bands].broken:
            check_bands(self.declaration, where, self.levels[bands].levels, self.problems)

    def check_repeated_ids(self) -> None:
        """Whether an id stands twice."""
        if self.ids_ascend:
            return
        column = self.declaration.columns.id
        repeats = find_repeats(lambda: self._texts_of(column), self.rows)
        if repeats is not None:
            examples = "; ".join(f"'{shown(text, 40)}' in rows {first} and {second}" for text, first, second in repeats.examples)
            self.problems.add(
                f"rows that repeat the id of an earlier row: {repeats.rows}",
                where=f"{self.table.path}: column '{column}'",
                got=examples,
                expected="each id once",
                hint="remove repeated rows; give each item an id of its own",
            )

    def check_contiguity(self) -> None:
        """Whether each cluster is one run of rows within its split. 8 bytes a run, and only where runs do not ascend."""
        unsure = {name: facts for name, facts in self.splits.items() if not facts.ascending}
        if not unsure:
            return
        heads: dict[str, list[Any]] = {name: [] for name in unsure}
        previous: dict[str, Any] = {}
        for split, clusters in self._clusters_by_split():
            if split in heads:
                heads[split].append(text_hashes(run_heads(clusters, previous.get(split))))
                previous[split] = clusters[len(clusters) - 1].as_py()
        for name, facts in unsure.items():
            runs = np.concatenate(heads[name])
            facts.clusters = len(np.unique(runs))
            facts.contiguous = facts.clusters == len(runs)

    def _clusters_by_split(self) -> Iterator[tuple[str, Any]]:
        columns = self.declaration.columns
        assert columns.cluster is not None  # noqa: S101 - called for clustered tables only
        yield from clusters_by_split(self.table, columns.cluster, columns.split)

    def _texts_of(self, column: str) -> Iterator[Any]:
        for rows in self.table.scan([column]):
            yield as_text(rows[column])

    def result(self) -> Inspection:
        """The findings, once no problem is left."""
        digests = {(role, name): ("float64" if role in NUMBERS else "text", d.digest()) for (role, name), d in self.digests.items()}
        if self.features is not None:
            digests |= self.features.digests()
        label, positive = self.declaration.columns.label, self.declaration.positive
        others = [found for found in self.levels[label].levels if found != positive] if label is not None and positive else []
        return Inspection(rows=self.rows, splits=self.splits, negative=others[0] if others else "", digests=digests)


def _first(codes: Any, code: int, none: int) -> int:
    """Where `code` stands first; `none` if nowhere."""
    found = codes == code
    return int(found.argmax()) if found.any() else none


def _from_codes(codes: Any, texts: list[str]) -> Any:
    indices = pa.array(codes, mask=codes < 0) if (codes < 0).any() else pa.array(codes)
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string())).dictionary_decode()
