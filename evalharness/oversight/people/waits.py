"""Waits that were measured: items opened later than the hours of their band allow, from a table of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.people import LATE, LATE_LOW, LATE_RELEVANT
from evalharness.oversight.people.table import NEVER, People, Times, earliest
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known
from evalharness.records.oversight_people import Waits
from evalharness.records.share import ShareRow
from evalharness.tally.shares import count_shares
from evalharness.tally.slices import Slices

HOUR, DAY = 3_600_000_000, 86_400_000_000
"""Microseconds."""
_THURSDAY = 3
"""Days from Monday to the first day of 1970."""
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fated:
    """M items and what becomes of them."""

    fates: npt.NDArray[np.int8]
    """[M] places among the fates; the last is to a person."""
    waits: Waits
    in_groups: frozenset[str] = frozenset()
    """Metrics that are asked of groups."""


def late_rows(
    people: People, known: Known, fated: Fated, slices: Slices | None, groups: Mapping[str, Ints]
) -> Iterator[ShareRow]:  # fmt: skip
    """An item is old enough when its hours had run out by the latest time of the table; one that the table does not name is late."""
    old, late = _old_and_late(people, known, fated)
    read = np.array(fated.waits.read)[fated.fates]
    relevant = known.labels >= known.relevant_from
    aside = (known.decisions != NOTHING) & (known.decisions < known.relevant_from) & (fated.fates < len(fated.waits.read) - 1)
    arrived = earliest(people.item.astype(np.int64), people.arrived, len(known.labels))
    ways = {"case": _cases(known), "person": _persons(people, known), "week": weeks_of(arrived)}
    for metric, of in ((LATE, read), (LATE_RELEVANT, read & relevant), (LATE_LOW, aside & relevant)):
        told = slices if metric in fated.in_groups else None
        yield from count_shares({metric: (of & old & late, of & old)}, ways, slices=told, groups=groups if told is not None else None)


def weeks_of(when: Times) -> Ints:
    """[K] the week, from Monday to Sunday in UTC, of each time; what has none stands by itself.

    What comes in one week waits behind the same backlog and for the same people, so a bad week makes late much of what came in it.
    """
    found = np.arange(len(when), dtype=np.int32) + len(when)
    some = when != NEVER
    _, found[some] = np.unique((when[some] // DAY + _THURSDAY) // 7, return_inverse=True)
    return found


def _old_and_late(people: People, known: Known, fated: Fated) -> tuple[Flags, Flags]:
    """[M] each."""
    size = len(known.labels)
    arrived, opened = (earliest(people.item.astype(np.int64), when, size) for when in (people.arrived, people.opened))
    listed = arrived != NEVER
    some = np.array([0 if hours is None else round(hours * HOUR) for hours in fated.waits.hours], dtype=np.int64)[fated.fates]
    timed = np.array([hours is not None for hours in fated.waits.hours])[fated.fates]
    old = ~listed | ~timed | (np.where(listed, arrived, 0) <= people.latest - some)
    late = ~listed | np.where(timed, opened > np.where(listed, arrived, 0) + some, opened == NEVER)
    return old, late


def _cases(known: Known) -> Ints:
    return np.arange(len(known.labels), dtype=np.int32) if known.cases is None else known.cases


def _persons(people: People, known: Known) -> Ints:
    """[M] one person of each item, the same where items share it; where nobody is in it, the item by itself."""
    size, number = len(known.labels), int(people.person.max(initial=-1)) + 1
    found: Places = np.full(size, NEVER, dtype=np.int64)
    somebody = people.person != NOTHING
    np.minimum.at(found, people.item[somebody], people.person[somebody])
    return np.where(found == NEVER, number + np.arange(size), found).astype(np.int32)
