"""So many for each: the odds of a share, against scipy's bound of the share."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from scipy import stats

from evalharness.catalogue import EVERY_METRIC, Metric
from evalharness.catalogue.oversight.people import OPENED_PER_FIND, OPENED_SHARE
from evalharness.metrics.oversight_odds import NO_FIND, odds_answer, odds_estimates, odds_prospect
from evalharness.records import Question
from evalharness.records.share import ALONE, ShareRow, Way


class Task:
    metrics: ClassVar[dict[str, Metric]] = {name: EVERY_METRIC[name] for name in (OPENED_PER_FIND, OPENED_SHARE)}


class Tally:
    """What odds look at of a tally."""

    of = Task

    def __init__(self, *shares: ShareRow) -> None:
        self.shares = shares
        self.sampled = None


def row_of(part: int, total: int) -> ShareRow:
    way = Way(name=ALONE, clusters=total, total2=total, part2=part, rest2=total - part)
    return ShareRow(metric=OPENED_SHARE, part=part, total=total, ways=(way,))


@pytest.mark.parametrize(("part", "finds"), [(0, 20), (1, 30), (17, 40), (50, 3), (200, 100)])
def test_bounds_are_the_odds_of_clopper_and_pearsons(part: int, finds: int):
    (told,) = odds_estimates(Tally(row_of(part, part + finds)), 0.95)  # type: ignore[arg-type]
    test = stats.binomtest(part, part + finds)
    interval: Any = test.proportion_ci(0.90, "exact")
    assert told.value == pytest.approx(part / finds)
    assert told.lower == pytest.approx(interval.low / (1 - interval.low), rel=1e-8, abs=1e-12)
    assert told.upper == pytest.approx(interval.high / (1 - interval.high))
    assert told.method.startswith("odds of clopper-pearson(")


@pytest.mark.parametrize(("part", "total", "reason"), [(5, 5, NO_FIND), (0, 0, "")])
def test_without_a_find_there_is_no_upper_bound(part: int, total: int, reason: str):
    (told,) = odds_estimates(Tally(row_of(part, total)), 0.95)  # type: ignore[arg-type]
    assert told.value is None
    assert told.upper is None
    assert told.reason.startswith(reason)
    assert told.reason


@pytest.mark.parametrize(("goal", "attainable"), [(0.05, False), (0.5, True)])
def test_a_goal_is_attainable_if_no_opening_at_all_would_have_shown_it(goal: float, attainable: bool):
    question = Question(requirement="r", metric=OPENED_PER_FIND, comparison="at_most", bound=goal)
    tally: Any = Tally(row_of(6, 26))
    prospect = odds_prospect(tally, question, 0.95)
    assert prospect is not None
    none = stats.beta.ppf(0.95, 1, 26)
    assert prospect.attainable is attainable is bool(none / (1 - none) <= goal)
    answer = odds_answer(tally, question, EVERY_METRIC[OPENED_PER_FIND], 0.95)
    assert answer is not None
    assert answer.value == pytest.approx(6 / 20)


def test_what_was_not_counted_has_no_answer():
    question = Question(requirement="r", metric=OPENED_PER_FIND, comparison="at_most", bound=1.0, group=(("sex", "F"),))
    tally: Any = Tally(row_of(6, 26))
    assert odds_answer(tally, question, EVERY_METRIC[OPENED_PER_FIND], 0.95) is None
    nobody: Any = Tally()
    prospect = odds_prospect(nobody, question, 0.95)
    assert prospect is not None
    assert not prospect.attainable
    assert "no table of people" in prospect.reason
