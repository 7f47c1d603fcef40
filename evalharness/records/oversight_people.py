"""What a policy limits for the people in the items, and what figures about them rest on."""

from __future__ import annotations

from dataclasses import dataclass

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


def rests_of_people(*, synthetic: bool, unlisted: int) -> tuple[str, ...]:
    """What every figure of a table of people rests on. unlisted: items that go to a person and are not in the table."""
    told = {THE_REST: unlisted > 0, SYNTHETIC: synthetic}
    return tuple(name for name in RESTS_ON if told.get(name))
