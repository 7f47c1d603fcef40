"""What holds for every estimate and every goal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from policy_document import POLICY_DIGEST, POLICY_DOCUMENT

from evalharness.records import Claim, Estimate, Finding, Outcome, Policy, Prospect, Question, Requirement
from evalharness.requirements import judge, policy_from_document, verdict

POLICY: Policy = policy_from_document(POLICY_DOCUMENT, POLICY_DIGEST)
COMPARISONS = ("at_least", "at_most", "max_difference", "min_ratio")
NUMBERS = st.none() | st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0, float("nan")])


@st.composite
def cases(draw: st.DrawFn, comparisons: tuple[str, ...] = COMPARISONS) -> tuple[Question, Estimate, Prospect]:
    comparison: Any = draw(st.sampled_from(comparisons))
    between = ("race",) if comparison in {"max_difference", "min_ratio"} else ()
    name = f"q{draw(st.integers(0, 10**9))}"
    question = Question(requirement=name, metric="recall", comparison=comparison, bound=draw(st.floats(0, 1)), between=between)
    estimate = Estimate(
        metric=question.estimate_metric,
        group=() if between else (("id", name),),
        value=draw(NUMBERS),
        lower=draw(NUMBERS),
        upper=draw(NUMBERS),
        level=draw(st.sampled_from([0.9, 0.95, 0.99])),
        method="any",
        n=draw(st.integers(0, 50)),
        clusters=1,
        n_eff=1.0,
        reason=draw(st.sampled_from(["", "why"])),
        between=between,
        decides=draw(st.booleans()),
    )
    prospect = Prospect(
        attainable=draw(st.booleans()), needed=draw(st.none() | st.integers(1, 99)), reason=draw(st.sampled_from(["", "because"]))
    )
    return replace(question, group=estimate.group), estimate, prospect


def one(question: Question, estimate: Estimate, prospect: Prospect, claim: Claim = Claim.REHEARSAL) -> Finding:
    (finding,) = judge([question], [estimate], {question: prospect}, policy=POLICY, claim=claim)
    return finding


@given(cases())
@settings(max_examples=500, deadline=None)
def test_met_needs_a_deciding_bound_that_clears_the_goal(case: tuple[Question, Estimate, Prospect]) -> None:
    question, estimate, prospect = case
    finding = one(question, estimate, prospect)
    if finding.outcome is not Outcome.MET:
        return
    deciding = estimate.lower if question.comparison in {"at_least", "min_ratio"} else estimate.upper
    assert deciding is not None
    assert estimate.value is not None
    assert estimate.decides
    assert estimate.level >= POLICY.confidence
    assert deciding >= question.bound if question.comparison in {"at_least", "min_ratio"} else deciding <= question.bound


@given(cases(), st.sampled_from(["deciding", "value", "decides", "level"]))
@settings(max_examples=300, deadline=None)
def test_taking_something_away_never_makes_a_finding_met(case: tuple[Question, Estimate, Prospect], taken: str) -> None:
    question, estimate, prospect = case
    deciding = "lower" if question.comparison in {"at_least", "min_ratio"} else "upper"
    poorer: dict[str, dict[str, Any]] = {
        "deciding": {deciding: None},
        "value": {"value": None},
        "decides": {"decides": False},
        "level": {"level": 0.5},
    }
    assert one(question, replace(estimate, **poorer[taken]), prospect).outcome is not Outcome.MET


@given(cases())
@settings(max_examples=300, deadline=None)
def test_a_harder_goal_is_never_met_where_an_easier_one_is_not(case: tuple[Question, Estimate, Prospect]) -> None:
    question, estimate, prospect = case
    harder = -0.1 if question.comparison in {"at_most", "max_difference"} else 0.1
    if one(replace(question, bound=question.bound + harder), estimate, prospect).outcome is Outcome.MET:
        assert one(question, estimate, prospect).outcome is Outcome.MET


@given(cases())
@settings(max_examples=300, deadline=None)
def test_judging_again_from_the_record_gives_the_same_words(case: tuple[Question, Estimate, Prospect]) -> None:
    question, estimate, prospect = case
    first = one(question, estimate, prospect)
    again = one(question, estimate, Prospect(attainable=first.attainable, needed=first.needed, reason=first.reason))
    assert (again.outcome, again.reason, again.needed) == (first.outcome, first.reason, first.needed)


@given(st.lists(cases(("at_least", "at_most")), min_size=1, max_size=6, unique_by=lambda case: case[0].requirement))
@settings(max_examples=200, deadline=None)
def test_a_requirement_that_is_met_anyway_changes_no_verdict(chosen: list[tuple[Question, Estimate, Prospect]]) -> None:
    trivial = Question(requirement="trivial", metric="recall", comparison="at_least", bound=0.0)
    trivially = Estimate(metric="recall", value=0.5, lower=0.4, upper=0.6, level=0.95, method="any", n=9, clusters=9, n_eff=9.0)
    cases_with = [*chosen, (trivial, trivially, Prospect(attainable=True, needed=None))]
    before, after = (verdict_of(some) for some in (chosen, cases_with))
    assert after[0] is before[0]
    assert after[0] is Outcome.MET or after[1] == before[1]


def verdict_of(chosen: list[tuple[Question, Estimate, Prospect]]) -> tuple[Outcome, tuple[str, ...]]:
    findings = judge(
        [q for q, _, _ in chosen], [e for _, e, _ in chosen], {q: p for q, _, p in chosen}, policy=POLICY, claim=Claim.REHEARSAL
    )
    asked = tuple(Requirement(id=q.requirement, metric=q.metric, comparison=q.comparison, bound=q.bound) for q, _, _ in chosen)
    found = verdict(findings, replace(POLICY, requirements=asked))
    return found.outcome, found.reasons
