"""Tables whose columns are compared with the manifest before they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.column_digest import digest_of
from evalharness.benchmarks.exact import Rows
from evalharness.benchmarks.table import Table
from evalharness.errors import BadInput, bad_input


class CheckedTable:
    """A table that the manifest describes. Each column's digest is compared once, before its first row is given."""

    def __init__(self, table: Table, digests: Mapping[str, str]) -> None:
        self._table = table
        self._digests = dict(digests)
        self._checked: set[str] = set()

    @property
    def path(self) -> Path:
        """Its file."""
        return self._table.path

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the manifest describes."""
        return tuple(self._digests)

    def scan(self, columns: Sequence[str], *, start: int = 0, stop: int | None = None, size: int = BATCH_ROWS) -> Iterator[Rows]:
        """Rows start <= row < stop in batches of `size`. Raises BadInput, before the first row, for columns that were altered."""
        differing = list(self.differing([name for name in columns if name not in self._checked]))
        if differing:
            raise altered(self.path, ", ".join(differing))
        self._checked.update(columns)
        yield from self._table.scan(columns, start=start, stop=stop, size=size)

    def differing(self, columns: Sequence[str]) -> Iterator[str]:
        """Those of the columns that are missing or hold something else than the manifest says."""
        stored = self._table.types()
        for name in columns:
            if name not in stored or digest_of(rows[name] for rows in self._table.scan([name])) != self._digests[name]:
                yield name


def altered(path: Path, columns: str) -> BadInput:
    """The error for columns that are not what the manifest says."""
    return bad_input(
        "the content is not what the manifest beside it says",
        where=f"{path}: {columns}",
        hint="generated data: delete its folder; a supplied table: restore it, or move manifest.json away. What is gone is made again",
    )
