"""An opened benchmark: its identity, its groups, and its rows as batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.batch import BATCH_ROWS, EVERYTHING, Batch, Column
from evalharness.benchmarks.batcher import Batcher
from evalharness.benchmarks.beside import Beside
from evalharness.benchmarks.checked import altered, telling_what_repairs
from evalharness.benchmarks.columns import BAND, NUMBERS, PAIR_TRUTH, PAIRS, Columns
from evalharness.benchmarks.exact import Rows
from evalharness.benchmarks.features import BYTES, TEXT, as_feature, differing_features
from evalharness.benchmarks.numbers import as_numbers
from evalharness.benchmarks.pair_checks import pairs_of_split
from evalharness.benchmarks.record_index import RecordIndex
from evalharness.benchmarks.split_facts import SplitFacts
from evalharness.benchmarks.split_rows import SplitRows
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import as_text
from evalharness.errors import bad_input
from evalharness.files.unchanged import FileState
from evalharness.records import BenchmarkInfo


class _Kept:
    """Lives as long as somebody may read the files."""


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
        beside: Beside,
    ) -> None:
        self.info = info
        self.folder = folder
        self.columns = columns
        """Roles of its columns."""
        self._table = table
        self._splits = splits
        self._rows = SplitRows(table, columns, splits)
        self._features = features
        self._features_checked = features_checked
        self.states = states
        """Of its files before they were inspected, for `files.unchanged.check_unchanged` once everything was read."""
        self.practice = practice
        """Why the gate will not accept evidence on these items; empty when it may."""
        self._beside = beside
        self._kept: _Kept | None = None

    def keep(self, kept: ExitStack) -> None:
        """`kept` is closed once nobody has this benchmark any more, nor another view of it; at the latest when the process ends."""
        self._kept = _Kept()
        finalize(self._kept, kept.close)

    @property
    def path(self) -> Path:
        """The file of its items."""
        return self._table.path

    @property
    def numbers(self) -> frozenset[str]:
        """Columns whose values are numbers for whoever reads them, whatever the file stores."""
        features = {name for name, (kind, _) in self._features.items() if kind not in {TEXT, BYTES, "bool"}}
        return frozenset(features | {name for role, name in self.columns.by_role() if role in NUMBERS})

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
        return {attribute: tuple(sorted(facts.levels[attribute])) for attribute in self.columns.groups}

    @property
    def contiguous_clusters(self) -> bool:
        """Whether, in every split, the rows of each cluster stand together. True where rows are independent."""
        return all(facts.contiguous for facts in self._splits.values())

    @property
    def has_truth(self) -> bool:
        """Whether there is anything that is known of the items beyond what the table shows."""
        return self._beside.known is not None

    @property
    def within(self) -> tuple[str, ...]:
        """Attributes for whose levels the chances given also the own level are known: they shape how features and labels go together."""
        return () if self._beside.known is None else self._beside.known.stated.within

    @property
    def truth_columns(self) -> tuple[str, ...]:
        """What `truth` can be asked for."""
        return () if self._beside.known is None else tuple(values.name for values in self._beside.known.stated.columns)

    @property
    def tables(self) -> tuple[str, ...]:
        """Further tables, secret ones too."""
        return tuple(self._beside.tables)

    def batches(self, split: str, *, columns: frozenset[Column] = EVERYTHING, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """The rows of a split in stored order, `batch_rows` at a time (the last batch shorter), with only the columns asked for.

        Raises BadInput when there is no such split or, before the first batch, when features that are asked for are not the manifest's.
        """
        levels = self.levels(split)
        if "features" in columns:
            self.check_features()
        batcher = Batcher(info=self.info, declared=self.columns, features=self._features, levels=levels, asked=columns)
        known_bands = "bands" in columns and self.columns.band is None and BAND in self.truth_columns
        bands = self.truth(split, BAND, batch_rows) if known_bands else None
        for rows in self._rows.of(split, batcher.wanted, batch_rows):
            yield batcher.batch(rows, None if bands is None else next(bands))

    def stored(self, split: str, batch_rows: int = BATCH_ROWS) -> Iterator[Any]:
        """Every declared column of the rows of a split as pyarrow tables: features as a model receives them, arrivals and minutes as
        float64, all else as text. Raises BadInput as `batches` does.
        """
        self._facts(split)
        self.check_features()
        names = list(dict.fromkeys(name for _, name in self.columns.by_role()))
        for rows in self._rows.of(split, names, batch_rows):
            yield pa.table({name: self._meant(name, rows[name]) for name in names})

    def other_ids(self, split: str) -> Iterator[Any]:
        """Ids of the rows of all other splits: pyarrow string arrays."""
        self._facts(split)
        for other in self._splits:
            if other != split:
                yield from self._ids(other)

    def posterior(
        self, split: str, batch_rows: int = BATCH_ROWS, *, within: str | None = None, level: str | None = None
    ) -> Iterator[npt.NDArray[np.float64]]:
        """P(positive | what a model receives) of each row, cut like `batches` with the same `batch_rows`.

        within: given also the row's own level of this attribute, one of `within`. level: the chance of this level, for an ordinal task.
        Raises BadInput when it is not known, or when the stored one was altered.
        """
        name = "posterior" if within is None else f"within_{within}"
        return self.truth(split, name if level is None else f"{name}_{level}", batch_rows)

    def truth(self, split: str, column: str, batch_rows: int = BATCH_ROWS) -> Iterator[Any]:
        """What is known of each row, cut like `batches`: chances as float64 arrays, texts as pyarrow string arrays.

        Raises BadInput as `posterior` does.
        """
        facts, known = self._facts(split), self._beside.known
        if known is None:
            raise bad_input("the truth of this benchmark is not known", where=self.folder, got=column)
        for array in known.scan(column, start=facts.first, stop=facts.last + 1, size=batch_rows):
            yield array.to_numpy() if pa.types.is_floating(array.type) else array

    def table(self, name: str, split: str | None = None, columns: Sequence[str] | None = None, size: int = BATCH_ROWS) -> Iterator[Rows]:
        """Rows of a further table, of one split or of all: column -> pyarrow array. Raises BadInput for none, or an altered one."""
        if split is not None:
            self._facts(split)
        return self._beside.scan(name, columns, split, size)

    def table_columns(self, name: str) -> tuple[str, ...]:
        """Columns of a further table. Raises BadInput when there is none of that name."""
        return self._beside.table(name)[1].columns

    def pairs(self, split: str) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Candidate pairs of a linkage benchmark: (left, right) row numbers inside the split, left below right, in stored order.

        Memory: 16 bytes a record of the split.
        """
        return pairs_of_split(RecordIndex(self._ids(split)), self.table(PAIRS, split))

    def pair_posterior(self, split: str) -> Iterator[npt.NDArray[np.float64]]:
        """P(both are of one entity | what a model receives) of each candidate pair, cut like `pairs`. Raises as `posterior` does."""
        if PAIR_TRUTH not in self._beside.tables:
            raise bad_input("the truth of the pairs of this benchmark is not known", where=self.folder)
        for rows in self.table(PAIR_TRUTH, split, ("posterior",)):
            yield rows["posterior"].to_numpy()

    def as_features(self, rows: Rows) -> Any:
        """The feature columns of rows of any table that has them, as a model receives them: a pyarrow table."""
        return pa.table({name: as_feature(rows[name], kind) for name, (kind, _) in self._features.items()})

    def _facts(self, split: str) -> SplitFacts:
        if split not in self._splits:
            raise bad_input(
                "the benchmark has no row in this split",
                where=f"benchmark {self.info.name}",
                got=split,
                expected=", ".join(self._splits),
                hint="name one of them as --split",
            )
        return self._splits[split]

    def _ids(self, split: str) -> Iterator[Any]:
        for rows in self._rows.of(split, [self.columns.id], BATCH_ROWS):
            yield as_text(rows[self.columns.id])

    def _meant(self, name: str, array: Any) -> Any:
        if name in self._features:
            return as_feature(array, self._features[name][0])
        return as_numbers(array) if name in self.numbers else as_text(array)

    def check_features(self) -> None:
        """Compares the features with the manifest, once. Raises BadInput when they are not those whose digests it holds."""
        if self._features_checked:
            return
        made = self.info.seed is not None or self.info.seal is not None
        data = self.path.parent if made else None
        with telling_what_repairs(data):
            differing = differing_features(self._table, self._features)
        if differing:
            raise altered(self.path, ", ".join(differing), data)
        self._features_checked = True
