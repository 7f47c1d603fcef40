"""Requirements under a condition, for a reader who is not technical, and what follows from the counts alone."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import NO_ANSWER, build

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.report.build import build_view
from evalharness.report.by_task import task_words
from evalharness.report.junit import render_junit
from evalharness.report.under import under

WORTH = {"id": "in-use", "metric": "precision", "at_least": 0.1, "prevalence": 0.01, "why": "Where it is used, few items are relevant."}


def evidence_of(task: str, *requirements: dict[str, Any]) -> Evidence:
    return read_evidence(evidence_bytes(build(task, policy={"requirements": [*requirements, NO_ANSWER]})))


@pytest.mark.parametrize(("task", "words"), [("binary", "1 % of all items are relevant"), ("risk", "1 % of all reports are truly “high”")])
def test_a_prevalence_is_told_wherever_the_requirement_is(task: str, words: str):
    evidence = evidence_of(task, WORTH, {**WORTH, "id": "everyone", "for_each": ["sex"]})
    assert rederive(evidence) == ()
    view = build_view(evidence)
    plain = words.replace(" %", "\u202f%")
    told = [words, plain, words.replace(" %", "\u00a0%")]
    assert any(any(text in d.asked for text in told) for d in view.page_one.deciders)
    alone, each = view.requirements[0], view.requirements[1]
    assert any(text in alone.asked for text in told)
    assert any(text in alone.found for text in told)
    assert "Weighed anew for that" in alone.found
    for section in (alone, each):
        assert any("Nothing in this test shows that" in text for name, text in section.facts if name == "What is assumed")
    assert any("prevalence-shift" in name for s in view.sections for name, _ in s.terms if s.anchor == "glossary")
    assert b'name="in-use at prevalence 0.01"' in render_junit(evidence)
    assert b'name="everyone[sex=F] at prevalence 0.01"' in render_junit(evidence)


def test_the_run_as_it_stands_has_no_words():
    evidence = evidence_of("binary", {"id": "recall", "metric": "recall", "at_least": 0.5})
    assert under("", task_words(evidence)) == ""
    assert not any("prevalence-shift" in name for s in build_view(evidence).sections for name, _ in s.terms)


@pytest.mark.parametrize("change", ["value", "n"])
def test_a_figure_that_does_not_follow_is_told(change: str):
    document = build("binary", policy={"requirements": [WORTH, NO_ANSWER]})
    (estimate,) = [e for e in document["estimates"] if e.get("condition")]
    estimate[change] = estimate[change] * 2
    problems = rederive(read_evidence(evidence_bytes(document)))
    assert any("precision at prevalence 0.01" in problem and "the tallies" in problem for problem in problems)


def test_an_estimate_that_is_gone_is_never_a_pass():
    document = build("binary", policy={"requirements": [WORTH, NO_ANSWER]})
    document["estimates"] = [e for e in document["estimates"] if not e.get("condition")]
    assert any("not_evaluable" in problem for problem in rederive(read_evidence(evidence_bytes(document))))


@pytest.mark.parametrize("task", ["binary", "ordinal", "ranking", "linkage", "risk"])
def test_a_complete_count_is_told_without_any_doubt(task: str):
    evidence = evidence_of(task, {"id": "usable", "metric": "unusable_answer_rate", "equals": 0})
    assert rederive(evidence) == ()
    section = build_view(evidence).requirements[0]
    assert "Exactly 0" in section.asked
    assert "nothing to estimate" in section.found
    assert section.chart is None
    assert not any(" sure" in name for name, _ in section.facts)


def test_a_complete_count_that_does_not_follow_is_told():
    document = build("binary", policy={"requirements": [{"id": "usable", "metric": "unusable_answer_rate", "equals": 0}, NO_ANSWER]})
    document["predictions"]["answered"] -= 1
    document["predictions"]["invalid"] += 1
    problems = rederive(read_evidence(evidence_bytes(document)))
    assert any("unusable_answer_rate: the value is 0" in problem for problem in problems)
