"""Candidate pairs of a block: records of one region that agree on a blocking attribute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.rows import Codes, Ints

_AT_ONCE = 1 << 20
"""Comparisons made in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Rows of a block, left before right; sorted by left, then right."""

    left: Ints
    right: Ints


def candidates(dials: CaseLinkageDials, values: Codes) -> Pairs:
    """All candidate pairs. values: [attributes, records] of whole regions, the last one possibly cut."""
    size, rows = dials.regions.size, values.shape[1]
    regions = -(-rows // size)
    blocking = _padded(dials, values, regions * size)
    found = [np.empty(0, dtype=np.int64)]
    step = max(1, _AT_ONCE // (size * size))
    after = np.triu(np.ones((size, size), dtype=bool), 1)
    for first in range(0, regions, step):
        part = blocking[:, first * size : (first + step) * size].reshape(len(blocking), -1, size)
        agree = np.zeros((part.shape[1], size, size), dtype=bool)
        for value in part:
            agree |= (value[:, :, None] == value[:, None, :]) & (value >= 0)[:, :, None]
        found.append(np.flatnonzero(agree & after) + first * size * size)
    region, cell = np.divmod(np.concatenate(found), size * size)
    left, right = np.divmod(cell, size)
    return Pairs(left=left + region * size, right=right + region * size)


def _padded(dials: CaseLinkageDials, values: Codes, length: int) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """[blocking attributes, length] codes; -1 where there is no value or no record."""
    names = list(dials.attributes)
    found = np.full((len(dials.candidates.agree_on), length), -1, dtype=np.int16)
    for row, name in enumerate(dials.candidates.agree_on):
        own = values[names.index(name)].astype(np.int16)
        found[row, : len(own)] = np.where(own == dials.attributes[name], -1, own)
    return found
