"""Blocks that no benchmark holds, for figures that are told of a recipe."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.tabular.dials import TabularDials

SPLIT = "test"
_FIRST = 1 << 32
"""No benchmark is so large as to have a block of this number."""
_BLOCKS = 4


def places_apart(dials: TabularDials) -> Iterator[Place]:
    """Whole blocks made as those of `test` are."""
    split = list(dials.split_rows()).index(SPLIT)
    for number in range(_FIRST, _FIRST + _BLOCKS):
        yield Place(split=split, name=SPLIT, number=number, first=0, rows=BLOCK_ROWS)
