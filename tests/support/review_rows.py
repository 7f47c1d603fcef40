"""Readings of a review log written row by row, for tests that count them in plain Python."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from evalharness.oversight.reviews.readings import Known, Readings

ITEMS = 6


class Row(NamedTuple):
    item: int
    reviewer: int
    reading: int
    blind: bool
    seeded: bool
    shown: int
    said: int
    read: bool
    shift: int
    seconds: float


ROW = st.builds(
    Row, item=st.integers(0, ITEMS - 1), reviewer=st.integers(0, 3), reading=st.sampled_from([1, 1, 1, 2, 3]), blind=st.booleans(),
    seeded=st.sampled_from([False, False, False, True]), shown=st.integers(-1, 2), said=st.integers(-1, 2), read=st.booleans(),
    shift=st.integers(0, 2), seconds=st.sampled_from([0.0, 3.5, 40.0]),
)  # fmt: skip
LABELS = st.lists(st.integers(-1, 2), min_size=ITEMS, max_size=ITEMS)


def readings_of(rows: list[Row]) -> Readings:
    columns = {name: [getattr(row, name) for row in rows] for name in Row._fields}
    kinds = {"item": np.int32, "reviewer": np.int32, "shift": np.int32, "reading": np.int8, "shown": np.int8, "said": np.int8}
    arrays = {name: np.array(values, dtype=kinds.get(name)) for name, values in columns.items()}
    return Readings(**arrays, time=np.zeros(len(rows), dtype=np.int64))


def known_of(labels: list[int], cases: list[int] | None) -> Known:
    return Known(
        ids=pa.array([str(i) for i in range(ITEMS)]), labels=np.array(labels, dtype=np.int8), decisions=np.zeros(ITEMS, dtype=np.int8),
        words={}, relevant_from=1, cases=None if cases is None else np.array(cases, dtype=np.int32),
    )  # fmt: skip
