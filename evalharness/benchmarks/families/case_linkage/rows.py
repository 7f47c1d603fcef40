"""From random bits to regions, entities and records, one block at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.frequencies import MARK, NEIGHBOUR
from evalharness.benchmarks.families.case_linkage.tables import SplitTables, Tables
from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import happens

Codes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

ENTITIES, VALUES, COPYING, REPEATS, MISTAKES, ORDER, NAMES = range(7)
"""Streams of bits: a dial of one part leaves the others as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of a block in stored order: region by region, in random order inside it."""

    values: Codes
    """[attributes, records] codes; the code after an attribute's last value is a missing one."""
    groups: tuple[Codes, ...]
    """For each attribute of the groups: [records] code of the level."""
    strata: Ints
    entities: Ints
    """Place of the record's entity in its block; region is `entities // size`."""
    clean: Ints
    """The entity's number within its region, as it is named."""
    recorded: Ints
    """The recorded entity's number within the region, as it is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entities:
    """One for every place of the block; only as many of a region's as are needed have records."""

    cells: Ints
    strata: Ints
    channel: Ints
    records: Ints
    """How many each has: none beyond the end of its region, and the last one is cut to fit."""
    firsts: Ints
    """Place of its first record, before the records of a region are put in random order."""


def records(dials: CaseLinkageDials, tables: Tables, place: Place) -> Records:
    """The first `place.rows` records of a block."""
    split = tables.splits[place.split]
    entities = _entities(dials, tables, split, place)
    owner = np.repeat(np.arange(BLOCK_ROWS), entities.records)
    firsts = entities.firsts[owner]
    values = _copied(dials, tables, place, entities, owner)
    if tables.repeats:
        repeats = happens(_bits(dials, place, REPEATS).draw32(BLOCK_ROWS), tables.repeats)
        values = values[:, np.where(repeats, firsts, np.arange(BLOCK_ROWS))]
    clean, recorded = _names(dials, tables, place, entities, owner)
    order = _order(dials, place)[: place.rows]
    of = owner[order]
    return Records(
        values=values[:, order],
        groups=tuple(codes[entities.cells[of]] for codes in tables.codes),
        strata=entities.strata[of],
        entities=of,
        clean=clean[order],
        recorded=recorded[order],
    )


def _bits(dials: CaseLinkageDials, place: Place, stream: int) -> Bits:
    return Bits(dials.seed, split=place.split, block=place.number, stream=stream)


def _entities(dials: CaseLinkageDials, tables: Tables, split: SplitTables, place: Place) -> _Entities:
    bits, size = _bits(dials, place, ENTITIES), dials.regions.size
    cells = np.searchsorted(split.cells, bits.draw32(BLOCK_ROWS), side="right")
    strata = tables.strata.of_cell[cells]
    wanted = _records_of_each(split, strata, bits.draw32(BLOCK_ROWS))
    channel = tables.channel[strata]
    edited = happens(bits.draw32(BLOCK_ROWS), tables.edited)
    ends = np.minimum(np.cumsum(wanted.reshape(-1, size), axis=1), size)
    starts = np.concatenate([np.zeros((len(ends), 1), dtype=np.int64), ends[:, :-1]], axis=1)
    firsts = starts + np.arange(0, BLOCK_ROWS, size)[:, None]
    return _Entities(
        cells=cells,
        strata=strata,
        channel=np.where(edited, channel + tables.plain_channels, channel),
        records=(ends - starts).reshape(-1),
        firsts=firsts.reshape(-1),
    )


def _records_of_each(split: SplitTables, strata: Ints, draws: npt.NDArray[np.uint32]) -> Ints:
    found = np.ones(len(strata), dtype=np.int64)
    for more in range(split.records.shape[1]):
        found += draws >= split.records[strata, more]
    return found


def _copied(dials: CaseLinkageDials, tables: Tables, place: Place, entities: _Entities, owner: Ints) -> Codes:
    """[attributes, records] each entity's true values, copied with errors."""
    true, copying = _bits(dials, place, VALUES), _bits(dials, place, COPYING)
    channel = entities.channel[owner]
    found = np.empty((len(dials.attributes), BLOCK_ROWS), dtype=np.uint8)
    for row, (attribute, values) in enumerate(dials.attributes.items()):
        own = tables.lookup[row][true.draw16(BLOCK_ROWS)]
        moves = true.draw32(BLOCK_ROWS)
        if attribute == dials.harms.proxy.attribute and tables.moved:
            member = tables.members["proxy"][entities.strata]
            own = np.where(member & happens(moves, tables.moved), own | MARK, own)
        right = own[owner]
        draws, fresh = copying.draw32(BLOCK_ROWS), tables.lookup[row][copying.draw16(BLOCK_ROWS)]
        limits = tables.splits[place.split].limits[row][channel]
        value = np.where(happens(draws, limits[:, 2]), right ^ NEIGHBOUR, right)
        value = np.where(happens(draws, limits[:, 1]), fresh, value)
        found[row] = np.where(happens(draws, limits[:, 0]), values, value)
    return found


def _names(dials: CaseLinkageDials, tables: Tables, place: Place, entities: _Entities, owner: Ints) -> tuple[Ints, Ints]:
    """(clean, recorded) number of each record's entity within its region.

    Numbers below 2 * size are given in an order of the region's own, so that a number does not tell whether the record was cut loose.
    """
    size = dials.regions.size
    bits = _bits(dials, place, MISTAKES)
    draws, filed_with = bits.draw32(BLOCK_ROWS), bits.below(BLOCK_ROWS, size)
    strata = entities.strata[owner]
    starts = np.arange(BLOCK_ROWS) // size * size
    own = owner - starts
    filed = owner[starts + filed_with] - starts
    loose = size + np.arange(BLOCK_ROWS) - starts
    wrong = np.where(happens(draws, tables.filed[strata]), filed, loose)
    recorded = np.where(happens(draws, tables.mistaken[strata]), wrong, own)
    names = _bits(dials, place, NAMES)
    odd = (2 * names.below(BLOCK_ROWS // size, size) + 1)[starts // size]
    shift = names.below(BLOCK_ROWS // size, 2 * size)[starts // size]
    return (odd * own + shift) % (2 * size), (odd * recorded + shift) % (2 * size)


def _order(dials: CaseLinkageDials, place: Place) -> Ints:
    """The records of each region in random order: keys are random above, the place below, so that no two are the same."""
    size = dials.regions.size
    places = np.arange(BLOCK_ROWS, dtype=np.uint32).reshape(-1, size) % np.uint32(size)
    keys = _bits(dials, place, ORDER).draw32(BLOCK_ROWS).reshape(-1, size) & ~np.uint32(size - 1)
    chosen = np.sort(keys | places, axis=1) & np.uint32(size - 1)
    return (chosen.astype(np.int64) + np.arange(0, BLOCK_ROWS, size)[:, None]).reshape(-1)
