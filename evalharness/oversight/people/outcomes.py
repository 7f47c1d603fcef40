"""A table of people to share rows, and the numbers that stand beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.people import CONTACTED, KEPT, OPENED_SHARE, REPEATED, SECOND_LOOK, VIEWED_AFTER
from evalharness.oversight.people.table import NEVER, People, Times, earliest
from evalharness.oversight.people.waits import Fated, late_rows, weeks_of
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known
from evalharness.records import OVERALL, Group
from evalharness.records.oversight_people import PeopleLimits, rests_of_people
from evalharness.records.share import ShareRow
from evalharness.tally.shares import count_shares
from evalharness.tally.slices import Slices

DAY, HOUR = 86_400_000_000, 3_600_000_000
"""Microseconds."""
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """What a table of people says."""

    shares: tuple[ShareRow, ...]
    rests_on: tuple[str, ...]
    items: int
    """Items that the table names."""
    persons: int
    uninvolved_opened: int
    """Uninvolved people with an item that was opened."""
    finds: int
    """Relevant items that were opened."""
    unlisted: int
    """Items selected, or without an answer, that the table does not name."""


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The table beside what is known of the M items."""

    people: People
    known: Known

    @property
    def case(self) -> Ints:
        """[M] the case of each item."""
        cases = self.known.cases
        return np.arange(len(self.known.labels), dtype=np.int32) if cases is None else cases

    @property
    def persons(self) -> int:
        """How many codes of people there are."""
        return int(self.people.person.max(initial=-1)) + 1

    @property
    def somebody(self) -> Flags:
        """[N] whether a row is about a person."""
        found: Flags = self.people.person != NOTHING
        return found

    @property
    def listed(self) -> Flags:
        """[M] whether the table names an item."""
        found = np.zeros(len(self.known.labels), dtype=np.bool_)
        found[self.people.item] = True
        return found

    @property
    def involved(self) -> Flags:
        """[persons] whether somebody is involved in any item."""
        found = np.zeros(self.persons, dtype=np.bool_)
        found[self.people.person[self.somebody & self.people.involved]] = True
        return found

    @property
    def selected(self) -> Flags:
        """[M] whether the classifier selects an item."""
        found: Flags = self.known.decisions >= self.known.relevant_from
        return found

    @property
    def relevant(self) -> Flags:
        """[M]"""
        found: Flags = self.known.labels >= self.known.relevant_from
        return found

    def of_items(self, when: Times) -> Times:
        """[M] the earliest time of each item."""
        return earliest(self.people.item.astype(np.int64), when, len(self.known.labels))

    def first_rows(self, rows: Places, when: Times) -> Places:
        """Of some rows, for each person the earliest; rising by person."""
        order = rows[np.lexsort((rows, when[rows], self.people.person[rows]))]
        _, first = np.unique(self.people.person[order], return_index=True)
        return order[first]


def count_people(
    people: People, known: Known, limits: PeopleLimits, *, synthetic: bool, slices: Slices | None, groups: Mapping[str, Ints],
    fated: Fated | None = None,
) -> Counted:  # fmt: skip
    """slices: groups that are counted; None: everybody alone. groups: by attribute, [M] codes of the items. fated: what becomes of items,
    where hours are stated."""
    table = _Table(people, known)
    unlisted = int(((table.selected | (known.decisions == NOTHING)) & ~table.listed).sum())
    rests_on = rests_of_people(synthetic=synthetic, unlisted=unlisted)
    every = (_intrusion(table, None), *_groups(table, slices, groups), _repeated(table), *_timely(table, limits), _viewed_after(table))
    late = () if fated is None else tuple(late_rows(people, known, fated, slices, groups))
    opened = every[0]
    return Counted(
        shares=tuple(replace(row, rests_on=rests_on) for row in (*every, *late)),
        rests_on=rests_on,
        items=int(table.listed.sum()),
        persons=len(np.unique(people.person[table.somebody])),
        uninvolved_opened=opened.part,
        finds=opened.total - opened.part,
        unlisted=unlisted,
    )


def _groups(table: _Table, slices: Slices | None, groups: Mapping[str, Ints]) -> Iterator[ShareRow]:
    for subset in slices.subsets[1:] if slices is not None else ():
        for position in slices.positions(subset) if slices is not None else ():
            group: Group = slices.groups[position] if slices is not None else OVERALL
            inside = np.ones(len(table.known.labels), dtype=np.bool_)
            for attribute, level in group:
                inside &= groups[attribute] == (slices.levels[attribute].index(level) if slices is not None else NOTHING)
            yield replace(_intrusion(table, inside), group=group)


def _intrusion(table: _Table, inside: Flags | None) -> ShareRow:
    """Uninvolved people opened, and finds, each once. inside: [M] the items of a group.

    Ways: the case of the item, of a person the one opened first; and the person, of a find the involved one, where there is any.
    """
    people = table.people
    seen = people.opened != NEVER
    if inside is not None:
        seen &= inside[people.item]
    mine = table.somebody & seen
    mine[mine] &= ~table.involved[people.person[mine]]
    persons = table.first_rows(np.flatnonzero(mine), people.opened)
    finds = np.unique(people.item[seen & table.relevant[people.item]])
    who = np.full(len(table.known.labels), NEVER, dtype=np.int64)
    rows = table.somebody & people.involved
    np.minimum.at(who, people.item[rows], people.person[rows])
    found_by = np.where(who[finds] == NEVER, table.persons + finds, who[finds])
    part = np.repeat([True, False], [len(persons), len(finds)])
    case = np.concatenate([table.case[people.item[persons]], table.case[finds]])
    person = np.concatenate([people.person[persons], found_by]).astype(np.int32)
    return _row(OPENED_SHARE, part, {"case": case, "person": person})


def _repeated(table: _Table) -> ShareRow:
    """Of the uninvolved people opened, those in two wrongly selected items or more, opened or not."""
    people = table.people
    mine = table.somebody & (people.opened != NEVER)
    mine[mine] &= ~table.involved[people.person[mine]]
    persons = table.first_rows(np.flatnonzero(mine), people.opened)
    wrong = table.somebody & _wrong(table)[people.item]
    pairs = np.unique(np.stack([people.person[wrong], people.item[wrong]]), axis=1)
    times_flagged = np.bincount(pairs[0], minlength=table.persons)
    return _row(REPEATED, times_flagged[people.person[persons]] > 1, {"case": table.case[people.item[persons]]})


def _wrong(table: _Table) -> Flags:
    """[M] selected, and known not to be relevant."""
    found: Flags = table.selected & (table.known.labels != NOTHING) & ~table.relevant
    return found


def _timely(table: _Table, limits: PeopleLimits) -> Iterator[ShareRow]:
    """What is to be done within a time; only what is old enough for that, by the latest time of the table."""
    people, latest = table.people, table.people.latest
    arrived, listed = table.of_items(people.arrived), table.listed
    if limits.delete_within_days is not None:
        allowed = round(limits.delete_within_days * DAY)
        gone = np.zeros(len(arrived), dtype=np.int64)
        np.maximum.at(gone, people.item, people.deleted)
        old = np.flatnonzero(_wrong(table) & listed)
        old = old[latest - arrived[old] >= allowed]
        yield _row(KEPT, gone[old] > arrived[old] + allowed, {})
    if limits.second_look_days is not None:
        allowed = round(limits.second_look_days * DAY)
        opened = table.of_items(people.opened)
        aside = (table.known.decisions != NOTHING) & ~table.selected
        old = np.flatnonzero(aside & (~listed | (arrived <= latest - allowed)))
        looked = listed[old] & (opened[old] <= np.where(listed[old], arrived[old], 0) + allowed)
        yield _row(SECOND_LOOK, looked, {"case": table.case[old], "week": weeks_of(arrived)[old]})
    if limits.contact_within_hours is not None:
        allowed = round(limits.contact_within_hours * HOUR)
        rows = table.first_rows(np.flatnonzero(people.identified <= latest - allowed), people.identified)
        contacted = _of_persons(table, people.contacted)[people.person[rows]]
        ways = {"case": table.case[people.item[rows]], "week": weeks_of(people.identified[rows])}
        yield _row(CONTACTED, contacted <= people.identified[rows] + allowed, ways)


def _viewed_after(table: _Table) -> ShareRow:
    people = table.people
    known = _of_persons(table, people.identified)
    rows = np.flatnonzero(table.somebody & (people.opened != NEVER))
    rows = rows[known[people.person[rows]] != NEVER]
    after = people.opened[rows] > known[people.person[rows]]
    return _row(VIEWED_AFTER, after, {"case": table.case[people.item[rows]], "person": people.person[rows]})


def _of_persons(table: _Table, when: Times) -> Times:
    """[persons] the earliest time of each person."""
    rows = table.somebody
    return earliest(table.people.person[rows].astype(np.int64), when[rows], table.persons)


def _row(metric: str, part: Flags, ways: Mapping[str, Ints]) -> ShareRow:
    (row,) = count_shares({metric: (part, np.ones(len(part), dtype=np.bool_))}, ways)
    return row
