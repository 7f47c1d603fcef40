"""From random bits to cases and items, one block at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bell import bell
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, pick, threshold
from evalharness.benchmarks.families.severity_grading import raters
from evalharness.benchmarks.families.severity_grading.coordinates import REDRAWN, SIZE
from evalharness.benchmarks.families.severity_grading.dials import SeverityGradingDials
from evalharness.benchmarks.families.severity_grading.raters import GRADES
from evalharness.benchmarks.families.severity_grading.shifts import HARDNESS
from evalharness.benchmarks.families.severity_grading.tables import TRAIN, Tables

_CASES, _GROUPS, _GRADES, _COORDINATES, _RATERS, _REPEATS = range(6)
"""Streams of random bits: what one part draws never moves another. 6 to 8 are those of the copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items of whole cases of one split; the last case may be cut. One entry an item unless said."""

    heads: npt.NDArray[np.int64]
    """Place in the block of the first item of the item's case."""
    groups: tuple[npt.NDArray[np.uint8], ...]
    """For each attribute: code of the level, in declared order."""
    strata: npt.NDArray[np.int64]
    clean: npt.NDArray[np.uint8]
    """Grade before anybody looked."""
    hard: npt.NDArray[np.bool_]
    source: npt.NDArray[np.int64]
    """Place in the block of the item that it is a near-identical copy of; its own place elsewhere."""
    coordinates: npt.NDArray[np.int16]
    """[64, items] in steps."""
    grades: npt.NDArray[np.uint8]
    """[people, items] what each rater says."""
    label: npt.NDArray[np.uint8]
    """What they say together."""


def items(dials: SeverityGradingDials, tables: Tables, place: Place) -> Items:
    """The block's first `place.rows` items; fewer rows are the beginning of more."""

    def bits(stream: int) -> Bits:
        return Bits(dials.seed, split=place.split, block=place.number, stream=stream)

    split, n, rows = tables.splits[place.split], BLOCK_ROWS, place.rows
    draw = bits(_CASES)
    sizes = 1 + pick(tables.sizes, draw.draw32(n)).astype(np.int64)
    grave = happens(draw.draw32(n), tables.grave)
    of = np.repeat(np.arange(n), sizes)[:rows]
    heads = (np.cumsum(sizes) - sizes)[of]
    cases = int(of[-1]) + 1
    codes = [own[:cases] for own in _groups(dials, tables, place, bits(_GROUPS))]
    strata = split.strata.of(codes)
    source = _sources(dials, heads, bits(_REPEATS))
    draw = bits(_GRADES)
    kind = (2 * strata + grave[:cases])[of]
    clean = _graded(split.grades, kind, draw.draw32(n)[:rows])[source]
    hard = happens(draw.draw32(n)[:rows], tables.hard)[source]
    of_item = strata[of]
    code = (of_item * HARDNESS + hard) * GRADES + clean
    said = raters.said(tables.ends, code, bits(_RATERS).draw16(len(tables.ends) * n).reshape(-1, n)[:, :rows])
    return Items(
        heads=heads,
        groups=tuple(own[of] for own in codes),
        strata=of_item,
        clean=clean,
        hard=hard,
        source=source,
        coordinates=_coordinates(tables, place, code, source, bits(_COORDINATES)),
        grades=said,
        label=raters.together(said),
    )


def _groups(dials: SeverityGradingDials, tables: Tables, place: Place, bits: Bits) -> list[npt.NDArray[np.uint8]]:
    """Level codes of each case; in `train` some of an under-represented group are drawn once more."""
    strata, n = tables.splits[place.split].strata, BLOCK_ROWS
    codes = [pick(upper, bits.draw32(n)) for upper in strata.ends]
    if place.name == TRAIN and "under_representation" in tables.members:
        member = tables.members["under_representation"][strata.of(codes)]
        again = member & happens(bits.draw32(n), threshold(exactly(dials.harms.under_representation.size)))
        codes = [np.where(again, pick(upper, bits.draw32(n)), code) for upper, code in zip(strata.ends, codes, strict=True)]
    return codes


def _graded(upper: npt.NDArray[np.uint32], kind: npt.NDArray[np.int64], draws: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    found = np.zeros(len(draws), dtype=np.uint8)
    for end in upper:
        found += draws >= end.take(kind)
    return found


def _sources(dials: SeverityGradingDials, heads: npt.NDArray[np.int64], bits: Bits) -> npt.NDArray[np.int64]:
    here = np.arange(len(heads))
    if dials.harms.duplicates.off:
        return here
    repeats = happens(bits.draw32(BLOCK_ROWS)[: len(heads)], threshold(exactly(dials.harms.duplicates.size))) & (heads != here)
    return np.asarray(np.maximum.accumulate(np.where(repeats, 0, here)))


def _coordinates(
    tables: Tables, place: Place, code: npt.NDArray[np.int64], source: npt.NDArray[np.int64], bits: Bits
) -> npt.NDArray[np.int16]:
    """Noise of every coordinate, and what the item's code moves. A near-identical copy has one coordinate of its own."""
    drawn = bits.draw16(SIZE * BLOCK_ROWS).reshape(SIZE, BLOCK_ROWS)[:, : place.rows]
    found = bell().lookup.take(drawn)
    copied = source != np.arange(len(source))
    if copied.any():
        fresh = found[REDRAWN, copied]
        found[:, copied] = found[:, source[copied]]
        found[REDRAWN, copied] = fresh
    for part in tables.splits[place.split].parts:
        moved = part.shifts.take(code)
        for row in part.rows:
            found[row] += moved
    return found
