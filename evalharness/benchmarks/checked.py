"""Tables whose columns are compared with the manifest before they are read."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.column_digest import digest_of
from evalharness.benchmarks.exact import Rows
from evalharness.benchmarks.table import Table
from evalharness.errors import BadInput, Problem, bad_input

_ALTERED = "the content is not what was generated: it was altered or damaged"


class CheckedTable:
    """A table that the manifest describes. Each column's digest is compared once, before its first row is given."""

    def __init__(self, table: Table, digests: Mapping[str, str], data: Path | None = None) -> None:
        """data: the data folder that it is in, where a recipe made it."""
        self._table = table
        self._digests = dict(digests)
        self._checked: set[str] = set()
        self._data = data

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
        with telling_what_repairs(self._data):
            differing = list(self.differing([name for name in columns if name not in self._checked]))
        if differing:
            raise altered(self.path, ", ".join(differing), self._data)
        self._checked.update(columns)
        yield from self._table.scan(columns, start=start, stop=stop, size=size)

    def differing(self, columns: Sequence[str]) -> Iterator[str]:
        """Those of the columns that are missing or hold something else than the manifest says."""
        stored = self._table.types()
        for name in columns:
            if name not in stored or digest_of(rows[name] for rows in self._table.scan([name])) != self._digests[name]:
                yield name


def altered(path: Path, columns: str, data: Path | None) -> BadInput:
    """The error for columns that are not what the manifest says. data: the folder, where a recipe made it; null for a supplied table."""
    where = f"{path}: {columns}" if columns else str(path)
    if data is not None:
        return bad_input(_ALTERED, where=where, hint=what_repairs(data))
    hint = "restore it, or, where the new content is meant, move manifest.json away: it is written again"
    return bad_input("the content is not what the manifest beside it says", where=where, hint=hint)


def what_repairs(data: Path) -> str:
    """The command after which the data of a recipe is made again; what was altered is kept for whoever looks into it."""
    return f"`mv {shlex.quote(str(data))} {shlex.quote(f'{data}.altered')}` keeps it apart for whoever finds out why; then it is made again"


@contextmanager
def telling_what_repairs(data: Path | None) -> Iterator[None]:
    """Adds to a BadInput about the data of a recipe what repairs it; of a supplied table (null) nothing is added."""
    try:
        yield
    except BadInput as error:
        if data is None:
            raise
        raise BadInput([*error.problems, Problem(what=_ALTERED, where=str(data), hint=what_repairs(data))]) from error
