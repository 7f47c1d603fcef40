"""What is asked of people, planned: every metric of people has a number or says why it has none, and no number is too small."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small_workspace import SmallWorkspace, policy, table
from tallies_by_hand import everybody, question
from tallies_by_hand import policy as plain_policy

from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.errors import BadInput
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.planned_people import plan_people
from evalharness.records import Planning, Requirement
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.records.planned_people import PlannedPeople
from evalharness.tally.shares import count_shares
from evalharness.workflows.plan import plan

METRICS = {metric.name: metric for metric in OVERSIGHT_METRICS if metric.decides and not metric.complete}
AT = "2026-11-22T09:30:00Z"


def planned(name: str, goal: float, *, study: ReviewStudy | None = None, groups: int = 1, **stated: Any) -> PlannedPeople:
    metric = METRICS[name]
    form = "at_least" if metric.better == "higher" else "at_most"
    asked = [question(name, form, goal, group=(("sex", str(g)),) if groups > 1 else ()) for g in range(groups)]
    requirement = Requirement(id="asked", metric=name, comparison=form, bound=goal)  # type: ignore[arg-type]
    by = plain_policy()
    assert by.human_in_the_loop is not None
    by = replace(by, human_in_the_loop=replace(by.human_in_the_loop, review_study=study))
    return plan_people(requirement, asked, metric, by, Planning(**stated), 0.95)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_number_or_says_why_not(name: str) -> None:
    metric = METRICS[name]
    goal = 0.8 if metric.better == "higher" else 0.1
    found = planned(name, goal, expected=(("asked", 0.9 if metric.better == "higher" else 0.02),))
    assert found.reason or all(size.units or size.reason for size in found.sizes)
    assert bool(found.reason) != bool(found.sizes)
    if found.sizes and found.fewest:
        assert found.sizes[0].units is not None
        assert found.sizes[0].units >= found.fewest, "never fewer than without a single error"
    for size in found.sizes:
        assert size.at_most is None or size.units is None or size.at_most >= size.units - 2


@pytest.mark.parametrize(
    ("name", "unit"),
    [("late_rate", "weeks"), ("contact_in_time_rate", "weeks"), ("shift_over_cap_rate", "days"), ("reader_recall", "reviewers")],
)
def test_what_hangs_together_most_is_what_is_planned(name: str, unit: str) -> None:
    assert unit in planned(name, 0.9 if METRICS[name].better == "higher" else 0.1).of


def test_the_fewest_reviewers_show_it_and_one_fewer_does_not() -> None:
    """By the estimate that judges, of so many reviewers who each read different cases in shifts of their own, all rightly."""
    found = planned("reader_recall", 0.8)
    assert found.fewest == 14
    for people, shown in ((14, True), (13, False)):
        codes = np.repeat(np.arange(people), 50)
        ways = {"case": np.arange(len(codes)), "reviewer": codes, "shift": codes}
        flags = np.ones(len(codes), dtype=np.bool_)
        (row,) = count_shares({"reader_recall": (flags, flags)}, ways)
        estimate = share_row_estimate(row, METRICS["reader_recall"], 0.95)
        assert (estimate.bounds[0] >= 0.8) is shown  # type: ignore[operator]
    assert everybody([1, 0, 0, 1, 0, 0]).shares == ()


def test_readings_and_their_correlation_are_as_stated_or_said_to_be_assumed() -> None:
    free = planned("reader_recall", 0.8, expected=(("asked", 0.9),))
    tied = planned("reader_recall", 0.8, expected=(("asked", 0.9),), readings_per_reviewer=20, reviewer_correlation=0.5)
    assert (free.each, free.correlation, tied.each, tied.correlation) == (50, 0.0, 20, 0.5)
    assert free.sizes[0].units < tied.sizes[0].units <= tied.sizes[0].at_most  # type: ignore[operator]
    assert "nobody stated a correlation" in " ".join(free.assumptions)
    assert "correlation of 0.5, as stated" in " ".join(tied.assumptions)


def test_a_claim_about_these_reviewers_alone_is_sized_in_cases() -> None:
    found = planned("reader_recall", 0.8, study=ReviewStudy(these=True))
    assert (found.of, found.each) == ("cases", 1)


def test_each_of_several_groups_takes_more_than_everybody() -> None:
    one, four = (planned("reader_recall", 0.8, groups=g, expected=(("asked", 0.9),)) for g in (1, 4))
    assert one.sizes[0].units < four.sizes[0].units  # type: ignore[operator]
    assert "In each of 4 groups" in " ".join(four.assumptions)


def test_what_cannot_be_told_has_a_reason() -> None:
    assert "state the expected value" in planned("augmentation", 0.05).reason
    assert planned("augmentation", 0.05, expected=(("asked", 0.3),)).sizes[0].units
    assert "wrong side" in planned("reader_recall", 0.8, expected=(("asked", 0.7),)).sizes[0].reason
    assert "sample draw" in planned("sampled_elusion", 0.01).reason
    assert planned("sampled_elusion", 0.01).fewest == 348, "log(.0304) / log(.99)"


STUDY = {"review_study": {"reviewers": "all", "allocation": "random"}}
HUMAN = {
    "minutes_per_review": 3, "items_per_week": 5000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}, **STUDY,
}  # fmt: skip
PEOPLE = {"id": "people-find", "metric": "reader_recall", "at_least": 0.8, "for_each": ["sex"], "why": "w"}


def test_a_plan_has_both_items_and_people_and_neither_spoils_the_other(tmp_path) -> None:
    space = SmallWorkspace(tmp_path, rows=table(2_000)).write()
    before = plan("small", workspace=space.root, at=AT)
    space.write_policy(policy(
        human_in_the_loop=HUMAN, requirements=[*policy()["requirements"], PEOPLE],
        planning={"readings_per_reviewer": 30, "reviewer_correlation": 0.05},
    ))  # fmt: skip
    made = plan("small", workspace=space.root, at=AT, out=tmp_path / "plan")
    assert [r.id for r in made.requirements] == [r.id for r in before.requirements]
    assert (made.items_needed, made.all_shown_planned) == (before.items_needed, before.all_shown_planned)
    (people,) = made.people
    assert (people.id, people.each, people.correlation, people.groups) == ("people-find", 30, 0.05, 2)
    assert len(people.sizes) == 4
    text = (tmp_path / "plan" / "plan.md").read_text()
    assert "What is asked of people" in text
    assert "reviewers, 30 readings each" in text
    assert "all requirements that are not about people are shown together" in text
    assert '"readings_per_reviewer"' not in (tmp_path / "plan" / "plan.json").read_text()
    assert '"people-find"' in (tmp_path / "plan" / "plan.json").read_text()


def test_a_policy_that_asks_of_people_alone_says_so(tmp_path) -> None:
    space = SmallWorkspace(tmp_path, rows=table(300)).write()
    space.write_policy(policy(human_in_the_loop=HUMAN, requirements=[PEOPLE]))
    made = plan("small", workspace=space.root, at=AT, out=tmp_path / "plan", expected={"people-find": 0.95})
    assert made.requirements == ()
    assert made.people[0].stated
    assert "all of it is about people" in (tmp_path / "plan" / "plan.md").read_text()


@pytest.mark.parametrize("planning", [{"readings_per_reviewer": 0}, {"reviewer_correlation": 1.5}, {"readings_per_reviewer": 2.5}])
def test_readings_and_correlations_that_cannot_be_are_refused(tmp_path, planning: dict[str, Any]) -> None:
    space = SmallWorkspace(tmp_path, rows=table(100)).write()
    space.write_policy(policy(planning=planning))
    with pytest.raises(BadInput, match=next(iter(planning))):
        plan("small", workspace=space.root, at=AT)
