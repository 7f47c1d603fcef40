"""An opened benchmark: its identity, its groups, and its rows as batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.batch import BATCH_ROWS, EVERYTHING, Batch, Column
from evalharness.benchmarks.column_digest import digest_of
from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.exact import Rows, in_batches, length
from evalharness.benchmarks.features import as_feature, differing_features
from evalharness.benchmarks.manifest import TRUTH_COLUMN, WITHIN_COLUMN, truth_digests
from evalharness.benchmarks.split_facts import MISSING, SplitFacts
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import as_text, codes_into
from evalharness.errors import BadInput, bad_input
from evalharness.files.manifest import ManifestTruth
from evalharness.files.unchanged import FileState
from evalharness.records import BenchmarkInfo


class Benchmark:
    """Made by `open_benchmark`. Nothing of it is read into memory as a whole."""

    def __init__(
        self,
        *,
        info: BenchmarkInfo,
        folder: Path,
        columns: Columns,
        table: Table,
        splits: Mapping[str, SplitFacts],
        features: Mapping[str, tuple[str, str]],
        features_checked: bool,
        practice: str,
        states: tuple[FileState, ...],
        truth: Table | None,
        truth_stated: ManifestTruth | None,
    ) -> None:
        self.info = info
        self.folder = folder
        self._columns = columns
        self._table = table
        self._splits = splits
        self._features = features
        self._features_checked = features_checked
        self.states = states
        """Of its files before they were inspected, for `files.unchanged.check_unchanged` once everything was read."""
        self.practice = practice
        """Why the gate will not accept evidence on these items; empty when it may."""
        self._truth = truth
        self._truth_stated = truth_stated

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits, in order of first appearance."""
        return tuple(self._splits)

    def rows_in(self, split: str) -> int:
        """Rows of a split, labelled or not. Raises BadInput when there is no such split."""
        return self._facts(split).rows

    def facts(self, split: str) -> SplitFacts:
        """Counts of a split. Raises BadInput when there is no such split."""
        return self._facts(split)

    def levels(self, split: str) -> dict[str, tuple[str, ...]]:
        """Attribute -> its levels seen in the split (rows without a label too), sorted. Raises BadInput when there is no such split."""
        facts = self._facts(split)
        return {attribute: tuple(sorted(facts.levels[attribute])) for attribute in self._columns.groups}

    @property
    def contiguous_clusters(self) -> bool:
        """Whether, in every split, the rows of each cluster stand together. True where rows are independent."""
        return all(facts.contiguous for facts in self._splits.values())

    @property
    def has_truth(self) -> bool:
        """Whether the true posterior of every row is known."""
        return self._truth is not None

    @property
    def shaped_by(self) -> str | None:
        """The attribute whose levels make other features for the same label, where that is known; `posterior` averages over its levels."""
        stated = self._truth_stated
        return None if stated is None or stated.within is None else stated.within.attribute

    def batches(self, split: str, *, columns: frozenset[Column] = EVERYTHING, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """The rows of a split in stored order, `batch_rows` at a time (the last batch shorter), with only the columns asked for.

        Raises BadInput when there is no such split or, before the first batch, when features that are asked for are not the manifest's.
        """
        levels = self.levels(split)
        if "features" in columns:
            self._check_features()
        indices = {attribute: {level: i for i, level in enumerate(names)} for attribute, names in levels.items()}
        start = 0
        for rows in self._rows(split, self._wanted(columns), batch_rows):
            yield self._batch(start, rows, columns, indices)
            start += length(rows)

    def other_ids(self, split: str) -> Iterator[Any]:
        """Ids of the rows of all other splits: pyarrow string arrays."""
        self._facts(split)
        for other in self._splits:
            if other != split:
                for rows in self._rows(other, [self._columns.id], BATCH_ROWS):
                    yield as_text(rows[self._columns.id])

    def posterior(self, split: str, batch_rows: int = BATCH_ROWS, *, within: bool = False) -> Iterator[npt.NDArray[np.float64]]:
        """P(positive | what a model receives) of each row, cut like `batches` with the same `batch_rows`.

        within: given also the row's own level of `shaped_by`. Raises BadInput when it is not known, or when the stored one was altered.
        """
        facts, column = self._facts(split), WITHIN_COLUMN if within else TRUTH_COLUMN
        stated = {} if self._truth_stated is None else truth_digests(self._truth_stated)
        if self._truth is None or column not in stated:
            raise bad_input("the true posterior of this benchmark is not known", where=self.folder)
        if digest_of(rows[column] for rows in self._truth.scan([column])) != stated[column]:
            raise _altered(self._truth.path, column)
        for rows in self._truth.scan([column], start=facts.first, stop=facts.last + 1, size=batch_rows):
            yield rows[column].to_numpy()

    def _facts(self, split: str) -> SplitFacts:
        if split not in self._splits:
            raise bad_input(
                "the benchmark has no row in this split",
                where=f"benchmark {self.info.name}",
                got=split,
                expected=", ".join(self._splits),
                hint="name one of them as `split` in the policy",
            )
        return self._splits[split]

    def _wanted(self, columns: frozenset[Column]) -> list[str]:
        declared = self._columns
        parts: dict[Column, tuple[str | None, ...]] = {
            "ids": (declared.id,),
            "labels": (declared.label,),
            "groups": declared.groups,
            "clusters": (declared.cluster,),
            "features": declared.features,
        }
        names = [name for part, of_part in parts.items() if part in columns for name in of_part if name is not None]
        return list(dict.fromkeys(names)) or [declared.id]

    def _rows(self, split: str, names: list[str], size: int) -> Iterator[Rows]:
        """Rows of one split; a split that stands together is read alone."""
        facts = self._facts(split)
        coded = tuple(
            name for name in (self._columns.label, *self._columns.groups, self._columns.split) if name is not None and name in names
        )
        if facts.one_run:
            yield from self._table.scan(names, start=facts.first, stop=facts.last + 1, size=size, coded=coded)
        else:
            yield from in_batches(self._filtered(split, names, coded), size)

    def _filtered(self, split: str, names: list[str], coded: tuple[str, ...]) -> Iterator[Rows]:
        column = self._columns.split
        assert column is not None  # noqa: S101 - without a split column the only split is one run
        index = {name: i for i, name in enumerate(self._splits)}
        for rows in self._table.scan(list(dict.fromkeys([*names, column])), coded=(*coded, column)):
            chosen = np.flatnonzero(codes_into(rows[column], index, missing=-1) == index[split])
            if len(chosen):
                taken = pa.array(chosen)
                yield {name: rows[name].take(taken) for name in names}

    def _batch(self, start: int, rows: Rows, columns: frozenset[Column], indices: Mapping[str, Mapping[str, int]]) -> Batch:
        declared = self._columns
        clusters = rows[declared.cluster] if "clusters" in columns and declared.cluster is not None else None
        groups = None
        if "groups" in columns:
            groups = {name: codes_into(rows[name], index, missing=index.get(MISSING, -1)) for name, index in indices.items()}
        return Batch(
            start=start,
            rows=length(rows),
            ids=as_text(rows[declared.id]) if "ids" in columns else None,
            labels=self._labels(rows[declared.label]) if "labels" in columns else None,
            groups=groups,
            clusters=None if clusters is None else as_text(clusters),
            features=self._feature_table(rows) if "features" in columns else None,
        )

    def _labels(self, array: Any) -> npt.NDArray[np.int8]:
        known = {self.info.positive: 1, **({self.info.negative: 0} if self.info.negative else {})}
        return codes_into(array, known, missing=-1).astype(np.int8)

    def _feature_table(self, rows: Rows) -> Any:
        return pa.table({name: as_feature(rows[name], kind) for name, (kind, _) in self._features.items()})

    def _check_features(self) -> None:
        """Once: are the features those whose digests the manifest holds?"""
        if self._features_checked:
            return
        differing = differing_features(self._table, self._features)
        if differing:
            raise _altered(self._table.path, ", ".join(differing))
        self._features_checked = True


def _altered(path: Path, columns: str) -> BadInput:
    return bad_input(
        "the content is not what the manifest beside it says",
        where=f"{path}: {columns}",
        hint="generated data: delete its folder; a supplied table: restore it, or move manifest.json away. What is gone is made again",
    )
