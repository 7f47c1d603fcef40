"""Arrow columns of features, with nulls where values are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.families.family import Table
from evalharness.benchmarks.families.ingredients.columns import code_type, texts
from evalharness.benchmarks.families.tabular.rows import Codes, Numbers
from evalharness.benchmarks.families.tabular.tables import Feature, Split, Tables

WEEK = "week"


def received(tables: Tables, split: Split, codes: Sequence[Codes], weeks: Numbers) -> Table:
    """What a model receives: every feature, then the week."""
    found = {feature.name: _column(feature, own) for feature, own in zip(tables.features, codes, strict=True)}
    found[WEEK] = pa.array((split.first_week + weeks).astype(np.int16))
    return found


def _column(feature: Feature, codes: Codes) -> Any:
    missing = codes == 0 if feature.can_miss else None
    bitmap = None if missing is None or not missing.any() else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    if not feature.levels:
        return pa.Array.from_buffers(pa.int16(), len(codes), [bitmap, pa.py_buffer(feature.numbers.take(codes))])
    kind = code_type(feature.levels)
    places = (np.maximum(codes, 1) - np.uint8(1)).astype(kind)
    indices = pa.Array.from_buffers(pa.from_numpy_dtype(kind), len(codes), [bitmap, pa.py_buffer(places)])
    return pa.DictionaryArray.from_arrays(indices, texts(feature.levels))
