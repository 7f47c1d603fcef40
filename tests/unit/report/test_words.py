"""Sentences for readers: the bound that decides, in plain words, for every metric and outcome."""

import re
from functools import cache
from typing import Any

import pytest
from evidence_fixture import build
from task_evidence import LEVELS, TASKS
from task_evidence import build as document

from evalharness.catalogue import task_metrics
from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.schema import FindingPart
from evalharness.report import briefly, words
from evalharness.report.by_task import TaskWords, task_words

NB = "\u00a0"


@cache
def words_of(task: str) -> TaskWords:
    return task_words(read_evidence(evidence_bytes(document(task))))


BINARY = words_of("binary")


def finding(**changes: Any) -> FindingPart:
    plain = {
        "requirement": "r", "metric": "recall", "group": {}, "outcome": "met", "value": 0.96, "lower": 0.912, "upper": 0.98, "level": 0.95,
        "method": "m", "n": 1000, "clusters": 500, "n_eff": 700.0, "comparison": "at_least", "bound": 0.9, "attainable": True,
        "needed": None, "reason": "", "between": (), "pair": None, "unit": "",
    }  # fmt: skip
    return FindingPart.model_validate({**plain, **changes})


def said(text: str) -> str:
    return text.replace(NB, " ")


def test_a_met_requirement_says_how_sure_we_are_of_what() -> None:
    assert (
        said(words.found(finding(), BINARY))
        == "We are 95 % sure that at least 91.2 % of the relevant items are found. In this test it was 96.0 %."
    )
    assert said(words.asks(finding(), BINARY)) == "At least 90 % of the relevant items must be found."


def test_a_failed_requirement_turns_to_the_opposite_bound() -> None:
    text = said(words.found(finding(outcome="not_met", value=0.8, lower=0.7, upper=0.8511, group={"sex": "F"}), BINARY))
    assert text == "We are 95 % sure that at most 85.2 % of the relevant items are found (among sex F). In this test it was 80.0 %."


@pytest.mark.parametrize(
    ("outcome", "direction", "head"),
    [
        ("met", "at_most", "at most"),
        ("not_demonstrated", "at_most", "at most"),
        ("not_met", "at_most", "at least"),
        ("met", "at_least", "at least"),
        ("not_demonstrated", "at_least", "at least"),
        ("not_met", "at_least", "at most"),
    ],
)
def test_the_bound_named_is_the_one_that_decides(outcome: str, direction: str, head: str) -> None:
    assert words.bound_words(finding(outcome=outcome, comparison=direction)).startswith(head)


def test_a_gap_names_its_pair_and_its_points() -> None:
    gap = finding(
        metric="recall_difference", comparison="max_difference", bound=0.05, value=0.02, lower=0.0, upper=0.041, between=("sex",),
        pair=({"sex": "F"}, {"sex": "M"}),
    )  # fmt: skip
    assert said(words.asks(gap, BINARY)) == (
        "Between any two groups of sex, the share of relevant items that are found may differ by at most 5 percentage points."
    )
    assert said(words.found(gap, BINARY)) == (
        "We are 95 % sure that no two groups differ by more than 4.1 percentage points (the pair that decides: sex F, and sex M)."
    )


def test_a_ratio_is_told_as_times() -> None:
    ratio = finding(metric="recall_ratio", comparison="min_ratio", bound=0.8, value=0.9, lower=0.85, upper=0.99, between=("sex", "age"))
    assert "at least 0.8 times the higher" in words.asks(ratio, BINARY)
    assert "sex and age together" in words.asks(ratio, BINARY)
    assert words.found(ratio, BINARY) == f"We are 95{NB}% sure that the lower is at least 0.85 times the higher."
    assert "at most 0.99 times" in words.found(finding(**{**ratio.model_dump(), "outcome": "not_met"}), BINARY)


def test_nothing_to_compute_says_so_and_whom_it_concerns() -> None:
    text = words.found(
        finding(outcome="not_evaluable", value=None, lower=None, upper=None, reason="no relevant items", group={"sex": "X"}), BINARY
    )
    assert text == "For sex X this cannot be computed: no relevant items."


def test_a_missing_bound_is_told_and_never_drawn_as_a_number() -> None:
    text = words.found(
        finding(metric="reviews_per_find", comparison="at_most", outcome="not_demonstrated", upper=None, reason="no upper bound"), BINARY
    )
    assert "no bound can be given" in text
    assert briefly.brief(finding(outcome="not_demonstrated", lower=None, reason="why"), BINARY) == words.found(
        finding(outcome="not_demonstrated", lower=None, reason="why"), BINARY
    )


def test_what_is_not_demonstrated_says_what_would_settle_it() -> None:
    few = finding(outcome="not_demonstrated", lower=0.4, attainable=False, needed=240)
    assert briefly.more_data(few, BINARY) == (
        "Even without a single error, 1,000 relevant items could not show it. "
        "A new test on 240 relevant items would most likely show it (8 such tests in 10), if what was found here is right."
    )
    assert "short of the goal" in briefly.more_data(finding(outcome="not_demonstrated", value=0.8, lower=0.4), BINARY)
    assert briefly.more_data(finding(), BINARY) == ""


def test_a_bound_that_reaches_the_goal_without_being_met_gives_the_reason() -> None:
    text = briefly.more_data(finding(outcome="not_demonstrated", reason="items without an answer could hide the opposite"), BINARY)
    assert text == "Items without an answer could hide the opposite."


@pytest.mark.parametrize("outcome", list(words.MARKS))
@pytest.mark.parametrize(
    ("task", "name"), [(t, name) for t in TASKS for name, metric in task_metrics(t, LEVELS.get(t, ())).metrics.items() if metric.decides]
)
def test_every_metric_that_may_decide_has_whole_sentences(task: str, name: str, outcome: str) -> None:
    told = words_of(task)
    one = finding(metric=name, outcome=outcome, unit="officer_minutes" if name == "expected_cost" else "", comparison="at_most")
    gap = finding(metric=name + "_difference", outcome=outcome, comparison="max_difference", between=("sex",))
    for text in (words.asks(one, told), words.found(one, told), briefly.brief(one, told), words.asks(gap, told), words.found(gap, told)):
        assert text.endswith(".")
        assert not set("{}‹›_") & set(text)
        assert name not in text or name in ("recall", "precision", "accuracy", "elusion")
    assert name in told.phrases
    assert not set("‹›_") & set(words.title(name, told) + words.denominator(one, told))


@pytest.mark.parametrize("kind", ["met", "mixed", "short", "empty"])
def test_every_finding_of_real_looking_evidence_can_be_told(kind: str) -> None:
    evidence: Evidence = read_evidence(evidence_bytes(build(kind=kind)))
    for part in evidence.findings:
        assert re.fullmatch(r"[A-Z].+\.", words.found(part, BINARY), flags=re.DOTALL)


def test_the_people_warning_is_word_for_word_the_fixed_one() -> None:
    assert BINARY.people == (
        "These figures assume that every flagged item is opened in time and judged correctly; nobody has measured that."
    )


TOLD = {
    ("ordinal", "under_grading_1", "at_most"): ("At most 90 % of all items may be graded too low.", "of all items are graded too low."),
    ("ordinal", "critical_miss", "at_most"): (
        "At most 90 % of the items of the highest level (A) may be graded as the lowest (none).",
        "(A) are graded as the lowest (none).",
    ),
    ("ranking", "recall_at_budget", "at_least"): (
        "At least 90 % of the relevant leads must be among the 50 that are looked at each day.",
        "are among the 50 that are looked at each day.",
    ),
    ("linkage", "pairwise_recall", "at_least"): ("At least 90 % of the true links must be found.", "of the true links are found."),
    ("linkage", "pairwise_precision", "at_least"): (
        "At least 90 % of the links that are made must be true.",
        "links that are made are true.",
    ),
    ("risk", "recall", "at_least"): (
        "At least 90 % of the reports that are truly “high” must be placed there.",
        "reports that are truly “high” are placed there.",
    ),
    ("risk", "precision", "at_least"): ("At least 90 % of the reports placed in “high” must belong there.", "in “high” belong there."),
}


@pytest.mark.parametrize(("task", "metric", "comparison"), TOLD)
def test_each_task_is_told_in_its_own_words(task: str, metric: str, comparison: str) -> None:
    demand, found = TOLD[task, metric, comparison]
    one = finding(metric=metric, comparison=comparison)
    assert said(words.asks(one, words_of(task))) == demand
    assert found in said(words.found(one, words_of(task)))


def test_a_demand_at_another_budget_names_that_budget_alone() -> None:
    one = finding(metric="recall_at_budget", comparison="at_least", condition="at budget 1200")
    demand, found = said(words.asks(one, words_of("ranking"))), said(words.found(one, words_of("ranking")))
    assert "among the 1,200 that are looked at each day" in demand
    assert "among the 1,200 that are looked at each day" in found
    assert "50" not in demand + found.replace("95", "")


def test_names_of_levels_never_change_a_sentence() -> None:
    told = task_words(read_evidence(evidence_bytes(document("ordinal", word=lambda level: level + " may {} x"))))
    one = finding(metric="critical_miss", comparison="at_most", bound=0.02)
    assert said(words.asks(one, told)) == (
        "At most 2 % of the items of the highest level (A may {} x) may be graded as the lowest (none may {} x)."
    )
    assert "(A may {} x) are graded as the lowest (none may {} x)." in said(words.found(one, told))
