"""The section on who waits: what a board reads first, and that every figure is one of the evidence."""

from __future__ import annotations

import re

from described_evidence import BUDGET, ranking_document
from task_evidence import build

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.consistency import inconsistencies
from evalharness.evidence.schema import Evidence
from evalharness.report import numbers
from evalharness.report.annex_described import described
from evalharness.report.annex_order import order_section
from evalharness.report.by_task import task_words
from evalharness.report.html import render_html
from evalharness.report.markdown import render_markdown
from evalharness.report.view import Section


def evidence_of(document: dict[str, object]) -> Evidence:
    return read_evidence(evidence_bytes(document))


def section(document: dict[str, object]) -> Section:
    (found,) = order_section(evidence_of(document))
    return found


def value(evidence: Evidence, metric: str) -> float:
    found = next(e.value for e in evidence.described if e.metric == metric and not e.group)
    assert found is not None
    return found


def test_the_evidence_of_an_order_is_in_order() -> None:
    assert inconsistencies(evidence_of(ranking_document())) == ()


def test_it_begins_with_how_long_the_ones_left_behind_wait_in_three_orders() -> None:
    evidence = evidence_of(ranking_document(strength=0.1))
    first = section(ranking_document(strength=0.1)).paragraphs[0]
    for end in ("", "_first_in_first_out", "_random_order"):
        place, wait = value(evidence, "median_rank_of_missed" + end), value(evidence, "median_wait_of_missed" + end)
        assert f"at place {place:.0f} (after {numbers.count(round(wait)) if wait.is_integer() else numbers.plain(wait)} minutes" in first
    assert first.index("First in, first out") < first.index("in random order")
    assert f"daily budget of {BUDGET}" in first


def test_nobody_left_behind_is_said_so() -> None:
    assert section(ranking_document(strength=9.0)).paragraphs[0] == f"No relevant lead was left beyond the daily budget of {BUDGET}."


def test_what_is_not_known_is_left_out_of_the_sentences() -> None:
    bare = section(ranking_document(strength=0.1, minutes=False, arrived=False))
    text = " ".join(bare.paragraphs)
    assert "minutes" not in text
    assert "irst in, first out" not in text
    assert "true chances" not in text
    assert "in random order" in text
    assert [line.name for line in bare.curves[0].lines] == ["this classifier", "random order"]


def test_lines_can_be_told_apart_without_colours_and_the_budget_is_marked() -> None:
    (chart,) = section(ranking_document()).curves
    assert len({line.style for line in chart.lines}) == len(chart.lines) == 4
    assert chart.marked_text == f"daily budget: {BUDGET}"
    assert str(BUDGET) in chart.description


def test_few_days_show_no_bounds() -> None:
    table = section(ranking_document(days=12, strength=0.1)).tables[0]
    assert not any("(" in cell for row in table.rows for cell in row[2:])
    drawn = section(ranking_document(strength=0.1)).tables[0]
    assert any("(" in cell for row in drawn.rows for cell in row[2:])


def test_its_own_section_stands_for_the_list_of_all_measures() -> None:
    evidence = evidence_of(ranking_document())
    assert [s.anchor for s in described(evidence, task_words(evidence))] == ["order"]
    assert order_section(evidence_of(build("ranking"))) == ()


def test_both_faces_show_it() -> None:
    evidence = evidence_of(ranking_document(strength=0.1))
    page, text = render_html(evidence).decode(), render_markdown(evidence).decode()
    for face in (page, text):
        assert "Who waits, and how long" in face
        assert "Other daily budgets" in face
    assert re.search(r'<svg[^>]*aria-labelledby="chart-budgets-title', page)
    assert "Relevant leads found against leads looked at in a day" in text
