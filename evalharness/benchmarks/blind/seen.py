"""A benchmark seen through the key of a blind export: the same items under their fresh ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from evalharness.benchmarks.batch import BATCH_ROWS, EVERYTHING, Batch, Column
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.blind.key import BlindKey


class Blinded(Benchmark):
    """Everything of the benchmark but the ids of the split that was exported; ids of other splits nobody was given."""

    def __init__(self, benchmark: Benchmark, key: BlindKey) -> None:  # it shares what the benchmark has, and opens nothing
        self.__dict__.update(benchmark.__dict__)
        self._key = key

    def batches(self, split: str, *, columns: frozenset[Column] = EVERYTHING, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """As of the benchmark, with fresh ids."""
        start = 0
        for batch in super().batches(split, columns=columns, batch_rows=batch_rows):
            ids = self._key.ids.slice(start, batch.rows) if batch.ids is not None and split == self._key.file.split else batch.ids
            yield replace(batch, ids=ids)
            start += batch.rows

    def other_ids(self, split: str) -> Iterator[Any]:  # noqa: ARG002  as of a benchmark
        """None: no other id was handed out."""
        yield from ()


class CanaryItems(Benchmark):
    """The canaries alone, as if they were the split: what their answers are is read like any other answers."""

    def __init__(self, benchmark: Benchmark, key: BlindKey) -> None:
        self.__dict__.update(benchmark.__dict__)
        self._key = key

    def rows_in(self, split: str) -> int:  # noqa: ARG002  as of a benchmark
        """The canaries."""
        return len(self._key.canaries)

    def batches(
        self,
        split: str,  # noqa: ARG002  as of a benchmark
        *,
        columns: frozenset[Column] = EVERYTHING,  # noqa: ARG002
        batch_rows: int = BATCH_ROWS,
    ) -> Iterator[Batch]:
        """Ids only."""
        for start in range(0, len(self._key.canaries), batch_rows):
            ids = self._key.canaries.slice(start, batch_rows)
            yield Batch(start=start, rows=len(ids), ids=ids)

    def other_ids(self, split: str) -> Iterator[Any]:  # noqa: ARG002  as of a benchmark
        """None."""
        yield from ()
