"""All blocks of a recipe put together, without files: for tests of families."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.families.family import Block, Family, places


class Made:
    """The items and the truth of one split, column by column."""

    def __init__(self, family: Any, dials: Any, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.grid = family.truth(dials).grid

    def texts(self, column: str) -> list[Any]:
        """A column of the items or of the truth as Python values."""
        return [value for array in self._parts(column) for value in array.to_pylist()]

    def codes(self, column: str) -> Any:
        """Codes of a text column that has the same dictionary in every block."""
        return np.concatenate([np.asarray(array.indices) for array in self._parts(column)])

    def chances(self, column: str) -> Any:
        """A column of chances, as numbers from 0 to 1."""
        return np.concatenate([np.asarray(block.truth[column]) for block in self.blocks]) * self.grid

    def table(self, name: str) -> dict[str, list[Any]]:
        """A further table as lists."""
        parts = [block.others[name] for block in self.blocks if name in block.others]
        return {column: [v for part in parts for v in pa.array(part[column]).to_pylist()] for column in (parts[0] if parts else ())}

    def _parts(self, column: str) -> Iterable[Any]:
        return ((block.items.get(column) if column in block.items else block.truth[column]) for block in self.blocks)


_PREPARED: dict[tuple[str, str], Any] = {}
_KEPT = 4


def prepared(family: Family, dials: Any) -> Any:
    """The lookup tables, kept for other seeds of the same dials: they take longer to make than a block, and no seed changes them."""
    key = family.name, dials.model_dump_json(exclude={"seed"})
    if key not in _PREPARED:
        for oldest in list(_PREPARED)[: max(0, len(_PREPARED) + 1 - _KEPT)]:
            del _PREPARED[oldest]
        _PREPARED[key] = family.prepare(dials)
    return _PREPARED[key]


def made(family: Family, dials: Any) -> dict[str, Made]:
    """By split."""
    tables = prepared(family, dials)
    found: dict[str, list[Block]] = {}
    for place in places(dials):
        found.setdefault(place.name, []).append(family.block(dials, tables, place))
    return {name: Made(family, dials, blocks) for name, blocks in found.items()}


def digest(family: Family, dials: Any, *, backwards: bool = False) -> str:
    """Digest of everything that all blocks hold, whatever the order in which they were made."""
    tables = family.prepare(dials)
    every = list(places(dials))
    blocks = {place: family.block(dials, tables, place) for place in (reversed(every) if backwards else every)}
    sha = hashlib.sha256()
    for place in every:
        block = blocks[place]
        for part in (block.items, block.truth, *(block.others[name] for name in sorted(block.others))):
            _add(sha, part)
    return sha.hexdigest()


def _add(sha: Any, part: Mapping[str, Any]) -> None:
    for name, column in part.items():
        sha.update(f"\n{name}:".encode())
        array = column if isinstance(column, pa.Array) else pa.array(column)
        values = array.to_pylist()
        sha.update(repr(values).encode())


def z_score(labels: Any, chances: Any) -> float:
    """How many standard deviations the number of positives lies from what the chances promise."""
    return float((labels - chances).sum() / np.sqrt((chances * (1 - chances)).sum()))


def best_recall_at(chances: Any, rate: float) -> tuple[float, float]:
    """(threshold on the posterior, expected recall) at a false-positive rate, from the chances alone."""
    ordered = np.sort(chances)[::-1]
    alarms, found = np.cumsum(1 - ordered), np.cumsum(ordered)
    last = int(np.searchsorted(alarms, rate * alarms[-1], side="right")) - 1
    return float(ordered[last]), float(found[last] / found[-1])
