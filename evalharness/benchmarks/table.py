"""What a table on disk offers, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.exact import Rows


class Table(Protocol):
    """One file, read in stored order, never as a whole."""

    path: Path

    def types(self) -> dict[str, Any]:
        """Column -> pyarrow type as stored; in a CSV file all is text."""
        ...

    def scan(
        self, columns: Sequence[str], *, start: int = 0, stop: int | None = None, size: int = BATCH_ROWS, coded: Sequence[str] = ()
    ) -> Iterator[Rows]:
        """The columns of rows start <= row < stop, in batches of exactly `size` rows (the last shorter).

        Text columns named in `coded` may come as dictionaries, which is faster where few values repeat.
        Raises BadInput when the file is damaged.
        """
        ...
