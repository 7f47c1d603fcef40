"""Whether share rows belong together in the ways, and in no more clusters, than their sources can have, and groups add up to everybody."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evalharness.catalogue import METRICS, TaskMetrics
from evalharness.catalogue.oversight.exposure import BY_BANDS, OVER_CAP, VIEWS_SHARE
from evalharness.catalogue.oversight.people import CONTACTED, LATE, LATE_LOW, LATE_RELEVANT, OPENED_SHARE, SECOND_LOOK, VIEWED_AFTER
from evalharness.catalogue.oversight.reviews import ORDER_SHARES, REVIEW_SHARES, STEP_SHARES
from evalharness.catalogue.oversight.work import READINGS
from evalharness.errors import shown
from evalharness.evidence.oversight.people import PeoplePart
from evalharness.evidence.oversight.reviews import ReviewsPart
from evalharness.evidence.shares import SharePart
from evalharness.evidence.squares import Squares
from evalharness.evidence.tallied import MomentPart
from evalharness.records import Group, group_from_json, group_text
from evalharness.records.share import ALONE

CASE, DAY, PERSON, REVIEWER, SECOND, SHIFT, WEEK = "case", "day", "person", "reviewer", "second reviewer", "shift", "week"
_LOGGED = frozenset(metric.name for metric in (*REVIEW_SHARES, *ORDER_SHARES, *STEP_SHARES))
_PAIRS = frozenset({"double_reading_disagreement", "third_reading_rate", "joint_miss"})
_OF_PEOPLE = frozenset({OPENED_SHARE, VIEWED_AFTER, LATE, LATE_RELEVANT, LATE_LOW})
_IN_TIME = frozenset({SECOND_LOOK, CONTACTED, LATE, LATE_RELEVANT, LATE_LOW})
_AS_TALLIED: Final[Mapping[str, tuple[str, ...]]] = {
    "deferral_rate": ("no_answer_rate",),
    "opened_rate_relevant": ("recall", "recall_at_budget", "pairwise_recall"),
    "deferral_rate_relevant": ("recall", "recall_at_budget", "pairwise_recall"),
    "deferral_rate_irrelevant": ("false_positive_rate",),
}
"""Shares of items that the counts of the run have too, by the metrics with the same denominator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What else an evidence says of what share rows are counted from."""

    known: TaskMetrics
    clustered: bool
    these: bool
    """Whether figures of reviewers are about these alone."""
    reviews: ReviewsPart | None
    people: PeoplePart | None
    moments: Sequence[MomentPart]
    """Of the run as it stands; none where items were drawn with different chances."""


def way_inconsistencies(shares: Sequence[SharePart], told: Told) -> Iterator[str]:
    """What cannot be so, in words."""
    for row in shares:
        if row.metric not in METRICS:  # said elsewhere
            continue
        where = f"tallies.shares: {row.metric}, {shown(group_text(group_from_json(row.group)))}"
        wanted = _ways(row.metric, told)
        if not set(wanted) <= set(row.ways):  # a further way only widens bounds
            yield f"{where}: it belongs together by {', '.join(wanted)}, and not by {shown(', '.join(row.ways))}"
        for name, most in _most(row.metric, told):
            if name in row.ways and row.ways[name][0] > most:
                yield f"{where}: {row.ways[name][0]} clusters by {name}, and there are {most} at most"
    yield from _of_cases(shares, told)
    yield from _of_groups(shares)


def _ways(metric: str, told: Told) -> tuple[str, ...]:
    """In which a share is counted at least."""
    if METRICS[metric].complete:
        return (ALONE,)
    if metric in _LOGGED or metric in {OVER_CAP, VIEWS_SHARE}:
        second = (SECOND,) if metric in _PAIRS else ()
        readers = () if told.these else (REVIEWER, *second)
        return (*((CASE,) if metric != OVER_CAP else (DAY,)), *readers, SHIFT)
    if METRICS[metric].source == "people":
        return (CASE, *((PERSON,) if metric in _OF_PEOPLE else ()), *((WEEK,) if metric in _IN_TIME else ()))
    return (CASE,) if told.clustered or metric in {READINGS, BY_BANDS} else (ALONE,)


def _most(metric: str, told: Told) -> Iterator[tuple[str, int]]:
    """Clusters that there can be, by way."""
    log, people = told.reviews, told.people
    if log is not None and (metric in _LOGGED or metric in {OVER_CAP, VIEWS_SHARE}):
        yield from ((CASE, log.items), (REVIEWER, log.reviewers), (SECOND, log.reviewers))
        yield SHIFT, log.shifts + (log.unread if metric == OVER_CAP else min(log.unread, log.reviewers))
    if people is not None and metric == VIEWED_AFTER:
        yield from ((CASE, people.items), (PERSON, people.people))
    if people is not None and metric == OPENED_SHARE:
        yield from ((CASE, people.items), (PERSON, people.people + people.finds))


def _of_cases(shares: Sequence[SharePart], told: Told) -> Iterator[str]:
    """Sums of squares over cases are those of the counts, where both are of the same items."""
    if not told.clustered or not told.moments:
        return
    moments = {group_from_json(part.group): part for part in told.moments}
    squares = Squares(told.known, {group: part.second for group, part in moments.items()})
    for row in shares:
        group = group_from_json(row.group)
        name = next((name for name in _AS_TALLIED.get(row.metric, ()) if name in told.known.metrics), None)
        if name is None or group not in moments or CASE not in row.ways or not row.total:
            continue
        metric = told.known.metrics[name]
        clusters, total2, *_ = row.ways[CASE]
        there = moments[group].clusters.get(metric.denominator_name)
        if not math.isclose(total2, squares.of(group, metric.denominator)) or there not in {None, clusters}:
            yield f"tallies.shares: {row.metric}, {shown(group_text(group))}: its cases are not those of the items"


def _of_groups(shares: Sequence[SharePart]) -> Iterator[str]:
    """Every unit is in one group of an attribute, and of each combination: together they are everybody. People may be in several."""
    overall: dict[str, SharePart] = {row.metric: row for row in shares if not row.group}
    cells: dict[tuple[str, tuple[str, ...]], list[SharePart]] = defaultdict(list)
    for row in shares:
        if row.group and row.metric != OPENED_SHARE:
            cells[row.metric, _attributes(group_from_json(row.group))].append(row)
    for (metric, attributes), rows in cells.items():
        whole = overall.get(metric)
        sums = sum(row.part for row in rows), sum(row.total for row in rows)
        if whole is None or sums != (whole.part, whole.total) or any(_larger(row, whole) for row in rows):
            yield f"tallies.shares: {shown(metric)}: the groups of {shown(' x '.join(attributes))} do not add up to everybody"


def _larger(row: SharePart, whole: SharePart) -> bool:
    """Whether a group has more clusters, or larger ones, than everybody."""
    return any(name not in whole.ways or any(a > b for a, b in zip(way, whole.ways[name], strict=True)) for name, way in row.ways.items())


def _attributes(group: Group) -> tuple[str, ...]:
    return tuple(attribute for attribute, _ in group)
