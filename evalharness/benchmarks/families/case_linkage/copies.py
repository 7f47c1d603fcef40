"""Counterfactual twins and perturbed copies: the records of some regions of `test`, each with one thing changed.

The candidate pairs of such a region are carried over: what is compared is the answer to a pair with the answer to the same pair changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.frequencies import MARK
from evalharness.benchmarks.families.case_linkage.pairs import Pairs
from evalharness.benchmarks.families.case_linkage.rows import Codes, Ints
from evalharness.benchmarks.families.case_linkage.tables import Tables
from evalharness.benchmarks.families.common.bits import Bits
from evalharness.benchmarks.families.common.shares import exactly, happens, threshold
from evalharness.benchmarks.families.family import BLOCK_ROWS, Place

STREAM = 8
COPIED = "test"
KINDS = ("proxy", "noise", "obfuscation", "missing")
"""proxy: the values of the proxy attribute moved to the other half, which marks the group or does not; noise: some values drawn anew;
obfuscation: some blocking values changed into another; missing: some values missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """One kind of copy."""

    kind: str
    of: Ints
    """Rows of the block that are copied."""
    values: Codes
    """[attributes, copies]"""
    pairs: Pairs
    """Candidate pairs of the records copied, by number of the copy."""


def copies(dials: CaseLinkageDials, tables: Tables, place: Place, values: Codes, pairs: Pairs) -> list[Copies]:
    """The block's copies, kind by kind; none outside `test`."""
    if place.name != COPIED or not dials.copies.share:
        return []
    size = dials.regions.size
    bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM)
    regions = happens(bits.draw32(BLOCK_ROWS // size), threshold(exactly(dials.copies.share)))
    of = np.flatnonzero(regions[np.arange(values.shape[1]) // size])
    kept = regions[pairs.left // size]
    carried = Pairs(left=np.searchsorted(of, pairs.left[kept]), right=np.searchsorted(of, pairs.right[kept]))
    kinds = [kind for kind in KINDS if kind != "proxy" or dials.harms.proxy.attribute]
    same = values[:, of]
    return [Copies(kind=kind, of=of, values=_changed(dials, tables, kind, same, of=of, bits=bits), pairs=carried) for kind in kinds]


def _changed(dials: CaseLinkageDials, tables: Tables, kind: str, values: Codes, *, of: Ints, bits: Bits) -> Codes:
    found = values.copy()
    for row, (attribute, count) in enumerate(dials.attributes.items()):
        own, known = found[row], found[row] < count
        if kind == "proxy":
            hit = np.full(len(of), attribute == dials.harms.proxy.attribute)
            other = own ^ MARK
        else:
            hit = happens(bits.draw32(BLOCK_ROWS)[of], _limit(dials, kind, attribute))
            other = _other(kind, tables.lookup[row][bits.draw16(BLOCK_ROWS)[of]], own, count)
        found[row] = np.where(hit & known, other, own)
    return found


def _limit(dials: CaseLinkageDials, kind: str, attribute: str) -> int:
    if kind == "obfuscation" and attribute not in dials.candidates.agree_on:
        return 0
    share = {"noise": dials.copies.noise, "obfuscation": dials.copies.obfuscation, "missing": dials.copies.missing}[kind]
    return threshold(exactly(share))


def _other(kind: str, fresh: Codes, own: Codes, count: int) -> npt.NDArray[np.integer]:
    """What stands in the place of a value; an obfuscated one is never the same again."""
    if kind == "missing":
        return np.full(len(own), count, dtype=np.uint8)
    return np.where(fresh == own, own ^ MARK, fresh) if kind == "obfuscation" else fresh
