"""The copies that a benchmark has of items of a split, as if they were a split: what is answered of them is read like any other answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.batch import BATCH_ROWS, EVERYTHING, Batch, Column
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.exact import length
from evalharness.benchmarks.text import as_text, coded
from evalharness.errors import Fault
from evalharness.records import CopyKind

TWINS, TWIN_TRUTH = "twins", "twin_truth"
_ID, _KIND, _OF = "item_id", "kind", "of"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Origins:
    """Of what item each copy was made, in the order of the copies. Some 20 bytes a copy, and the ids."""

    kinds: npt.NDArray[np.int32]
    """[copies] place among `CopiedItems.kinds`."""
    items: npt.NDArray[np.int32]
    """[copies] place among `ids`."""
    ids: Any
    """pyarrow string array: ids of the items that have copies, each once."""


class CopiedItems:
    """It has what classifiers and reading answers ask of a benchmark: ids and features, and nothing that tells of labels or groups."""

    def __init__(self, benchmark: Benchmark, split: str) -> None:
        """Reads ids and kinds. Raises BadInput when a table of copies was altered, Fault when the two do not go together."""
        self.info = benchmark.info
        self._of, self._split = benchmark, split
        self.kinds: tuple[CopyKind, ...] = benchmark.info.copies
        self.origins = _origins(benchmark, split, self.kinds) if TWINS in benchmark.tables else _NONE

    def rows_in(self, split: str) -> int:  # noqa: ARG002  as of a benchmark
        """All copies of all kinds."""
        return len(self.origins.kinds)

    def batches(
        self,
        split: str,  # noqa: ARG002  as of a benchmark
        *,
        columns: frozenset[Column] = EVERYTHING,
        batch_rows: int = BATCH_ROWS,
    ) -> Iterator[Batch]:
        """Ids and features, where they are asked for. Raises BadInput when the table was altered."""
        wanted = [_ID, *(self.info.features if "features" in columns else ())]
        start = 0
        for rows in self._of.table(TWINS, self._split, wanted, batch_rows):
            features = self._of.as_features(rows) if "features" in columns else None
            yield Batch(start=start, rows=length(rows), ids=as_text(rows[_ID]) if "ids" in columns else None, features=features)
            start += length(rows)

    def other_ids(self, split: str) -> Iterator[Any]:  # noqa: ARG002  as of a benchmark
        """None."""
        yield from ()


_NONE = Origins(kinds=np.zeros(0, np.int32), items=np.zeros(0, np.int32), ids=pa.nulls(0, pa.string()))


def _origins(benchmark: Benchmark, split: str, kinds: tuple[CopyKind, ...]) -> Origins:
    shown = [(as_text(rows[_ID]), as_text(rows[_KIND])) for rows in benchmark.table(TWINS, split, (_ID, _KIND))]
    known = [(as_text(rows[_ID]), as_text(rows[_OF])) for rows in benchmark.table(TWIN_TRUTH, split, (_ID, _OF))]
    if not shown:
        return _NONE
    (ids, kind), (same, of) = ([pa.concat_arrays(parts) for parts in zip(*table, strict=True)] for table in (shown, known))
    if not ids.equals(same):
        raise Fault("the copies and the truth about them are not in the same order")
    codes, names = coded(kind)
    places = {each.name: place for place, each in enumerate(kinds)}
    if not set(names) <= set(places):
        raise Fault("there are copies of a kind that the recipe does not name")
    items, texts = coded(of)
    found = np.array([places[name] for name in names], dtype=np.int32)[codes]
    if len(np.unique(found.astype(np.int64) * len(texts) + items)) < len(found):
        raise Fault("an item has two copies of one kind")
    return Origins(kinds=found, items=items.astype(np.int32), ids=pa.array(texts, pa.string()))


def share_copied(benchmark: Benchmark, split: str) -> float:
    """Share of the items of a split that have copies. Raises BadInput when a table of copies was altered."""
    return len(CopiedItems(benchmark, split).origins.ids) / max(benchmark.rows_in(split), 1)
