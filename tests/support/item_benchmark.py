"""A small benchmark in memory that implements what predictions and adapters use of an opened one, and files of predictions for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS, Batch
from evalharness.records import BenchmarkInfo, Card


class ItemBenchmark:
    """Items of one judged split, `test`, with the ids of the others."""

    def __init__(
        self,
        ids: Sequence[str],
        *,
        others: Sequence[str] = (),
        features: dict[str, Any] | None = None,
        id_column: str = "item_id",
        labels: tuple[str, str] = ("0", "1"),
        task: str = "binary",
        levels: tuple[str, ...] = (),
        pairs: Sequence[tuple[int, int]] = (),
        pairs_a_batch: int = 7,
    ) -> None:
        self._ids, self._others = pa.array(ids, pa.string()), pa.array(others, pa.string())
        self._pairs, self._pairs_a_batch = np.array(pairs, dtype=np.int64).reshape(-1, 2), pairs_a_batch
        self._features = pa.table(features or {})
        self.others_asked = 0
        self.info = BenchmarkInfo(
            name="items",
            version=1,
            task=task,
            digest="sha256:" + "0" * 64,
            rows=len(ids) + len(others),
            synthetic=True,
            seed=1,
            id_column=id_column,
            label_column="y_true",
            features=tuple(self._features.column_names),
            attributes=(),
            clustered=False,
            positive=labels[1],
            negative=labels[0],
            sampling="",
            levels=levels,
        )

    def rows_in(self, split: str) -> int:
        assert split == "test"
        return len(self._ids)

    def batches(self, split: str, *, columns: frozenset[str], batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        for start in range(0, self.rows_in(split), batch_rows):
            ids = self._ids.slice(start, batch_rows)
            yield Batch(
                start=start,
                rows=len(ids),
                ids=ids if "ids" in columns else None,
                features=self._features.slice(start, batch_rows) if "features" in columns else None,
            )

    def pairs(self, split: str) -> Iterator[tuple[Any, Any]]:
        assert split == "test"
        for start in range(0, len(self._pairs), self._pairs_a_batch):
            part = self._pairs[start : start + self._pairs_a_batch]
            yield part[:, 0], part[:, 1]

    def other_ids(self, split: str) -> Iterator[pa.Array]:
        assert split == "test"
        self.others_asked += 1
        for start in range(0, len(self._others), 100):
            yield self._others.slice(start, 100)


def write_predictions(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """A predictions file of the kind its suffix names. In CSV every field is quoted."""
    table = pa.table(columns)
    if path.suffix == ".parquet":
        pq.write_table(table, path, **options)
    else:
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        lines = [table.column_names, *rows]
        path.write_text("".join(",".join('"' + str(f).replace('"', '""') + '"' for f in line) + "\r\n" for line in lines), encoding="utf-8")
    return path


def card_of(artifact: Path, *, adapter: str = "predictions", sha256: str | None = None, **others: Any) -> Card:
    """A card as read from `model.md` beside the artefact."""
    path = artifact.with_name("model.md")
    return Card(
        name="model", path=path, digest="sha256:" + "1" * 64, adapter=adapter, artifact=artifact, sha256=sha256, version="1", **others
    )


def answers_by_id(ids: Sequence[str], scores: Sequence[float], status: Sequence[int]) -> dict[str, tuple[str, int]]:
    """Answers in a form that compares: NaN equals NaN."""
    return {item: (repr(float(score)), int(code)) for item, score, code in zip(ids, np.asarray(scores), status, strict=True)}
