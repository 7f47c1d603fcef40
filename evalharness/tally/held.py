"""Rows held back because their clusters may come in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.tally.clusters import Runs
from evalharness.tally.moments import Integers

_WINDOW = 2**16
_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChunk:
    """Rows of some whole clusters, or of part of one, in cluster order."""

    groups: dict[str, npt.NDArray[np.unsignedinteger]]
    outcomes: npt.NDArray[np.uint8]
    starts: Integers
    """First row of each cluster; begins with 0."""
    continues: bool
    """Whether the first cluster goes on with the one that ended the chunk before."""


class HeldRows:
    """Every row in small numbers, until all have been seen; then they come back cluster by cluster.

    Memory while rows arrive: 1 byte a row and 1 an attribute (more above 256 levels), and for each run of neighbouring rows
    of one cluster 8 bytes and its name. While they come back: 20 bytes more a run, and the names twice more unless the runs
    were ascending. A file that is grouped by cluster has one run a cluster; a shuffled one has nearly one a row.
    """

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._types = {attribute: np.min_scalar_type(max(size - 1, 0)) for attribute, size in sizes.items()}
        self._groups: dict[str, list[npt.NDArray[np.unsignedinteger]]] = {attribute: [] for attribute in sizes}
        self._outcomes: list[npt.NDArray[np.uint8]] = []
        self._lengths: list[npt.NDArray[np.int32]] = []
        self._runs: list[npt.NDArray[np.int32]] = []
        self._names: list[pa.Array] = []
        self._named = 0
        self._ascending = True

    def add(self, groups: Mapping[str, npt.NDArray[np.int32]], outcomes: npt.NDArray[np.uint8], runs: Runs) -> None:
        """Holds one chunk of at most 2**31 rows."""
        for attribute, held in self._groups.items():
            held.append(groups[attribute].astype(self._types[attribute]))
        self._outcomes.append(outcomes)
        self._lengths.append(np.diff(runs.starts, append=len(outcomes)).astype(np.int32))
        new = runs.names.slice(1) if runs.continues else runs.names
        first = self._named - (1 if runs.continues else 0)
        self._runs.append(np.arange(first, first + len(runs.names), dtype=np.int32))
        self._names.append(new)
        self._named += len(new)
        self._ascending = self._ascending and runs.ascending

    def chunks(self) -> Iterator[HeldChunk]:
        """All rows, each cluster in one piece, in chunks of some 65,536 rows (more where one piece is longer). Empties itself."""
        if not self._runs:
            return
        clusters, lengths = self._clusters(), _joined(self._lengths)
        groups = {attribute: _joined(held) for attribute, held in self._groups.items()}
        outcomes = _joined(self._outcomes)
        starts = np.cumsum(lengths, dtype=np.int64) - lengths
        order = np.arange(len(clusters)) if self._ascending else np.argsort(clusters, kind="stable")
        last = -1
        for window in _windows(order, lengths):
            rows = np.repeat(starts[window] - (np.cumsum(lengths[window]) - lengths[window]), lengths[window])
            rows += np.arange(len(rows))
            owners = np.repeat(clusters[window], lengths[window])
            changes = np.concatenate([[0], np.flatnonzero(owners[1:] != owners[:-1]) + 1])
            taken = {attribute: codes[rows] for attribute, codes in groups.items()}
            yield HeldChunk(groups=taken, outcomes=outcomes[rows], starts=changes, continues=bool(owners[0] == last))
            last = int(owners[-1])

    def _clusters(self) -> npt.NDArray[np.int32]:
        """One number for each cluster, by run; names are compared in full, never by a hash alone."""
        runs = _joined(self._runs)
        if self._ascending:
            return runs
        names = pa.concat_arrays([part.cast(pa.large_string()) for part in self._names])
        self._names.clear()
        numbers = names.dictionary_encode().indices.to_numpy()
        return np.asarray(numbers[runs], dtype=np.int32)


def _windows(order: Integers, lengths: npt.NDArray[np.int32]) -> Iterator[Integers]:
    """Neighbouring runs of `order` with about `_WINDOW` rows together, at least one run each."""
    start = 0
    while start < len(order):
        candidates = order[start : start + _WINDOW]
        fitting = int(np.searchsorted(np.cumsum(lengths[candidates], dtype=np.int64), _WINDOW, side="right"))
        yield candidates[: max(1, fitting)]
        start += max(1, fitting)


def _joined(parts: list[npt.NDArray[_Kind]]) -> npt.NDArray[_Kind]:
    """The parts as one array; the list is emptied."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole
