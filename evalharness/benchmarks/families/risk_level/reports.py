"""From random bits to reports, household by household."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import ends, exactly, pick
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials
from evalharness.benchmarks.families.tabular.rows import Items, Numbers, items, people
from evalharness.benchmarks.families.tabular.tables import Tables, build


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Reports of one block."""

    firsts: Numbers
    """Place in the block of the first report of each report's household."""
    items: Items


def tables(dials: RiskLevelDials) -> Tables:
    """All lookup tables."""
    return build(dials, correlation=dials.households.correlation, hidden=dials.harms.obfuscation.size)


def reports(dials: RiskLevelDials, prepared: Tables, place: Place) -> Reports:
    """The last household is cut where the block ends."""
    split = prepared.splits[place.split]
    bits = Bits(dials.seed, split=place.split, block=place.number)
    sizes = 1 + pick(ends(exactly(share) for share in dials.households.sizes), bits.draw32(BLOCK_ROWS)).astype(np.int64)
    owner = np.repeat(np.arange(BLOCK_ROWS), sizes)[: place.rows]
    groups = [codes[owner] for codes in people(prepared, split, bits)]
    weeks = bits.below(BLOCK_ROWS, dials.weeks)[: place.rows]
    made = items(prepared, split, bits, rows=place.rows, clusters=owner, groups=groups, weeks=weeks)
    return Reports(firsts=(np.cumsum(sizes) - sizes)[owner], items=made)
