"""The readings of made-up reviewers. Every row is a function of (seed, item, reviewer): it is the same whichever other items there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.oversight.synthetic.chances import (
    NOTHING,
    Bytes,
    Flags,
    Floats,
    chance_right,
    prevalence_drop,
    seeded_error,
    skill_at,
    wrong_reading,
)  # fmt: skip
from evalharness.oversight.synthetic.dials import Dials
from evalharness.oversight.synthetic.streams import Words, uniform

Places = npt.NDArray[np.int64]
_DESIGN, _WHO, _HARDNESS, _OWN, _PLACE, _REVIEWER, _LEANING, _SHIFT = range(8)
"""Purposes of the streams."""
THIRD = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """M items with what is known of them."""

    codes: Words
    """[M] 64 bits of each id (`streams.item_codes`)."""
    labels: Bytes
    """[M] places among the outcomes, rising."""
    decisions: Bytes
    """[M] likewise; -1 without an answer."""
    outcomes: int = 2
    relevant_from: int = 1
    prevalence: float
    """Share above the lowest outcome among all items of the split."""

    def at(self, places: npt.NDArray[Any]) -> Items:
        """Some of them."""
        return replace(self, codes=self.codes[places], labels=self.labels[places], decisions=self.decisions[places])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Made:
    """N readings that were assigned, one entry each."""

    item: Places
    """Place among the items."""
    reviewer: Places
    reading: Places
    """1, 2 or 3."""
    blind: Flags
    seeded: Flags
    shown: Bytes
    """What the reviewer is told where not blind; -1: no answer."""
    said: Bytes
    read: Flags
    """Whether anybody read it."""
    shift: Places
    position: Places
    """Place in the reviewer's shift."""
    seconds: Floats
    """Rounded to tenths."""
    views: Places
    """How often the reviewer looks at the item; 1 or 2."""


def study_items(dials: Dials, codes: Words) -> Places:
    """Places of the items that are read: those with the smallest codes, which is to say drawn at random, in the order of codes."""
    return np.argsort(codes, kind="stable")[: dials.items]


def made_readings(dials: Dials, items: Items) -> Made:
    """First readings of all items, then second ones, then third ones where the two differ."""
    blind, twice, seeded, unread = uniform(dials.seed, _DESIGN, items.codes)
    everything = np.arange(len(items.codes))
    design = _Design(blind=(blind < dials.blind_share) & (seeded >= dials.seeded_share), seeded=seeded < dials.seeded_share,
                     read=unread >= dials.unread_share, who=_three(dials, items.codes))  # fmt: skip
    first = _readings(dials, items, everything, design, 1)
    second = _readings(dials, items, np.flatnonzero((twice < dials.twice_share) & ~design.seeded), design, 2)
    differ = (first.said[second.item] != second.said) & second.read
    third = _readings(dials, items, second.item[differ], design, THIRD)
    return _together(first, second, third)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Design:
    """[M] what was planned for each item."""

    blind: Flags
    seeded: Flags
    read: Flags
    who: tuple[Places, Places, Places]
    """The reviewers of first, second and third reading."""


def _three(dials: Dials, codes: Words) -> tuple[Places, Places, Places]:
    """Three different reviewers for each item, each triple in this order equally likely."""
    number = dials.reviewers
    draws = uniform(dials.seed, _WHO, codes)
    first, second, third = ((draw * (number - lost)).astype(np.int64) for lost, draw in enumerate(draws[:THIRD]))
    second += second >= first
    for taken in (np.minimum(first, second), np.maximum(first, second)):
        third += third >= taken
    return first, second, third


def _readings(dials: Dials, items: Items, at: Places, design: _Design, number: int) -> Made:
    """The readings with this number of the items `at` these places."""
    some, who = items.at(at), design.who[number - 1][at]
    own, low, leaning, same = uniform(dials.seed, _OWN, some.codes, who.astype(np.uint64))
    when = _when(dials, some, who)
    hardness, shared, _, _ = uniform(dials.seed, _HARDNESS, some.codes)
    luck = np.where(same < np.sqrt(dials.same_errors), shared, own)
    seeded = design.seeded[at]
    shown = np.where(seeded, seeded_error(some.labels, items.relevant_from), some.decisions).astype(np.int8)
    right = luck < _chances(dials, some, who, when, hardness)
    said = np.where(right, some.labels, wrong_reading(some.labels, items.outcomes, low < dials.too_low)).astype(np.int8)
    blind, read = design.blind[at], design.read[at]
    gives_way = ~blind & (shown != NOTHING) & (shown != said) & _leans(dials, who)
    to = np.where(shown == some.labels, dials.lean.to_right, dials.lean.to_wrong)
    said = np.where(gives_way & (leaning < to), shown, said)
    seconds = np.round(dials.seconds.median * (1 + dials.seconds.spread * (2 * when.pace - 1)), 1)
    return Made(
        item=at, reviewer=who, reading=np.full(len(at), number), blind=blind, seeded=seeded, shown=shown,
        said=np.where(read, said, np.int8(NOTHING)), read=read, shift=when.shift, position=when.position,
        seconds=seconds, views=1 + (when.again < dials.viewed_twice_share),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _When:
    """[N] when each reading is made, and how fast."""

    shift: Places
    position: Places
    pace: Floats
    """In [0, 1): the fastest first."""
    again: Floats
    """In [0, 1)."""


def _when(dials: Dials, some: Items, who: Places) -> _When:
    in_shift, place, pace, again = uniform(dials.seed, _PLACE, some.codes, who.astype(np.uint64))
    each = dials.shifts.of_each
    shift = who % dials.shifts.teams * each + (in_shift * each).astype(np.int64)
    return _When(shift=shift, position=(place * dials.shifts.readings).astype(np.int64), pace=pace, again=again)


def _chances(dials: Dials, some: Items, who: Places, when: _When, hardness: Floats) -> Floats:
    sense, specific, _, _ = uniform(dials.seed, _REVIEWER, who.astype(np.uint64))
    of_shift, _, _, _ = uniform(dials.seed, _SHIFT, when.shift.astype(np.uint64))
    above = some.labels > 0
    skill = np.where(above, skill_at(dials.sensitivity, sense), skill_at(dials.specificity, specific))
    hard = hardness < np.where(some.decisions == some.labels, dials.hard.share, dials.hard.share_of_wrong)
    drop = np.where(above, prevalence_drop(dials, some.prevalence), 0.0)
    return chance_right(dials, skill, hard=hard, position=when.position, shift=of_shift, drop=drop)


def _leans(dials: Dials, who: Places) -> Flags:
    return np.asarray(uniform(dials.seed, _LEANING, who.astype(np.uint64))[0] < dials.lean.of_reviewers)


def _together(*parts: Made) -> Made:
    return Made(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Made.__slots__})
