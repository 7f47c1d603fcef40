"""The readings of made-up reviewers as the two tables that people would hand in: the log, and what was assigned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.oversight.reviews.columns import BLIND, MADE_UP, NO_ANSWER, SHOWN
from evalharness.oversight.synthetic.readers import Made

_START = np.datetime64("2026-01-05T08:00:00", "s")
"""The first shift begins here; each of the others a day later."""


def log_table(made: Made, names: Mapping[str, pa.Array], words: Sequence[str], pause: float, told: Sequence[str] = ()) -> pa.Table:
    """What was read. names: by column, of the items. words: of the outcomes, rising; told: of the classifier's, where they are others.
    pause: seconds from one reading of a shift to the next."""
    at = np.flatnonzero(made.read)
    shown = np.where(made.blind[at], len(words), made.shown[at])
    time = _START + made.shift[at].astype("timedelta64[D]") + ((made.position[at] + 1) * pause).astype("timedelta64[s]")
    return pa.table({
        **_of_items(names, made.item[at]),
        "reviewer": _named(MADE_UP, made.reviewer[at]),
        "shown": _words(shown, (*(told or words), BLIND, NO_ANSWER)),
        "label": _words(made.said[at], words),
        "seconds": pa.array(made.seconds[at]),
        "time": pa.array(time).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
        "seeded": pa.array(made.seeded[at]),
        "adjudicated": pa.array(made.reading[at] == 3),
        "shift": _named("shift", made.shift[at]),
        "reading": pa.array(made.reading[at].astype(np.int8)),
        "views": pa.array(made.views[at].astype(np.int32)),
    })  # fmt: skip


def assigned_table(made: Made, names: Mapping[str, pa.Array]) -> pa.Table:
    """What was to be read."""
    return pa.table({
        **_of_items(names, made.item),
        "reviewer": _named(MADE_UP, made.reviewer),
        "reading": pa.array(made.reading.astype(np.int8)),
        "shown_or_blind": _words(made.blind.astype(np.int8), (SHOWN, BLIND)),
        "seeded": pa.array(made.seeded),
    })  # fmt: skip


def _of_items(names: Mapping[str, pa.Array], places: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
    return {column: ids.take(pa.array(places)) for column, ids in names.items()}


def _words(codes: npt.NDArray[np.int8], words: Sequence[str]) -> pa.Array:
    """-1 is the last of the words."""
    return pa.DictionaryArray.from_arrays(pa.array(codes % len(words), pa.int8()), pa.array(words)).cast(pa.string())


def _named(kind: str, numbers: npt.NDArray[np.int64]) -> pa.Array:
    distinct, codes = np.unique(numbers, return_inverse=True)
    names = pa.array([f"{kind}-{number:04d}" for number in distinct.tolist()], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), names).cast(pa.string())
