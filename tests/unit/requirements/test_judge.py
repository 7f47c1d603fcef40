"""Judging compares deciding bounds with goals: every outcome, its edges, and everything that must never be a pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from policy_document import POLICY_DIGEST, POLICY_DOCUMENT

from evalharness.errors import Fault
from evalharness.records import Claim, Condition, Estimate, Finding, Outcome, Policy, Prospect, Question, Requirement
from evalharness.requirements import expand, finding_name, judge, policy_from_document, verdict

POLICY: Policy = policy_from_document(
    {**POLICY_DOCUMENT, "requirements": [{"id": "r", "metric": "recall", "at_least": 0.9}]}, POLICY_DIGEST
)
PROSPECT = Prospect(attainable=True, needed=500)
MET, NOT_MET, OPEN, NOT_EVALUABLE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DEMONSTRATED, Outcome.NOT_EVALUABLE


def question(comparison: Any = "at_least", bound: float = 0.9, metric: str = "recall", **more: Any) -> Question:
    return Question(requirement="r", metric=metric, comparison=comparison, bound=bound, **more)


def estimate(lower: float | None, upper: float | None, value: float | None = 0.5, metric: str = "recall", **more: Any) -> Estimate:
    numbers = {"level": 0.95, "method": "exact", "n": 100, "clusters": 100, "n_eff": 100.0}
    return Estimate(metric=metric, value=value, lower=lower, upper=upper, **{**numbers, **more})


def judged(asked: Question, *answers: Estimate, prospect: Prospect | None = PROSPECT, claim: Claim = Claim.REHEARSAL) -> Finding:
    (finding,) = judge([asked], answers, {asked: prospect} if prospect else {}, policy=POLICY, claim=claim)
    return finding


@pytest.mark.parametrize(
    ("comparison", "lower", "upper", "outcome"),
    [
        ("at_least", 0.9, 0.95, MET),
        ("at_least", 0.8999999999, 0.95, OPEN),
        ("at_least", 0.8, 0.9, OPEN),
        ("at_least", 0.8, 0.8999999999, NOT_MET),
        ("at_least", None, 0.95, OPEN),
        ("at_least", None, 0.8, NOT_MET),
        ("at_least", 0.95, None, MET),
        ("at_least", None, None, OPEN),
        ("at_most", 0.1, 0.9, MET),
        ("at_most", 0.1, 0.9000000001, OPEN),
        ("at_most", 0.9, 0.95, OPEN),
        ("at_most", 0.9000000001, 0.95, NOT_MET),
        ("at_most", 0.1, None, OPEN),
        ("at_most", 0.95, None, NOT_MET),
        ("at_most", None, 0.1, MET),
        ("at_most", None, None, OPEN),
        ("max_difference", 0.1, 0.9, MET),
        ("max_difference", 0.1, 0.91, OPEN),
        ("max_difference", 0.9, 0.95, OPEN),
        ("max_difference", 0.91, 0.95, NOT_MET),
        ("max_difference", -0.1, None, OPEN),
        ("min_ratio", 0.9, 1.0, MET),
        ("min_ratio", 0.89, 1.0, OPEN),
        ("min_ratio", 0.8, 0.9, OPEN),
        ("min_ratio", 0.8, 0.89, NOT_MET),
        ("min_ratio", None, 1.1, OPEN),
    ],
)
def test_the_deciding_bound_gives_the_outcome(comparison: str, lower: float | None, upper: float | None, outcome: Outcome) -> None:
    asked = question(comparison, between=("race",) if comparison in {"max_difference", "min_ratio"} else ())
    answer = estimate(lower, upper, metric=asked.estimate_metric, between=asked.between)
    assert judged(asked, answer).outcome is outcome


@pytest.mark.parametrize("nan", [float("nan")])
@pytest.mark.parametrize("comparison", ["at_least", "at_most"])
def test_a_bound_that_is_not_a_number_is_never_met(comparison: str, nan: float) -> None:
    assert judged(question(comparison), estimate(nan, nan)).outcome is OPEN
    assert judged(question(comparison), estimate(0.9, 0.9, nan)).outcome is NOT_EVALUABLE


@pytest.mark.parametrize(
    ("plain", "by_size", "outcome", "why"),
    [
        ((0.92, 0.99), (0.91, 0.995), Outcome.MET, ""),
        ((0.92, 0.99), (0.88, 0.995), Outcome.NOT_DEMONSTRATED, "the lower bound 0.88 is below 0.9; if large clusters were sure to come out"
         " like small ones the lower bound would be 0.92, which meets the goal"),
        ((0.80, 0.89), (0.70, 0.93), Outcome.NOT_DEMONSTRATED, "the lower bound 0.7 is below 0.9; if large clusters were sure to come out"
         " like small ones the upper bound would be 0.89, which misses the goal"),
        ((0.80, 0.85), (0.70, 0.89), Outcome.NOT_MET, "the upper bound 0.89 is below 0.9"),
        ((0.85, 0.95), (0.80, 0.97), Outcome.NOT_DEMONSTRATED, "the lower bound 0.8 is below 0.9"),
        ((0.92, 0.99), (None, 0.995), Outcome.NOT_DEMONSTRATED, "there is no lower bound; if large clusters were sure to come out like"
         " small ones the lower bound would be 0.92, which meets the goal"),
    ],
)  # fmt: skip
def test_where_clusters_are_unequal_the_wider_pair_decides(
    plain: tuple[float, float], by_size: tuple[float | None, float], outcome: Outcome, why: str
) -> None:
    found = judged(question(), estimate(*plain, by_size=by_size))
    assert (found.outcome, found.reason, (found.lower, found.upper)) == (outcome, why, by_size)
    lower, upper = by_size
    mirrored = (None if lower is None else round(1 - lower, 9)), round(1 - upper, 9)
    turned = estimate(round(1 - plain[1], 9), round(1 - plain[0], 9), by_size=(mirrored[1], mirrored[0]))
    assert judged(question("at_most", 0.1), turned).outcome is outcome


def test_a_value_that_cannot_be_computed_is_not_evaluable() -> None:
    finding = judged(question(), estimate(None, None, None, reason="no relevant item"))
    assert (finding.outcome, finding.reason) == (NOT_EVALUABLE, "no relevant item")
    assert judged(question(), estimate(1.0, 1.0, None)).outcome is NOT_EVALUABLE


@pytest.mark.parametrize(
    ("comparison", "lower", "upper", "outcome"),
    [("max_difference", 0.2, None, NOT_MET), ("max_difference", 0.1, None, NOT_EVALUABLE), ("max_difference", None, 0.0, NOT_EVALUABLE),
     ("min_ratio", None, 0.05, NOT_MET), ("min_ratio", 1.0, 1.0, NOT_EVALUABLE)],
)  # fmt: skip
def test_a_gap_with_a_level_missing_is_not_evaluable_unless_another_pair_fails(
    comparison: str, lower: float | None, upper: float | None, outcome: Outcome
) -> None:
    asked = question(comparison, 0.1, between=("race",))
    answer = estimate(lower, upper, None, metric=asked.estimate_metric, between=("race",))
    assert judged(asked, answer).outcome is outcome
    if outcome is NOT_MET:
        assert judged(asked, replace(answer, decides=False)).outcome is NOT_EVALUABLE


@pytest.mark.parametrize("more", [{"decides": False}, {"level": 0.9}])
@pytest.mark.parametrize(("lower", "upper"), [(1.0, 1.0), (0.0, 0.0)])
def test_bounds_that_may_not_decide_demonstrate_nothing(more: dict[str, Any], lower: float, upper: float) -> None:
    assert judged(question(), estimate(lower, upper, **more)).outcome is OPEN


def test_a_bound_at_a_higher_level_than_asked_may_decide() -> None:
    assert judged(question(), estimate(0.95, 1.0, level=0.9696)).outcome is MET


def test_no_estimate_and_two_estimates_are_not_evaluable() -> None:
    other = estimate(1.0, 1.0, group=(("sex", "F"),))
    for answers in ((), (other,), (estimate(1.0, 1.0, metric="specificity"),), (estimate(1.0, 1.0), estimate(1.0, 1.0))):
        finding = judged(question(), *answers)
        assert finding.outcome is NOT_EVALUABLE
        assert finding.value is None
        assert finding.level == POLICY.confidence
    assert judged(question(), prospect=None).outcome is NOT_EVALUABLE


def test_an_estimate_answers_whatever_the_order_of_its_attributes() -> None:
    asked = question(
        "max_difference", 0.1, between=("race", "sex"), excluded=((("race", "X"), ("sex", "F")), (("race", "Y"), ("sex", "M")))
    )
    answer = estimate(0.0, 0.05, metric="recall_difference", between=("sex", "race"), excluded=asked.excluded[::-1])
    assert judged(asked, answer).outcome is MET
    assert judged(asked, replace(answer, excluded=())).outcome is NOT_EVALUABLE


def test_a_cost_is_answered_in_its_own_unit_only() -> None:
    asked = question("at_most", 1.0, metric="expected_cost", unit="minutes")
    assert judged(asked, estimate(0.1, 0.5, metric="expected_cost", unit="minutes")).outcome is MET
    assert judged(asked, estimate(0.1, 0.5, metric="expected_cost", unit="people")).outcome is NOT_EVALUABLE


def test_an_answer_without_prospect_is_a_fault_of_the_harness() -> None:
    with pytest.raises(Fault, match="no prospect"):
        judged(question(), estimate(1.0, 1.0), prospect=None)


@pytest.mark.parametrize("claim", list(Claim))
def test_a_declared_sensitivity_decides_rehearsals_only(claim: Claim) -> None:
    finding = judged(question(metric="system_recall"), estimate(0.95, 1.0, metric="system_recall"), claim=claim)
    assert finding.outcome is (MET if claim is Claim.REHEARSAL else NOT_EVALUABLE)
    assert ("only declared" in finding.reason) is (claim is not Claim.REHEARSAL)


def test_a_finding_repeats_the_estimate_and_the_prospect() -> None:
    asked = question(group=(("sex", "F"),))
    answer = estimate(0.4, 0.95, group=(("sex", "F"),), n=4, clusters=2, n_eff=2.5)
    finding = judged(asked, answer, prospect=Prospect(attainable=False, needed=None, reason="the observed rate is below the goal"))
    assert (finding.requirement, finding.metric, finding.group, finding.bound, finding.comparison) == (
        "r",
        "recall",
        asked.group,
        0.9,
        "at_least",
    )
    assert (finding.value, finding.lower, finding.upper, finding.level, finding.n, finding.clusters, finding.n_eff) == (
        0.5,
        0.4,
        0.95,
        0.95,
        4,
        2,
        2.5,
    )
    assert (finding.attainable, finding.needed) == (False, None)
    assert finding.reason == (
        "the lower bound 0.4 is below 0.9; even without any error it could not have been shown with so few items; "
        "the observed rate is below the goal"
    )


@pytest.mark.parametrize(("lower", "upper"), [(0.95, 1.0), (0.5, 0.95), (0.1, 0.5), (None, None)])
@pytest.mark.parametrize("why", ["", "the observed rate is on the wrong side"])
@pytest.mark.parametrize("value", [0.7, None])
def test_judging_a_recorded_finding_again_gives_the_same_finding(
    lower: float | None, upper: float | None, why: str, value: float | None
) -> None:
    answer = estimate(lower, upper, value, reason="a reason of the estimate")
    first = judged(question(), answer, prospect=Prospect(attainable=False, needed=None, reason=why))
    again = judged(question(), answer, prospect=Prospect(attainable=first.attainable, needed=first.needed, reason=first.reason))
    assert first == again


@pytest.mark.parametrize("stands", [True, False])
def test_whether_a_failure_stands_after_correction_is_carried_and_changes_no_outcome(stands: bool) -> None:
    lost = judged(question(), estimate(0.8, 0.85), prospect=replace(PROSPECT, corrected=stands))
    assert (lost.outcome, lost.corrected) == (NOT_MET, stands)
    for answer in (estimate(0.8, 0.95), estimate(0.95, 1.0), estimate(None, None, None)):
        assert judged(question(), answer, prospect=replace(PROSPECT, corrected=stands)).corrected is None


def test_no_finding_is_never_a_pass() -> None:
    assert verdict([], POLICY).outcome is NOT_EVALUABLE
    nothing_asked = replace(POLICY, requirements=())
    assert expand(nothing_asked, {}, date(2026, 1, 1)) == ((), ())
    assert verdict([], nothing_asked).outcome is NOT_EVALUABLE
    assert verdict([], nothing_asked).reasons == ("there is no finding",)


def test_a_requirement_that_nothing_was_found_about_is_not_evaluable() -> None:
    other = Requirement(id="other", metric="recall", comparison="at_least", bound=0.5)
    policy = replace(POLICY, requirements=(*POLICY.requirements, other))
    found = judged(question(), estimate(0.95, 1.0))
    assert verdict([found], POLICY).outcome is MET
    assert verdict([found], policy).outcome is NOT_EVALUABLE
    assert verdict([found], policy).reasons == ("other: not evaluable: nothing was found about it",)


def test_the_verdict_is_the_worst_finding_and_names_all_that_are_not_met() -> None:
    met = judged(question(), estimate(0.95, 1.0))
    still_open = replace(judged(question(), estimate(0.8, 0.95)), group=(("sex", "F"),))
    unknown = replace(judged(question(), estimate(None, None, None)), group=(("sex", "M"),))
    failed = replace(judged(question(), estimate(0.5, 0.8)), group=(("race", "X"), ("sex", "F")))
    assert verdict([met], POLICY).reasons == ("every finding is met (1)",)
    assert verdict([met, still_open], POLICY).outcome is OPEN
    assert verdict([met, still_open, unknown], POLICY).outcome is NOT_EVALUABLE
    worst = verdict([met, still_open, unknown, failed], POLICY)
    assert worst.outcome is NOT_MET
    assert worst.reasons == (
        "r[race=X,sex=F]: not met: the upper bound 0.8 is below 0.9",
        "r[sex=M]: not evaluable: it cannot be computed",
        "r[sex=F]: not demonstrated: the lower bound 0.8 is below 0.9",
    )


def test_findings_are_called_as_in_junit() -> None:
    assert finding_name("recall-everyone", (("sex", "F"), ("ethnicity", "X"))) == "recall-everyone[ethnicity=X,sex=F]"
    assert finding_name("recall", ()) == "recall"


def test_an_estimate_answers_only_under_its_own_condition() -> None:
    noisy = question(on=Condition(under="token-noise"))
    assert judged(noisy, estimate(0.95, 0.99), prospect=None).outcome is NOT_EVALUABLE
    assert judged(noisy, estimate(0.95, 0.99, condition="under other-noise"), prospect=None).outcome is NOT_EVALUABLE
    assert judged(question(), estimate(0.95, 0.99, condition="under token-noise"), prospect=None).outcome is NOT_EVALUABLE
    found = judged(noisy, estimate(0.95, 0.99, condition="under token-noise"), estimate(0.1, 0.2))
    assert found.outcome is MET
    assert found.condition == "under token-noise"
    assert finding_name(found.requirement, (("sex", "F"),), found.condition) == "r[sex=F] under token-noise"


@pytest.mark.parametrize("claim", [Claim.LOCAL, Claim.SHADOW, Claim.PILOT])
@pytest.mark.parametrize(
    ("rests_on", "outcome", "why"),
    [
        (("declared: minutes",), NOT_EVALUABLE, "it rests on what nobody has measured (declared: minutes), which decides rehearsals only"),
        (("synthetic reviewers", "these reviewers"), NOT_EVALUABLE, "(synthetic reviewers)"),
        (("enriched study",), OPEN, "more relevant items than there are at work"),
        (("these reviewers",), MET, ""),
        ((), MET, ""),
    ],
)
@pytest.mark.parametrize("comparison", ["at_least", "equals"])
def test_what_nobody_has_measured_decides_rehearsals_only(
    claim: Claim, rests_on: tuple[str, ...], outcome: Outcome, why: str, comparison: str
) -> None:
    asked = question(comparison, 0.9 if comparison == "at_least" else 0.0)
    answer = estimate(0.95, 0.99, rests_on=rests_on) if comparison == "at_least" else estimate(0.0, 0.0, 0.0, rests_on=rests_on)
    found = judged(asked, answer, claim=claim)
    assert (found.outcome, found.rests_on) == (outcome, rests_on)
    assert why in found.reason
    assert judged(asked, answer).outcome is MET
