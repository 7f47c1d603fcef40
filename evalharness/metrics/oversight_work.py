"""Minutes, backlog and officers from the share of readings: its bounds, through rising functions, are theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import NOT_SUPPLIED
from evalharness.catalogue.oversight.work import BACKLOG, KIND, MINUTES, OFFICERS, READINGS
from evalharness.metrics.oversight import oversight_prospect, share_row_estimate
from evalharness.metrics.oversight_minutes import is_measured, least_minutes, measured_estimate, minutes_rows
from evalharness.records import OVERALL, Estimate, Policy, Prospect, Question
from evalharness.records.oversight_work import readings_of
from evalharness.records.share import ShareRow
from evalharness.stats.rounding import Direction, outward
from evalharness.stats.workload import Week
from evalharness.tally import ConfusionTally

_OF: Mapping[str, tuple[Callable[[Week, float], float], Callable[[Week, float], float]]] = {
    MINUTES: (Week.minutes, Week.share_for_minutes),
    BACKLOG: (Week.backlog, Week.share_for_backlog),
    OFFICERS: (Week.officers, Week.share_for_officers),
}
"""By metric: from the share of readings, and back from a goal."""

NO_LOG = "the policy takes minutes from a review log, and this run was given none"
LONGER = "it depends on items and on the readings of the log, so no number of either is given"


def week_of(policy: Policy) -> Week | None:
    """None where the policy declares no work, or has no bands."""
    human = policy.human_in_the_loop
    if human is None or human.work is None or human.bands is None:
        return None
    readings = readings_of(human.bands)
    most = human.items_per_week * human.minutes_per_review * readings.most / readings.parts
    return Week(most=most, capacity=human.work.minutes, each=human.work.minutes_each) if most else None


def work_estimates(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Estimate]:
    """Minutes, backlog and officers of everybody's items; none where no readings were counted."""
    for name in _OF:
        metric = tally.of.metrics.get(name)
        if metric is not None and (found := work_answer(tally, metric, policy, level)) is not None:
            yield found


def work_answer(tally: ConfusionTally, metric: Metric, policy: Policy, level: float) -> Estimate | None:
    """The estimate of one of them."""
    if is_measured(policy):
        return measured_estimate(tally, metric, policy, level)
    row = next((row for row in tally.shares if row.metric == READINGS and row.group == OVERALL), None)
    week = week_of(policy)
    return None if row is None or week is None else work_of_row(row, metric, tally.of.metrics[READINGS], week, level)


def work_prospect(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Prospect | None:
    """That of the share of readings at the goal's share. None for a metric of another kind."""
    metric, week = tally.of.metrics.get(question.metric), week_of(policy)
    if metric is None or metric.kind != KIND:
        return None
    if week is None:
        return Prospect(attainable=False, needed=None, reason=NOT_SUPPLIED[metric.source])
    if is_measured(policy):
        rows = minutes_rows(tally, policy)
        if rows is None:
            return Prospect(attainable=False, needed=None, reason=NO_LOG)
        return Prospect(attainable=least_minutes(*rows, metric, policy, level) <= question.bound, needed=None, reason=LONGER)
    goal = _OF[metric.name][1](week, question.bound)
    return oversight_prospect(tally, replace(question, metric=READINGS, bound=goal), level)


def work_of_row(row: ShareRow, metric: Metric, share_metric: Metric, week: Week, level: float) -> Estimate:
    """Raises nothing: without items it has no value, and says why."""
    share = share_row_estimate(row, share_metric, level)
    value = _OF[metric.name][0]

    def at(q: float | None, direction: Direction) -> float | None:
        return None if q is None else outward(value(week, q), direction=direction)

    lower, upper = at(share.lower, "down"), at(share.upper, "up")
    wide = None if share.by_size is None else (at(share.by_size[0], "down"), at(share.by_size[1], "up"))
    return replace(
        share,
        metric=metric.name,
        value=at(row.part / row.total, "nearest") if row.total else None,
        lower=lower,
        upper=upper,
        by_size=None if wide == (lower, upper) else wide,
        method=f"workload of {share.method}",
        decides=metric.decides,
    )
