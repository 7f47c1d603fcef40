"""What lies beside the items of a benchmark: what is known of them, and further tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.checked import CheckedTable
from evalharness.benchmarks.exact import Rows
from evalharness.benchmarks.tables import open_table
from evalharness.errors import bad_input
from evalharness.files.manifest import Manifest, ManifestTable, ManifestTruth, ManifestValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The truth of the items: the row that a row of the items has, it has here."""

    stated: ManifestTruth
    table: CheckedTable

    def scan(self, column: str, *, start: int, stop: int, size: int) -> Iterator[Any]:
        """One column as pyarrow arrays. Raises BadInput when it is not known, or was altered."""
        if self.stated.column(column) is None:
            names = ", ".join(values.name for values in self.stated.columns)
            raise bad_input("this is not known of the items of this benchmark", where=self.table.path, got=column, expected=names)
        for rows in self.table.scan([column], start=start, stop=stop, size=size):
            yield rows[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """All of it; empty for most supplied tables."""

    known: Known | None = None
    tables: Mapping[str, tuple[ManifestTable, CheckedTable]] = field(default_factory=dict)

    def scan(self, name: str, columns: Sequence[str] | None, split: str | None, size: int = BATCH_ROWS) -> Iterator[Rows]:
        """Rows of a further table, of one split or of all. Raises BadInput when there is no such table, or it was altered."""
        stated, table = self.table(name)
        start, stop = 0, stated.rows
        if split is not None and stated.splits:
            before = 0
            for part in stated.splits:
                if part.name == split:
                    break
                before += part.rows
            start, stop = before, before + next((part.rows for part in stated.splits if part.name == split), 0)
        if start < stop:
            yield from table.scan(table.columns if columns is None else columns, start=start, stop=stop, size=size)

    def table(self, name: str) -> tuple[ManifestTable, CheckedTable]:
        """What the manifest says of a further table, and the table. Raises BadInput when there is none of that name."""
        if name not in self.tables:
            raise bad_input("the benchmark has no such table", where=name, expected=", ".join(self.tables) or "none: it has only its items")
        return self.tables[name]


def open_beside(manifest: Manifest, folder: Path) -> Beside:
    """What the manifest says lies in `folder`. Raises BadInput when a file cannot be read."""
    data = None if manifest.generator is None else folder
    known = None
    if manifest.truth is not None:
        known = Known(stated=manifest.truth, table=_checked(folder / manifest.truth.file, manifest.truth.columns, data))
    tables = {stated.name: (stated, _checked(folder / stated.file, stated.columns, data)) for stated in manifest.tables}
    return Beside(known=known, tables=tables)


def _checked(path: Path, columns: Sequence[ManifestValues], data: Path | None) -> CheckedTable:
    return CheckedTable(open_table(path), {values.name: values.digest for values in columns}, data)
