"""Counterfactual twins and perturbed copies: the records of some regions of `test`, each with one thing changed.

The candidate pairs of such a region are carried over: what is compared is the answer to a pair with the answer to the same pair changed.
Records of a region stand in another order in each kind of copy, so that only the truth says of which record each was made.
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
from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.copied import STREAM as ORDER
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, threshold
from evalharness.records import CopyKind

STREAM = 8
COPIED = "test"
PROXY = "proxy"
KINDS = (PROXY, "noise", "obfuscation", "missing")
"""proxy: the values of the proxy attribute moved to the other half, which marks the group or does not; noise: some values drawn anew;
obfuscation: some blocking values changed into another; missing: some values missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """One kind of copy."""

    kind: str
    of: Ints
    """Rows of the block that are copied."""
    numbers: Ints
    """Of the copies, within the block; ascending."""
    values: Codes
    """[attributes, copies]"""
    pairs: Pairs
    """Candidate pairs of the records copied, by number of the copy."""


def kinds(dials: CaseLinkageDials) -> tuple[CopyKind, ...]:
    """The kinds of copies, in the order of `KINDS`; none where no record has any."""
    if not dials.copies.share:
        return ()
    of = {PROXY: tuple(sorted(dials.harms.proxy.of))}
    changed = {
        PROXY: "only the attribute changed that tells of a group",
        "noise": "some values drawn anew",
        "obfuscation": "some of the values changed by which records are found",
        "missing": "some values missing",
    }
    made = (kind for kind in KINDS if kind != PROXY or dials.harms.proxy.attribute)
    return tuple(CopyKind(name=kind, of=of.get(kind, ()), changed=changed[kind]) for kind in made)


def copies(dials: CaseLinkageDials, tables: Tables, place: Place, values: Codes, pairs: Pairs) -> list[Copies]:
    """The block's copies, kind by kind; none outside `test`."""
    if place.name != COPIED or not dials.copies.share:
        return []
    size = dials.regions.size
    bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM)
    regions = happens(bits.draw32(BLOCK_ROWS // size), threshold(exactly(dials.copies.share)))
    chosen = np.flatnonzero(regions[np.arange(values.shape[1]) // size])
    kept = regions[pairs.left // size]
    carried = Pairs(left=pairs.left[kept], right=pairs.right[kept])
    kinds = [kind for kind in KINDS if kind != PROXY or dials.harms.proxy.attribute]
    found, anew = [], Bits(dials.seed, split=place.split, block=place.number, stream=ORDER)
    for kind in kinds:
        fresh = _in_another_order(size, anew)[chosen]
        order = np.argsort(fresh)
        of = chosen[order]
        changed = _changed(dials, tables, kind, values[:, of], of=of, bits=bits)
        found.append(Copies(kind=kind, of=of, numbers=fresh[order], values=changed, pairs=_among(carried, of)))
    return found


def _in_another_order(size: int, bits: Bits) -> Ints:
    """[row of the block] place in an order in which each region has its rows at random."""
    order = np.lexsort((bits.draw32(BLOCK_ROWS), np.arange(BLOCK_ROWS) // size))
    found = np.empty_like(order)
    found[order] = np.arange(BLOCK_ROWS)
    return found


def _among(pairs: Pairs, of: Ints) -> Pairs:
    """Pairs of rows of the block as pairs of copies, in ascending order; `of`: row of each copy."""
    place = np.zeros(int(of.max(initial=0)) + 1, dtype=np.int64)
    place[of] = np.arange(len(of))
    ends = place[pairs.left], place[pairs.right]
    left, right = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort((right, left))
    return Pairs(left=left[order], right=right[order])


def _changed(dials: CaseLinkageDials, tables: Tables, kind: str, values: Codes, *, of: Ints, bits: Bits) -> Codes:
    found = values.copy()
    for row, (attribute, count) in enumerate(dials.attributes.items()):
        own, known = found[row], found[row] < count
        if kind == PROXY:
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
