"""How long readings take, in classes with fixed edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evalharness.records.oversight_reviews import SECOND_EDGES

_LAST = SECOND_EDGES[-2] + 1
_CLASS = np.searchsorted(np.array(SECOND_EDGES), np.arange(_LAST + 1)).astype(np.uint8)
"""Of whole seconds, and of all that are more than the last edge but one."""


def classes_of(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """[N] places among SECOND_EDGES of the least edge that is not below; 0 where there is no time. Edges are whole, so a part of a second
    counts as one."""
    with np.errstate(invalid="ignore"):
        whole = np.ceil(seconds)
        np.minimum(whole, _LAST, out=whole)
        found: npt.NDArray[np.uint8] = _CLASS[np.nan_to_num(whole, copy=False).astype(np.int32)]
    return found


def half_within(counts: Sequence[int]) -> int:
    """The least edge within which at least half of the readings lie; 0 without a reading. counts: by class."""
    whole, sofar = sum(counts), 0
    for edge, count in zip(SECOND_EDGES, counts, strict=True):
        sofar += count
        if whole and 2 * sofar >= whole:
            return edge
    return 0
