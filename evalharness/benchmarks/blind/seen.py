"""A benchmark seen through the key of a blind export: the same items under their fresh ids.

Both views hold what they pass on by name. Whatever else a benchmark has, or will have, is not reached through them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.batch import BATCH_ROWS, EVERYTHING, Batch, Column
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.blind.key import BlindKey
from evalharness.benchmarks.exact import Rows
from evalharness.benchmarks.split_facts import SplitFacts
from evalharness.errors import Fault
from evalharness.records import BenchmarkInfo


class Blinded(Benchmark):
    """What counting needs of the benchmark, with fresh ids for the split that was exported; ids of other splits nobody was given.

    Fault for everything that holds the own ids of the items: the stored rows, the further tables, the files.
    """

    def __init__(self, benchmark: Benchmark, key: BlindKey) -> None:  # it opens nothing, and has none of the private parts of a benchmark
        self.info = benchmark.info
        self.folder = benchmark.folder
        self.columns = benchmark.columns
        self.states = benchmark.states
        self.practice = benchmark.practice
        self._of = benchmark
        self._split, self._fresh = key.file.split, key.ids

    @property
    def splits(self) -> tuple[str, ...]:
        """As of the benchmark."""
        return self._of.splits

    @property
    def contiguous_clusters(self) -> bool:
        """As of the benchmark."""
        return self._of.contiguous_clusters

    @property
    def has_truth(self) -> bool:
        """As of the benchmark."""
        return self._of.has_truth

    @property
    def within(self) -> tuple[str, ...]:
        """As of the benchmark."""
        return self._of.within

    @property
    def truth_columns(self) -> tuple[str, ...]:
        """As of the benchmark."""
        return self._of.truth_columns

    @property
    def tables(self) -> tuple[str, ...]:
        """As of the benchmark: names."""
        return self._of.tables

    def rows_in(self, split: str) -> int:
        """As of the benchmark."""
        return self._of.rows_in(split)

    def facts(self, split: str) -> SplitFacts:
        """As of the benchmark."""
        return self._of.facts(split)

    def levels(self, split: str) -> dict[str, tuple[str, ...]]:
        """As of the benchmark."""
        return self._of.levels(split)

    def batches(self, split: str, *, columns: frozenset[Column] = EVERYTHING, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """As of the benchmark, with fresh ids."""
        start = 0
        for batch in self._of.batches(split, columns=columns, batch_rows=batch_rows):
            ids = self._fresh.slice(start, batch.rows) if batch.ids is not None and split == self._split else batch.ids
            yield replace(batch, ids=ids)
            start += batch.rows

    def other_ids(self, split: str) -> Iterator[Any]:  # noqa: ARG002  as of a benchmark
        """None: no other id was handed out."""
        yield from ()

    def posterior(
        self, split: str, batch_rows: int = BATCH_ROWS, *, within: str | None = None, level: str | None = None
    ) -> Iterator[npt.NDArray[np.float64]]:
        """As of the benchmark."""
        return self._of.posterior(split, batch_rows, within=within, level=level)

    def truth(self, split: str, column: str, batch_rows: int = BATCH_ROWS) -> Iterator[Any]:
        """As of the benchmark."""
        return self._of.truth(split, column, batch_rows)

    def pairs(self, split: str) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """As of the benchmark: places in the split."""
        return self._of.pairs(split)

    def pair_posterior(self, split: str) -> Iterator[npt.NDArray[np.float64]]:
        """As of the benchmark."""
        return self._of.pair_posterior(split)

    @property
    def path(self) -> Path:
        """Not to be had."""
        _hidden("the file of the items")

    @property
    def numbers(self) -> frozenset[str]:
        """Not to be had."""
        _hidden("the stored rows")

    def keep(self, kept: ExitStack) -> None:  # noqa: ARG002  as of a benchmark
        """Not to be had: the benchmark itself keeps its files."""
        _hidden("the files")

    def check_features(self) -> None:
        """Not to be had."""
        _hidden("the features")

    def as_features(self, rows: Rows) -> Any:  # noqa: ARG002
        """Not to be had."""
        _hidden("the further tables")

    def stored(self, split: str, batch_rows: int = BATCH_ROWS) -> Iterator[Any]:  # noqa: ARG002
        """Not to be had."""
        _hidden("the stored rows")

    def table(
        self, name: str, split: str | None = None, columns: Sequence[str] | None = None, size: int = BATCH_ROWS  # noqa: ARG002
    ) -> Iterator[Rows]:  # fmt: skip
        """Not to be had."""
        _hidden("the further tables")

    def table_columns(self, name: str) -> tuple[str, ...]:  # noqa: ARG002
        """Not to be had."""
        _hidden("the further tables")


class CanaryItems:
    """The canaries alone, as if they were the split: what their answers are is read like any other answers.

    It has what reading answers asks of a benchmark, and holds nothing but what is public of that and the ids that were handed out.
    """

    def __init__(self, info: BenchmarkInfo, key: BlindKey) -> None:
        self.info = info
        self._ids = key.canaries

    def rows_in(self, split: str) -> int:  # noqa: ARG002  as of a benchmark
        """The canaries."""
        return len(self._ids)

    def batches(
        self,
        split: str,  # noqa: ARG002  as of a benchmark
        *,
        columns: frozenset[Column] = EVERYTHING,  # noqa: ARG002
        batch_rows: int = BATCH_ROWS,
    ) -> Iterator[Batch]:
        """Ids only."""
        for start in range(0, len(self._ids), batch_rows):
            ids = self._ids.slice(start, batch_rows)
            yield Batch(start=start, rows=len(ids), ids=ids)

    def other_ids(self, split: str) -> Iterator[Any]:  # noqa: ARG002  as of a benchmark
        """None."""
        yield from ()


def _hidden(what: str) -> NoReturn:
    raise Fault(f"through the key of a blind export {what} cannot be seen: the own ids of the items stand there")
