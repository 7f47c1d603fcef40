"""From random bits to items: groups, outcomes, features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import ONE_16, happens, pick
from evalharness.benchmarks.families.tabular.tables import Split, Tables

Codes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items of one block; arrays have one entry an item."""

    groups: tuple[Codes, ...]
    """For each attribute: code of the level, in declared order."""
    clean: Codes
    """1: the outcome."""
    recorded: Codes
    """As it stands in the label."""
    weeks: Numbers
    """Among those of the split, from 0."""
    codes: tuple[Codes, ...]
    """For each feature: see `distributions`."""


def people(tables: Tables, split: Split, bits: Bits) -> tuple[Codes, ...]:
    """Level codes by attribute of BLOCK_ROWS units (persons, or whole clusters)."""
    first = [pick(ends, bits.draw32(BLOCK_ROWS)) for ends in tables.strata.ends]
    second = [pick(ends, bits.draw32(BLOCK_ROWS)) for ends in tables.strata.ends]
    again = bits.draw32(BLOCK_ROWS)
    if not split.drawn_again:
        return tuple(first)
    redrawn = happens(again, split.drawn_again)
    for attribute, wanted in tables.thinned.items():
        place = tables.strata.attributes.index(attribute)
        redrawn &= first[place] == tables.strata.levels[attribute].index(wanted)
    return tuple(np.where(redrawn, b, a) for a, b in zip(first, second, strict=True))


def items(
    tables: Tables,
    split: Split,
    bits: Bits,
    *,
    rows: int,
    clusters: Numbers,
    groups: Sequence[Codes],
    weeks: Numbers,
    always_own: Sequence[str] = (),
) -> Items:
    """The first `rows` items of a block. `clusters` number of each item's cluster, ascending; `groups` and `weeks` of each item.

    always_own: features that a repeated item has anew.
    """
    common, part, own, noise, new, hide, repeat = (bits.draw32(BLOCK_ROWS) for _ in range(7))
    stratum = tables.strata.of(groups)
    draws = np.where(happens(part[:rows], tables.together), common[clusters], own[:rows])
    clean = happens(draws, split.outcome[stratum])
    flipped = happens(noise[:rows], tables.flips[stratum * 2 + clean])
    newer = happens(new[:rows], split.newer[weeks])
    hidden = happens(hide[:rows], tables.hidden) & clean
    source = _source(repeat[:rows], clusters, tables.repeats) if tables.repeats else None
    if source is not None:
        clean, flipped, newer, hidden = (flags.take(source) for flags in (clean, flipped, newer, hidden))
        stratum, weeks = stratum.take(source), weeks.take(source)
        groups = [codes.take(source) for codes in groups]
    component = ((clean * len(tables.strata) + stratum) * 2 + newer) * 2 + hidden
    starts = [(pattern * ONE_16).take(component) for pattern in tables.patterns]
    codes = []
    for feature in tables.features:
        found = feature.lookup.take(starts[feature.pattern] + bits.draw16(BLOCK_ROWS)[:rows])
        codes.append(found if source is None or feature.name in always_own else found.take(source))
    return Items(
        groups=tuple(groups), clean=clean.astype(np.uint8), recorded=(clean ^ flipped).astype(np.uint8), weeks=weeks, codes=tuple(codes)
    )


def _source(draws: npt.NDArray[np.uint32], clusters: Numbers, limit: int) -> Numbers:
    """Place of the item that each one is or repeats."""
    repeats = happens(draws, limit)
    repeats[0] = False
    repeats[1:] &= clusters[1:] == clusters[:-1]
    return np.maximum.accumulate(np.where(repeats, 0, np.arange(len(draws))))
