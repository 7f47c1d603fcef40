"""The columns that a vendor sees: those of the exported items, and those of canaries that look like them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.family import BLOCK_ROWS, ITEMS, Dials, Place
from evalharness.benchmarks.families.ingredients.columns import numbered
from evalharness.benchmarks.generating import recipe_of, tables_of
from evalharness.files.shape import Shape

CANARIES = 200
"""Few enough to go unseen, enough that agreement with a coin cannot be luck."""
SEED_BITS = 128


def shown_columns(columns: Columns, permitted: Sequence[str]) -> tuple[str, ...]:
    """Features, permitted attributes, and for ranking the queue and the arrival: its ties are worked in this order."""
    return tuple(name for name in (*columns.features, *permitted, columns.queue, columns.arrived) if name is not None)


def shown_items(benchmark: Benchmark, split: str, permitted: Sequence[str]) -> pa.Table:
    """What is shown of the items of a split, in stored order."""
    names = shown_columns(benchmark.columns, permitted)
    return pa.concat_tables(table.select(names) for table in benchmark.stored(split))


def shown_canaries(declaration: Declaration, split: str, like: pa.Schema) -> pa.Table:
    """The same columns of items that the recipe makes for the split, at the same sizes of all harms, from a seed that nobody keeps.

    They are in no data folder, so in no count, and nobody can make them again. For ranking they are whole queues, because the leads of a
    queue have something in common. None for linkage, where a record is judged by its links.
    """
    if declaration.task == "linkage":
        return like.empty_table()
    family, dials = recipe_of(declaration)
    other = cast("Dials", cast(Shape, dials).model_copy(update={"seed": secrets.randbits(SEED_BITS)}))
    place = Place(split=list(other.split_rows()).index(split), name=split, number=0, first=0, rows=BLOCK_ROWS)
    block = family.block(other, family.prepare(other), place)
    made = next(rows for name, rows in tables_of(family, other, block) if name == ITEMS)
    queue = declaration.columns.queue
    count = CANARIES if queue is None else _whole(_codes(made[queue]), CANARIES)
    return pa.table({field.name: made[field.name].slice(0, count).cast(field.type) for field in like}, schema=like)


def fresh_queues(own: pa.Table, canaries: pa.Table, name: str, rng: np.random.Generator) -> pa.Array:
    """Queues of the items and then of the canaries under fresh names drawn by lot; none of one is called like one of the other."""
    first, second = _codes(own.column(name)), _codes(canaries.column(name))
    codes = np.concatenate([first, second + int(first.max(initial=-1)) + 1])
    return numbered("queue-", rng.permutation(int(codes.max(initial=-1)) + 1)[codes])


def _codes(queues: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Queues as numbers, in order of appearance."""
    text = queues.cast(pa.string())
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return np.asarray(text.dictionary_encode().indices, dtype=np.int64)


def _whole(codes: np.ndarray[Any, np.dtype[np.int64]], rows: int) -> int:
    """Rows of the fewest first queues that have at least so many."""
    return int(np.searchsorted(codes, codes[min(rows, len(codes)) - 1], side="right"))
