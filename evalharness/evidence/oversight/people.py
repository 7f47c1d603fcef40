"""What a table of people held, in numbers: no name of a person and no item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from evalharness.catalogue.oversight.people import LATE, LATE_RELEVANT, NEEDS, OPENED_SHARE, PEOPLE_SHARES, REPEATED
from evalharness.errors import shown
from evalharness.evidence.part import Count, Digest, Part
from evalharness.evidence.shares import SharePart
from evalharness.records.oversight_people import PeopleLimits, rests_of_people

_SHARES = frozenset(metric.name for metric in PEOPLE_SHARES)


class PeoplePart(Part):
    """One table of people."""

    digest: Digest
    """sha256 of the file."""
    rows: Count
    items: Count
    """Items that it names."""
    people: Count
    uninvolved_opened: Count
    """Uninvolved people with an item that was opened."""
    finds: Count
    """Relevant items that were opened."""
    unlisted: Count
    """Items selected, or without an answer, that it does not name: who is in them nobody knows."""
    synthetic: bool
    """Whether the items are made up, and so the people."""
    first: Annotated[str, Field(max_length=40)]
    """The earliest arrival, UTC."""
    last: Annotated[str, Field(max_length=40)]
    """The latest time in it: what happened later is not known."""


def people_inconsistencies(
    part: PeoplePart | None, shares: Sequence[SharePart], limits: PeopleLimits | None, *, made_up: bool
) -> Iterator[str]:  # fmt: skip
    """What does not add up between a table of people, its share rows and the policy, in words. made_up: whether the items are."""
    rows = {row.metric: row for row in shares if row.metric in _SHARES and not row.group}
    if part is None:
        if any(row.metric in _SHARES for row in shares):
            yield "oversight.people: people are counted, and there was no table of them"
        return
    stated = limits or PeopleLimits()
    wanted = {name for name in _SHARES if name not in NEEDS or getattr(stated, NEEDS[name]) is not None}
    if rows.keys() != wanted:
        yield "oversight.people: not the shares that the policy has counted"
        return
    opened = rows[OPENED_SHARE]
    if (opened.part, opened.total) != (part.uninvolved_opened, part.uninvolved_opened + part.finds):
        yield "oversight.people: other uninvolved people, or other finds, are counted than are told"
    yield from _groups(part, shares)
    if LATE in rows and (rows[LATE_RELEVANT].total > rows[LATE].total or rows[LATE_RELEVANT].part > rows[LATE].part):
        yield "oversight.people: more relevant items are late, or old enough, than items are"
    if rows[REPEATED].total != part.uninvolved_opened:
        yield "oversight.people: not every uninvolved person opened is asked how often"
    if part.items > part.rows or part.people > part.rows or part.uninvolved_opened > part.people or part.finds > part.items:
        yield "oversight.people: more is counted than there are rows, people or items"
    if part.last < part.first:
        yield "oversight.people: it ends before it begins"
    if made_up and not part.synthetic:
        yield "oversight.people: the items are made up, so the people are"
    told = rests_of_people(synthetic=part.synthetic, unlisted=part.unlisted)
    if any(row.rests_on != told for row in shares if row.metric in _SHARES):
        yield f"oversight.people: its figures rest on {', '.join(told) or 'nothing'}, and they say something else"


def _groups(part: PeoplePart, shares: Sequence[SharePart]) -> Iterator[str]:
    """A find is in one level of each attribute; a person may be in several."""
    levels: dict[str, list[SharePart]] = defaultdict(list)
    for row in shares:
        if row.metric == OPENED_SHARE and len(row.group) == 1:
            levels[next(iter(row.group))].append(row)
    for attribute, rows in levels.items():
        opened = [row.part for row in rows]
        if sum(row.total - row.part for row in rows) != part.finds or not max(opened) <= part.uninvolved_opened <= sum(opened):
            yield f"oversight.people: people and finds by {shown(attribute)} are not those of everybody"
