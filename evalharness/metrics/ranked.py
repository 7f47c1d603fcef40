"""Orders of leads to estimates: how the classifier's compares with first in, first out and with random order. They describe.

Days are the independent units. Every figure is an expectation over the orders that ties leave open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue.ranking_described import ORDERS
from evalharness.metrics.ranked_limits import mean_of_days, median_of
from evalharness.records import OVERALL, Curve, Description, Estimate, Group
from evalharness.stats.rounding import outward
from evalharness.stats.spread import Spread
from evalharness.tally.ordered import Floats, InOrder, WaitingLeads, in_order

_MOST_POINTS = 30
_FURTHER = 3
"""Budgets are looked at up to so many times the policy's."""
_GOAL = 0.95
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankedLeads:
    """What is held of the leads for the measures of their order."""

    leads: WaitingLeads
    scores: Floats
    """[leads] the classifier's; NaN for no answer."""
    arrived: Floats | None
    """[leads] null where nobody knows."""
    chances: Floats | None
    """[leads] true chance of being relevant; null where it is not known."""
    groups: Mapping[str, NDArray[np.int32]]
    """Attribute -> [relevant leads, in the order of the rows] group code."""
    levels: Mapping[str, tuple[str, ...]]


def describe_ranking(ranked: RankedLeads, *, budget: int, goal: float | None, level: float) -> Description:
    """Every measure of RANKING_DESCRIBED, and the curve `budgets`. `goal`: the recall that the policy asks of everybody, if it does.

    Memory: one order at a time (`tally.ordered`).
    """
    most = min(_FURTHER * budget, int(np.bincount(ranked.leads.queues).max(initial=1)))
    recalls = (_GOAL,) if goal is None or goal == _GOAL else (_GOAL, goal)
    own = in_order(ranked.leads, ranked.scores, most, recalls)
    view = _View(own=own, beyond=_beyond(own, budget), budget=budget, goal=goal, level=level, has_minutes=ranked.leads.minutes is not None)
    estimates, found = list(_all(view, own, "", ranked)), {"recall": own.found}
    others = {
        "_first_in_first_out": None if ranked.arrived is None else -ranked.arrived,
        "_random_order": np.zeros(len(ranked.scores)),
    }
    for end, keys in others.items():
        order = None if keys is None else in_order(ranked.leads, keys, most, recalls)
        if order is not None:
            found[end] = order.found
            estimates += _all(view, order, end, ranked)
    if ranked.chances is not None:
        found["best"] = in_order(ranked.leads, ranked.chances, most, ()).found
    estimates.sort(key=lambda e: e.group != OVERALL)
    return Description(estimates=tuple(estimates), curves=tuple(_curves(own, found, budget, most)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _View:
    """What all orders are measured by."""

    own: InOrder
    beyond: Floats
    """[P] share of the equally likely places of a relevant lead that lie beyond the budget, in the classifier's order."""
    budget: int
    goal: float | None
    level: float
    has_minutes: bool


def _beyond(own: InOrder, budget: int) -> Floats:
    beyond: Floats = (own.places - _opened(own, budget)) / own.places
    return beyond


def _opened(order: InOrder, budget: int) -> Floats:
    """[P] how many of the lead's places lie within the budget; none without a score."""
    within: Floats = np.clip(budget + 1 - order.first, 0, order.places) * order.placed
    return within


def _all(view: _View, order: InOrder, end: str, ranked: RankedLeads) -> Iterator[Estimate]:
    everybody = np.ones(len(order.first), dtype=bool)
    yield from _medians(view, order, end, OVERALL, everybody)
    yield from _of_days(view, order, end)
    if end in _OF_GROUPS:
        for attribute, codes in ranked.groups.items():
            for code, name in enumerate(ranked.levels[attribute]):
                found = _medians(view, order, end, ((attribute, name),), codes == code)
                yield from (e for e in found if e.metric.removesuffix(end) in _GROUPED)


_OF_GROUPS = ("", "_first_in_first_out")
_GROUPED = ("median_rank", "median_wait", "median_wait_of_missed")


def _medians(view: _View, order: InOrder, end: str, group: Group, who: NDArray[np.bool_]) -> Iterator[Estimate]:
    """Of the relevant leads `who` [P]: of all of them, and of those that the classifier leaves beyond the budget."""
    n = len(order.first)
    everyone = np.ones(n)
    rank = Spread(start=order.first, step=np.ones(n), count=order.places, weight=everyone, unit=order.queue)
    wait = Spread(start=order.ahead, step=order.each, count=order.places, weight=everyone, unit=order.queue)
    skipped = _opened(order, view.budget) if order is view.own else np.zeros(n)

    def beyond(spread: Spread) -> Spread:
        """Only the places beyond the budget, in the classifier's own order; in any other order the same leads at all their places."""
        return Spread(
            start=spread.start + skipped * spread.step,
            step=spread.step,
            count=spread.count - skipped.astype(np.int64),
            weight=view.beyond,
            unit=spread.unit,
        )

    asked = {
        "median_wait_of_missed": (beyond(wait), 0.5, 1.0),
        "median_days_of_missed": (beyond(rank), 0.5, float(view.budget)),
        "median_rank_of_missed": (beyond(rank), 0.5, 1.0),
        "median_wait": (wait, 0.5, 1.0),
        "median_rank": (rank, 0.5, 1.0),
        "budget_for_95": (rank, _GOAL, 1.0),
    }
    for name, (spread, share, scale) in asked.items():
        if group and name not in _GROUPED:
            continue
        reason = "" if view.has_minutes or "wait" not in name else "the benchmark does not state the minutes of a review"
        what = "relevant leads beyond the budget" if name.endswith("_missed") else "relevant leads"
        yield median_of(
            name + end, group, spread.of(who) if group else spread, share=share, scale=scale, level=view.level, what=what, reason=reason
        )


def _of_days(view: _View, order: InOrder, end: str) -> Iterator[Estimate]:
    """Means over the days that have a relevant lead."""
    level = view.level
    yield mean_of_days("rank_of_first_find" + end, order.first_find, scale="log", level=level)
    reason = "" if view.has_minutes else "the benchmark does not state the minutes of a review"
    yield mean_of_days("time_to_first_find" + end, order.minutes_to_find, scale="log", level=level, reason=reason)
    yield mean_of_days("mean_average_precision" + end, order.average_precision, scale="logit", level=level)
    yield mean_of_days("ndcg" + end, order.ndcg, scale="logit", level=level)
    for name, recall in (("work_saved_95", _GOAL), ("work_saved_at_goal", view.goal)):
        if recall is not None:
            left = 1 - order.opened[recall] / order.leads
            yield mean_of_days(name + end, left, scale="logit", level=level, less=1 - recall)


def _curves(own: InOrder, found: Mapping[str, Floats], budget: int, most: int) -> Iterator[Curve]:
    """Budgets from 1 on; one point for each, thinned, the policy's always among them."""
    relevant, days = len(own.first), 0 if not len(own.found) else int(own.looked_at[min(1, most)])
    if not relevant or not days:
        return
    points = np.unique(np.rint(np.linspace(1, most, min(most, _MOST_POINTS))).astype(np.int64))
    points = np.unique([*points[points != budget], *([budget] if budget <= most else [])])
    names = ("_first_in_first_out", "_random_order", "best")
    yield Curve(
        name="budgets",
        columns=("budget_per_day", "leads_a_day", "recall", "precision", "first_in_first_out", "random_order", "best_possible"),
        rows=tuple(
            (
                int(k),
                _short(own.looked_at[k] / days),
                _short(own.found[k] / relevant),
                _short(own.found[k] / own.labelled[k]) if own.labelled[k] else None,
                *(_short(found[name][k] / relevant) if name in found else None for name in names),
            )
            for k in points.tolist()
        ),
        method=(
            "share of all relevant leads among the first so many of each day, expected over ties; precision of the classifier; "
            f"{', '.join(order for order in ORDERS.values() if order)} and the true chances on the same leads"
        ),
    )


def _short(value: float) -> float:
    return outward(float(value), digits=_DIGITS)
