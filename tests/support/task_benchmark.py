"""A small benchmark in memory with everything that counting reads: labels, groups, queues, bands, entities, pairs, true chances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from item_benchmark import ItemBenchmark, card_of, write_predictions
from tallies_by_hand import policy

from evalharness.benchmarks.batch import BATCH_ROWS, Batch
from evalharness.records import OperatingPoint
from evalharness.workflows.inputs import Inputs


class TaskBenchmark(ItemBenchmark):
    """Rows of one split, `test`. `columns`: labels, sex (codes), clusters, queues, arrived, minutes, bands, entities; `truth` likewise."""

    def __init__(
        self,
        task: str,
        columns: Mapping[str, Any],
        *,
        truth: Mapping[str, Any] | None = None,
        pair_truth: Any = None,
        within: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        rows = len(next(iter(columns.values())))
        super().__init__([f"i{n}" for n in range(rows)], task=task, **options)
        self._own = {"sex": np.zeros(rows, np.int32), **columns}
        self._truth, self._pair_truth = dict(truth or {}), pair_truth
        self.info = replace(self.info, attributes=("sex",), clustered="clusters" in columns)
        self.contiguous_clusters = False
        self.within = within
        self.truth_columns = tuple(self._truth)
        self.tables = () if pair_truth is None else ("pairs", "pair_truth")

    def levels(self, split: str) -> dict[str, tuple[str, ...]]:
        assert split == "test"
        return {"sex": ("F", "M")}

    def batches(self, split: str, *, columns: frozenset[str], batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        for batch in super().batches(split, columns=columns, batch_rows=min(batch_rows, 64)):
            rows = slice(batch.start, batch.start + batch.rows)
            own = {name: self._own[name][rows] for name in columns if name in self._own}
            texts = {name: pa.array(own.pop(name)) for name in ("clusters", "entities") if name in own}
            groups = {"sex": self._own["sex"][rows].astype(np.int32)} if "groups" in columns else None
            yield replace(batch, groups=groups, **texts, **own)

    def posterior(self, split: str, batch_rows: int = BATCH_ROWS, *, within: str | None = None, level: str | None = None) -> Iterator[Any]:
        name = "posterior" if within is None else f"within_{within}"
        return self.truth(split, name if level is None else f"{name}_{level}", batch_rows)

    def truth(self, split: str, column: str, batch_rows: int = BATCH_ROWS) -> Iterator[Any]:
        assert split == "test"
        for start in range(0, len(self._ids), min(batch_rows, 64)):
            part = self._truth[column][start : start + min(batch_rows, 64)]
            yield part if part.dtype.kind == "f" else pa.array(part)

    def pair_posterior(self, split: str) -> Iterator[Any]:
        assert split == "test"
        for start in range(0, len(self._pairs), self._pairs_a_batch):
            yield self._pair_truth[start : start + self._pairs_a_batch]


def inputs_for(folder: Path, benchmark: TaskBenchmark, predictions: dict[str, Any], point: OperatingPoint) -> Inputs:
    """An evaluation of stored predictions on the benchmark, one attribute deep."""
    path = write_predictions(folder / "p.parquet", predictions)
    return Inputs(
        policy=replace(policy(), task=benchmark.info.task, operating_point=point, intersections=1, split="test"),
        card=card_of(path),
        model_digest="sha256:" + "2" * 64,
        benchmark=benchmark,  # type: ignore[arg-type]
        manifest=None,
        states=(),
        questions=(),
        every_question=(),
        exemptions=(),
    )
