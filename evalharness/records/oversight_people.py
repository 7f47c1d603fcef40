"""What a policy limits for the people in the items, and what figures about them rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evalharness.records.oversight_bands import TO_A_PERSON, Bands
from evalharness.records.share import RESTS_ON, SYNTHETIC, THE_REST


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleLimits:
    """Times within which something is done; None: the policy does not say."""

    delete_within_days: float | None = None
    """After its arrival, for an item selected wrongly."""
    contact_within_hours: float | None = None
    """After a person was identified."""
    second_look_days: float | None = None
    """After its arrival, for an item set aside."""
    open_within_hours: tuple[tuple[str, float], ...] | None = None
    """By fate, after its arrival: when an item is opened; None: the policy does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """By fate, in the order of the bands' fates: hours within which an item is to be opened, and whether it is to be read by a person."""

    hours: tuple[float | None, ...]
    """None: no time is stated, so an item is late that nobody has opened."""
    read: tuple[bool, ...]


def waits_of(bands: Bands, limits: PeopleLimits) -> Waits | None:
    """None where no hours are stated. What goes to a person is opened as soon as the band that is opened first, unless hours are stated for
    it; a pile that is to be opened within days, within these."""
    if limits.open_within_hours is None:
        return None
    stated: Mapping[str, float] = dict(limits.open_within_hours)
    days = {band.name: 24.0 * band.opened_within_days for band in bands.bands if band.opened_within_days is not None}
    told = {TO_A_PERSON: min(stated.values()), **days, **stated}
    return Waits(
        hours=tuple(told.get(fate) for fate in bands.fates), read=(*(band.readers > 0 for band in bands.bands), True)
    )  # fmt: skip


def rests_of_people(*, synthetic: bool, unlisted: int) -> tuple[str, ...]:
    """What every figure of a table of people rests on. unlisted: items that go to a person and are not in the table."""
    told = {THE_REST: unlisted > 0, SYNTHETIC: synthetic}
    return tuple(name for name in RESTS_ON if told.get(name))
