"""What a review log, and what bands, say of views of severe items, in numbers: no name of a reviewer, a shift or an item."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from evalharness.catalogue.oversight.exposure import BY_BANDS, EXPOSURE_SHARES, NEEDS, OVER_CAP, REPEATED_VIEWS, VIEWS_SHARE
from evalharness.evidence.oversight.bands import BandsPart
from evalharness.evidence.oversight.reviews import ReviewsPart
from evalharness.evidence.part import Count, Number, Part
from evalharness.evidence.shares import SharePart
from evalharness.records.oversight_bands import Bands
from evalharness.records.oversight_exposure import MOST_CLASSES, ExposureLimits, percentile, rests_of_exposure
from evalharness.records.oversight_work import readings_of

_SHARES = frozenset(metric.name for metric in EXPOSURE_SHARES)
_DIGITS = 1e-9


class ViewsPart(Part):
    """Views, and those of severe items."""

    all: Count
    severe: Count


class ViewsByKindPart(Part):
    """By kind of reading; `again`: the views in any of these beyond one for each reading."""

    first: ViewsPart
    second: ViewsPart
    third: ViewsPart
    seeded: ViewsPart
    again: ViewsPart

    @property
    def every(self) -> tuple[ViewsPart, ...]:
        """In this order."""
        return self.first, self.second, self.third, self.seeded, self.again


class LevelPart(Part):
    """Views of items that truly are of one level."""

    level: Annotated[str, Field(max_length=400)] | None
    """Null: items that nobody labelled. They count as severe."""
    severe: bool
    views: Count
    mean: Number | None
    """In a shift of one reviewer; null where there was none."""


class ExposurePart(Part):
    """One review log. Shifts are those of one reviewer, with a reading."""

    views: ViewsByKindPart
    views_logged: bool
    """Whether the log says how often an item was viewed; else one view is taken for each reading."""
    levels: Annotated[tuple[LevelPart, ...], Field(max_length=130)]
    shifts: Count
    over: Count
    """With more views of severe items than the policy's cap, as logged; 0 without a cap."""
    step: Annotated[int, Field(ge=1)]
    """How many numbers of views stand together in a class; 1 unless there are very many."""
    by_shift: Annotated[tuple[tuple[Count, Count], ...], Field(max_length=MOST_CLASSES + 1)]
    """(Views of severe items, the most of its class; shifts with so many), rising."""
    highest: Count
    """Most views of severe items in one: the highest class."""
    percentile: Count
    """Their 95th percentile: the ⌈.95 n⌉-th lowest."""
    unmade: Count
    """Readings of severe items that were assigned and are not in the log; they count where they do most harm."""
    finds: Count
    """Relevant items that readers call relevant."""


def by_bands_inconsistencies(
    part: BandsPart | None, shares: Sequence[SharePart], limits: ExposureLimits | None, bands: Bands | None, *, in_queues: bool
) -> Iterator[str]:  # fmt: skip
    """What does not follow of the readings of severe items from the fates of items, in words.

    in_queues: whether items wait in queues; then no such readings are counted.
    """
    rows = [row for row in shares if row.metric == BY_BANDS]
    where = f"tallies.shares: {BY_BANDS}"
    if part is None or limits is None or bands is None or in_queues or len(rows) != 1:
        if rows or not (part is None or limits is None or bands is None or in_queues):
            yield f"{where}: it is there once where the policy has bands and says what is severe, and nowhere else"
        return
    readings, every, relevant = readings_of(bands), sum(part.items.values()), sum(part.relevant.values())
    for row in rows:
        read = sum(times * part.relevant.get(fate, 0) for fate, times in zip(bands.fates, readings.by_fate, strict=True))
        follows = row.total <= readings.most * every if limits.severe_levels else (row.part, row.total) == (read, readings.most * relevant)
        if row.group or row.rests_on or row.total % readings.most or not follows:
            yield f"{where}: the fates of items make it something else"


def exposure_inconsistencies(
    part: ExposurePart | None, shares: Sequence[SharePart], limits: ExposureLimits | None, log: ReviewsPart | None, of_log: tuple[str, ...]
) -> Iterator[str]:  # fmt: skip
    """What does not add up between the views of a log, its share rows and the policy, in words.

    log: None where there was none. of_log: what every figure of it rests on.
    """
    found = [row for row in shares if row.metric in _SHARES]
    if (part is None) != (limits is None or log is None):
        yield "oversight.exposure: views are told where there is a log and the policy says what is severe, and nowhere else"
        return
    if part is None or limits is None or log is None:
        if found:
            yield "oversight.exposure: views are counted, and nobody tells of them"
        return
    rows = {row.metric: row for row in found}
    wanted = {name for name in _SHARES if name not in NEEDS or getattr(limits, NEEDS[name]) is not None}
    if len(found) != len(rows) or rows.keys() != wanted or any(row.group for row in found):
        yield "oversight.exposure: not the shares that the policy has counted"
        return
    if sum(kind.all for kind in part.views.every) - part.views.again.all != log.rows or part.unmade > log.unread:
        yield "oversight.exposure: not the readings of the log"
    yield from _views(part, rows, limits)
    yield from _shifts(part, rows.get(OVER_CAP), limits.views_per_shift_at_most)
    told = rests_of_exposure(of_log, views_logged=part.views_logged)
    if any(row.rests_on != told for row in found):
        yield f"oversight.exposure: its figures rest on {', '.join(told) or 'nothing'}, and they say something else"


def _views(part: ExposurePart, rows: dict[str, SharePart], limits: ExposureLimits) -> Iterator[str]:
    whole, severe = (sum(getattr(kind, name) for kind in part.views.every) for name in ("all", "severe"))
    if any(kind.severe > kind.all for kind in part.views.every):
        yield "oversight.exposure: more severe views than views"
    if sum(level.views for level in part.levels) != whole or sum(level.views for level in part.levels if level.severe) != severe:
        yield "oversight.exposure: other views by level than by kind"
    named = {level.level for level in part.levels if level.severe}
    if limits.severe_levels and named != {*limits.severe_levels, None}:
        yield "oversight.exposure: not the levels that the policy calls severe"
    if any(not _mean(level, part.shifts) for level in part.levels):
        yield "oversight.exposure: a mean that is not that of its views"
    again = part.views.again
    if not part.views_logged and again.all:
        yield "oversight.exposure: views beyond one are counted, and the log has none"
    if rows[REPEATED_VIEWS].total != severe or rows[REPEATED_VIEWS].part < again.severe:
        yield "oversight.exposure: other repeated views are counted than are told"
    if (rows[VIEWS_SHARE].part, rows[VIEWS_SHARE].total) != (severe, severe + part.finds):
        yield "oversight.exposure: other views for each find are counted than are told"


def _shifts(part: ExposurePart, row: SharePart | None, cap: int | None) -> Iterator[str]:
    severe = sum(kind.severe for kind in part.views.every)
    edges, held, step = [edge for edge, _ in part.by_shift], sum(edge * shifts for edge, shifts in part.by_shift), part.step
    rising = edges == sorted(set(edges)) and all(edge % step == 0 for edge in edges)
    if not rising or sum(shifts for _, shifts in part.by_shift) != part.shifts or not held - (step - 1) * part.shifts <= severe <= held:
        yield "oversight.exposure: such views do not fit into the shifts"
    if (part.highest, part.percentile) != (max(edges, default=0), percentile(part.by_shift)):
        yield "oversight.exposure: its percentile, or its highest, is not that of the shifts"
    if cap is None or row is None:
        if part.over:
            yield "oversight.exposure: shifts over a cap are told, and the policy has none"
        return
    least, most = (sum(n for edge, n in part.by_shift if edge - less > cap) for less in (step - 1, 0))
    if not least <= part.over <= most:
        yield "oversight.exposure: other shifts are over the cap than its views say"
    more = row.total - part.shifts  # shifts that what was left out may have made
    if not 0 <= more <= part.unmade or not part.over <= row.part <= part.over + part.unmade or (more and row.part < row.total):
        yield "oversight.exposure: other shifts over the cap are counted than are told"


def _mean(level: LevelPart, shifts: int) -> bool:
    if not shifts:
        return level.mean is None
    return level.mean is not None and math.isclose(level.mean, level.views / shifts, rel_tol=_DIGITS)
