"""Where only the allowance for large clusters leaves a finding open, every face says so, and shows one interval."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from task_evidence import build
from uneven_evidence import FEW, MANY, uneven

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.schema import FindingPart
from evalharness.evidence.second_pair import Narrower
from evalharness.report.build import build_view
from evalharness.report.by_size import IF_ALIKE, hinges, if_alike, why_open
from evalharness.report.by_task import task_words
from evalharness.report.daily_work import practice
from evalharness.report.describing import with_limits
from evalharness.report.fitting import ENDLESS
from evalharness.report.html import render_html
from evalharness.report.junit import render_junit
from evalharness.report.markdown import render_markdown
from evalharness.report.view import View


@cache
def evidence(kind: str) -> Evidence:
    return read_evidence(evidence_bytes(build("binary") if kind == "independent" else uneven(FEW if kind == "few" else MANY)))


@cache
def view(kind: str) -> View:
    return build_view(evidence(kind))


def of(kind: str, requirement: str) -> FindingPart:
    return next(f for f in evidence(kind).findings if f.requirement == requirement)


@pytest.mark.parametrize(
    ("kind", "would"), [("few", "it would be at least 96.1\u00a0%, which meets the goal"), ("many", "it would just miss the goal")]
)
def test_page_one_says_what_the_bound_would_be(kind: str, would: str):
    whole_page = build_view(evidence(kind), ENDLESS).page_one
    first = next(d for d in whole_page.deciders if d.asked.startswith("At least 95"))
    assert first.mark.outcome == "not_demonstrated"
    whole = f"If large clusters (such as long conversations) came out like small ones, {would}. This cannot be taken for granted."
    assert whole in first.more


def test_a_bound_that_misses_by_more_is_told():
    text = why_open(of("many", "recall"), (0.8, 0.92), task_words(evidence("many")))
    assert "it would be at most 92.0\u00a0%, which misses the goal" in text


@pytest.mark.parametrize("kind", ["few", "many"])
def test_a_section_has_the_bounds_that_decide_and_beside_them_the_narrower_ones(kind: str):
    section = next(s for s in view(kind).requirements if s.id == "recall")
    facts, finding = dict(section.facts), of(kind, "recall")
    assert finding.lower is not None
    assert facts["95\u00a0% sure: at least"].startswith(f"{finding.lower * 1000 // 1 / 10:.1f}")
    narrower = Narrower(evidence(kind)).of(finding)
    assert narrower is not None
    assert facts[IF_ALIKE] == if_alike(finding, narrower)
    assert "large clusters come out worse" in facts["That is"]
    assert "exact" not in facts["That is"]


def test_strokes_are_drawn_where_the_narrower_bounds_lie_apart_and_explained():
    section = next(s for s in view("few").requirements if s.id == "recall")
    chart = section.chart
    assert chart is not None
    (row,) = chart.rows
    assert row.narrower
    assert all(row.low_x is not None and x > row.low_x for x in row.narrower)
    assert chart.note.startswith("The short strokes")
    page = render_html(evidence("few")).decode()
    assert page.count("The short strokes") == sum(bool(s.chart and s.chart.note) for s in view("few").requirements)
    assert page.count('stroke-width="1.5"') >= 2


def test_the_table_of_groups_says_which_of_them_hinges_on_it():
    table = next(s for s in view("few").requirements if s.id == "recall-everyone").table
    assert table is not None
    assert IF_ALIKE in table.columns
    rows = {row[0]: row for row in table.rows}
    assert rows["sex M"][1].endswith("not demonstrated; meets the goal, if large clusters came out like small ones")
    assert rows["sex F"][1].endswith("met")
    assert rows["sex M"][table.columns.index(IF_ALIKE)].startswith("at least 95.5")


def test_markdown_and_junit_say_it_too():
    text = render_markdown(evidence("few")).decode()
    assert text.count("which meets the goal. This cannot be taken for granted") >= 2
    cases = ET.fromstring(render_junit(evidence("few"))).iter("testcase")  # noqa: S314 - our own bytes
    failure = next(case.find("failure") for case in cases if case.get("name") == "recall")
    assert failure is not None
    assert "came out like small ones, it would be at least 96.1" in (failure.get("message") or "")
    assert "if large clusters were sure to come out like small ones the lower bound would be 0.96" in (failure.text or "")


def test_nothing_is_said_of_it_where_items_are_independent():
    told = (
        render_html(evidence("independent")) + render_markdown(evidence("independent")) + render_junit(evidence("independent"))
    ).decode()
    assert IF_ALIKE not in told
    assert "The short strokes" not in told
    assert "came out like small ones" not in told


def test_every_figure_of_the_report_has_the_interval_that_decides():
    figures, task = {e.metric: e for e in evidence("few").translation}, task_words(evidence("few"))
    missed = figures["missed_per_1000"]
    assert missed.by_size is not None
    assert missed.by_size[1] is not None
    assert missed.upper is not None
    assert missed.by_size[1] > missed.upper + 0.1
    row = next(iter(practice(evidence("few"), task)))
    assert float(row.per_thousand_bound) == pytest.approx(missed.by_size[1], rel=0.05)
    recall = next(e for e in evidence("few").estimates if e.metric == "recall" and not e.group and not e.between)
    assert recall.by_size is not None
    assert recall.by_size[0] is not None
    least = f"{recall.by_size[0] * 1000 // 1 / 10:.1f}"
    assert re.fullmatch(rf"98\.6.% \({re.escape(least)}.% to 99\.7.%\)", with_limits(recall))


def test_an_outcome_hinges_only_where_the_pairs_decide_differently():
    few = of("few", "recall")
    assert hinges(few, None) == ""
    assert hinges(few, (few.lower, few.upper)) == ""
    assert hinges(few, (0.96, 0.99)) == "meets"
    assert hinges(few, (0.9, 0.94)) == "misses"
    assert hinges(few, (None, None)) == ""
    assert hinges(few.model_copy(update={"outcome": "met"}), (0.96, 0.99)) == ""
    gap = of("few", "recall-gap")
    assert hinges(gap, (0.0, 0.05)) == "meets"
    assert hinges(gap, (0.07, 0.09)) == "misses"
    assert why_open(gap, (0.07, 0.09), task_words(evidence("few"))).startswith(
        "If large clusters (such as long conversations) came out like"
    )
    assert if_alike(few, (None, 0.99)).startswith("no lower bound, at most 99")
