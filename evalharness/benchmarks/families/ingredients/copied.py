"""Ids and order of copies. Neither says of which item a copy was made, nor which copies were made of the same: only the truth does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place, Table
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.columns import numbered

STREAM = 9
"""Of the random bits that put copies in order, in every family."""


def order_of_block(bits: Bits) -> npt.NDArray[np.int64]:
    """[place in the block] place in another, random order of the block."""
    places = np.arange(BLOCK_ROWS)
    draws = (bits.draw32(BLOCK_ROWS).astype(np.uint64) << np.uint64(32)) | places.astype(np.uint64)
    draws.sort()  # equal draws in the order of their places, which stand beside them: faster than to ask for the order
    found = np.empty_like(places)
    found[(draws & np.uint64(0xFFFFFFFF)).astype(np.int64)] = places
    return found


def under_fresh_ids(seed: int, place: Place, kinds: Sequence[str], of: npt.NDArray[np.int64], tables: Sequence[Table]) -> list[Table]:
    """The same rows in the order of a first column `item_id`; `of`: places in the block of the items copied.

    Rows of each table: one for each of `of`, kind after kind, in the same order in all tables.
    """
    bits = Bits(seed, split=place.split, block=place.number, stream=STREAM)
    order, ids = [], []
    for number, kind in enumerate(kinds):
        fresh = order_of_block(bits)[of]
        order.append(number * len(of) + np.argsort(fresh))
        ids.append(numbered(f"{kind}-", place.first + np.sort(fresh)))
    rows, names = pa.array(np.concatenate(order)), pa.concat_arrays(ids)
    return [{"item_id": names, **{name: pa.array(column).take(rows) for name, column in table.items()}} for table in tables]
