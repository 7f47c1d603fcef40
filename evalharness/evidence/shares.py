"""Share rows in an evidence document: what people did, counted in every way in which it belongs together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from evalharness.errors import shown
from evalharness.evidence.part import Count, GroupPart, Part
from evalharness.records import group_as_json, group_from_json, group_text
from evalharness.records.share import RESTS_ON, ShareRow, Way

if TYPE_CHECKING:
    from evalharness.evidence.judged import EstimatePart

_DIGITS = 1e-9


class SharePart(Part):
    """`part` of `total`; by way: clusters, and the sums over them of the squares of total, part and rest."""

    metric: str
    group: GroupPart
    part: Count
    total: Count
    ways: Annotated[dict[str, tuple[Count, Count, Count, Count]], Field(min_length=1, max_length=8)]
    rests_on: tuple[str, ...] = ()
    """What it takes for granted that nobody has measured; absent when empty."""

    @property
    def record(self) -> ShareRow:
        """As a record."""
        ways = tuple(Way(name=name, clusters=c, total2=t, part2=p, rest2=r) for name, (c, t, p, r) in self.ways.items())
        return ShareRow(
            metric=self.metric, group=group_from_json(self.group), part=self.part, total=self.total, ways=ways, rests_on=self.rests_on
        )  # fmt: skip


def share_as_json(row: ShareRow) -> dict[str, Any]:
    """As in `tallies.shares`."""
    return {
        "metric": row.metric,
        "group": group_as_json(row.group),
        "part": row.part,
        "total": row.total,
        "ways": {way.name: [way.clusters, way.total2, way.part2, way.rest2] for way in row.ways},
        **({"rests_on": list(row.rests_on)} if row.rests_on else {}),
    }


def share_inconsistencies(
    shares: tuple[SharePart, ...], estimates: tuple[EstimatePart, ...], known: frozenset[str]
) -> Iterator[str]:  # fmt: skip
    """What cannot be counted so, in words. known: metrics that share rows may be of."""
    told = {(e.metric, group_from_json(e.group)): e for e in estimates if e.metric in known}
    seen: set[tuple[object, ...]] = set()
    for row in shares:
        key = row.metric, group_from_json(row.group)
        where = f"tallies.shares: {shown(row.metric)}, {shown(group_text(key[1]))}"
        if key in seen:
            yield f"{where}: it stands there twice"
        seen.add(key)
        if row.metric not in known:
            yield f"{where}: no metric that is counted so"
        yield from (f"{where}: {problem}" for problem in impossible(row))
        estimate = told.get(key)
        if estimate is None:
            yield f"{where}: there is no estimate of it"
        elif estimate.n != row.total or not _same(estimate.value, row):
            yield f"{where}: the estimate says {estimate.value} of {estimate.n}"
        elif estimate.rests_on != row.rests_on:
            yield f"{where}: the estimate rests on something else"
    for key in told.keys() - seen:
        yield f"estimates: {shown(key[0])}, {shown(group_text(key[1]))}: nothing was counted"


def _same(value: float | None, row: SharePart) -> bool:
    return value is None if not row.total else value is not None and math.isclose(value, row.part / row.total, rel_tol=_DIGITS)


def impossible(row: SharePart) -> Iterator[str]:
    """What no count of units in clusters can be, in words."""
    part, total = row.part, row.total
    if part > total:
        yield "more count than there are"
    if list(row.rests_on) != [name for name in RESTS_ON if name in row.rests_on]:
        yield "it rests on something that is not known, twice, or in another order"
    for name, (clusters, total2, part2, rest2) in row.ways.items():
        fits = (
            clusters <= total <= total2 <= total**2
            and part <= part2 <= part**2
            and total - part <= rest2 <= (total - part) ** 2
            and part2 + rest2 <= total2
            and total**2 <= clusters * total2
        )
        if not fits:
            yield f"no clusters have such sums ({shown(name)})"
