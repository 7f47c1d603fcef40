"""The rows of one split of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.columns import LEVELS, Columns
from evalharness.benchmarks.exact import Rows, in_batches
from evalharness.benchmarks.split_facts import SplitFacts
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import codes_into


class SplitRows:
    """Reads a split that stands together alone, and picks the rows of one that does not."""

    def __init__(self, table: Table, columns: Columns, splits: Mapping[str, SplitFacts]) -> None:
        self._table = table
        self._columns = columns
        self._splits = splits
        self._levels = tuple(name for role, name in columns.by_role() if role in LEVELS)

    def of(self, split: str, names: Sequence[str], size: int) -> Iterator[Rows]:
        """Rows of one split in stored order, `size` at a time. Columns of few levels may come as dictionaries."""
        facts = self._splits[split]
        coded = tuple(name for name in self._levels if name in names)
        if facts.one_run:
            yield from self._table.scan(names, start=facts.first, stop=facts.last + 1, size=size, coded=coded)
        else:
            yield from in_batches(self._picked(split, names, coded), size)

    def _picked(self, split: str, names: Sequence[str], coded: tuple[str, ...]) -> Iterator[Rows]:
        column = self._columns.split
        assert column is not None  # noqa: S101 - without a split column the only split is one run
        index = {name: i for i, name in enumerate(self._splits)}
        for rows in self._table.scan(list(dict.fromkeys([*names, column])), coded=(*coded, column)):
            chosen = np.flatnonzero(codes_into(rows[column], index, missing=-1) == index[split])
            if len(chosen):
                taken = pa.array(chosen)
                yield {name: rows[name].take(taken) for name in names}
