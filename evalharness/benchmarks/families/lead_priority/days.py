"""From random bits to whole days of leads in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.benchmarks.families.lead_priority.dials import LeadPriorityDials
from evalharness.benchmarks.families.tabular.rows import Items, Numbers, items, people
from evalharness.benchmarks.families.tabular.tables import ByOutcome, Tables, build

HOUR = "hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Leads of one block, day by day, each day's in order of arrival; arrays have one entry a lead."""

    firsts: Numbers
    """Place in the block of the first lead of each lead's day."""
    items: Items
    arrived: npt.NDArray[np.int16]
    """Minutes since midnight."""
    minutes: npt.NDArray[np.int16]
    """Of a review."""


def tables(dials: LeadPriorityDials) -> Tables:
    """All lookup tables; the hour is the last feature."""
    shares = [[exactly(share) for share in hours] for hours in (dials.arrivals.not_at_risk, dials.arrivals.at_risk)]
    return build(dials, correlation=dials.queues.correlation, own=[ByOutcome(name=HOUR, without=shares[0], having=shares[1])])


def days(dials: LeadPriorityDials, prepared: Tables, place: Place) -> Days:
    """Sizes of days are drawn until a block is full; leads that are left join its last day, so no day goes on in the next block."""
    split = prepared.splits[place.split]
    bits = Bits(dials.seed, split=place.split, block=place.number)
    rows = place.rows
    sizes = dials.queues.fewest + bits.below(BLOCK_ROWS, dials.queues.most - dials.queues.fewest + 1)
    firsts, owner = _days(sizes, rows)
    weeks = bits.below(BLOCK_ROWS, dials.weeks)[owner]
    groups = [codes[:rows] for codes in people(prepared, split, bits)]
    made = items(prepared, split, bits, rows=rows, clusters=owner, groups=groups, weeks=weeks, always_own=(HOUR,))
    span = dials.reviews.most - dials.reviews.fewest + 1
    minutes = dials.reviews.fewest + np.minimum(bits.below(BLOCK_ROWS, span), bits.below(BLOCK_ROWS, span))[:rows]
    arrived = 60 * (made.codes[-1].astype(np.int64) - 1) + bits.below(BLOCK_ROWS, 60)[:rows]
    order = np.argsort(owner * 1_440 + arrived, kind="stable")
    return Days(
        firsts=firsts[owner],
        items=_in_order(made, order),
        arrived=arrived[order].astype(np.int16),
        minutes=minutes.astype(np.int16),
    )


def _days(sizes: Numbers, rows: int) -> tuple[Numbers, Numbers]:
    """(place of each day's first lead, day of each lead)."""
    ends = np.cumsum(sizes)
    whole = max(1, int(np.searchsorted(ends, rows, side="right")))
    inner = ends[: whole - 1]
    return np.concatenate([[0], inner]), np.searchsorted(inner, np.arange(rows), side="right")


def _in_order(made: Items, order: Numbers) -> Items:
    return replace(
        made,
        groups=tuple(codes[order] for codes in made.groups),
        clean=made.clean[order],
        recorded=made.recorded[order],
        codes=tuple(codes[order] for codes in made.codes),
    )
