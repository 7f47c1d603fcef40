"""Ids of records, regions and entities."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.families.case_linkage.rows import Ints
from evalharness.benchmarks.families.family import Place
from evalharness.benchmarks.families.ingredients.columns import numbered


def record_ids(place: Place, rows: Ints, kind: str = "rec") -> pa.Array:
    """Of rows of a block."""
    return numbered(f"{kind}-", rows + place.first)


def region_names(place: Place, rows: Ints, size: int) -> pa.DictionaryArray:
    """Of rows of a block: named after the number of the region's first record."""
    names = numbered("reg-", np.arange(place.first, place.first + place.rows, size))
    return pa.DictionaryArray.from_arrays(pa.array((rows // size).astype(np.int32)), names)


def entity_names(place: Place, numbers: Ints, size: int) -> pa.Array:
    """`ent-000000064-017`: the number of the region's first record, and the entity's own `numbers` within the region."""
    width = len(str(2 * size - 1))
    own = pa.array([f"-{number:0{width}d}" for number in range(2 * size)], pa.string())
    rows = np.arange(len(numbers))
    return pc.binary_join_element_wise(numbered("ent-", place.first + rows // size * size), own.take(pa.array(numbers)), "")
