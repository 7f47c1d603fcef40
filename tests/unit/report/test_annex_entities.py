"""The section on whole entities: everything beside what was put forward."""

from __future__ import annotations

from described_evidence import linkage_document
from task_evidence import build

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.consistency import inconsistencies
from evalharness.evidence.schema import Evidence
from evalharness.report import numbers
from evalharness.report.annex_described import described
from evalharness.report.annex_entities import entities_section
from evalharness.report.by_task import task_words
from evalharness.report.html import render_html
from evalharness.report.markdown import render_markdown
from evalharness.report.view import Section


def evidence_of(document: dict[str, object]) -> Evidence:
    return read_evidence(evidence_bytes(document))


def section(document: dict[str, object]) -> Section:
    (found,) = entities_section(evidence_of(document))
    return found


def test_the_evidence_of_links_is_in_order() -> None:
    assert inconsistencies(evidence_of(linkage_document())) == ()


def test_it_says_what_is_lost_before_the_classifier_and_what_would_set_it_right() -> None:
    evidence = evidence_of(linkage_document())
    values = {e.metric: e.value for e in (*evidence.estimates, *evidence.described) if not e.group}
    first, second, *_ = section(linkage_document()).paragraphs
    assert numbers.percent(values["pairwise_recall"]) in first
    assert numbers.percent(values["pairwise_recall_inside_candidates"]) in first
    assert "no threshold brings it back" in first
    assert f"cut off {values['splits']:.0f} pieces" in second
    assert f"join {values['merges']:.0f} pieces" in second


def test_whoever_names_entities_may_join_what_nobody_put_forward() -> None:
    first = section(linkage_document(named=True)).paragraphs[0]
    assert "no threshold" not in first
    assert "may also join records" in first


def test_bars_show_what_goes_wrong_from_zero() -> None:
    wide, phone = section(linkage_document()).bars
    assert (wide.phone, phone.phone) == (False, True)
    assert [bar.plain for bar in wide.bars] == [True, False] * 4
    evidence = evidence_of(linkage_document())
    missed = next(e.value for e in evidence.estimates if e.metric == "pairwise_recall" and not e.group)
    assert missed is not None
    assert wide.bars[0].text.text == numbers.fine(round(1 - missed, 10))
    assert all(len(bar.name.text) * 6.6 < phone.width for bar in phone.bars)


def test_few_entities_show_no_bounds_and_groups_have_tables() -> None:
    few = section(linkage_document(entities=15))
    steps = few.tables[1]
    assert not any("(" in cell for row in steps.rows for cell in row[1:])
    assert sum("of the entity" in table.caption for table in few.tables) == 2


def test_its_own_section_stands_for_the_list_of_all_measures() -> None:
    evidence = evidence_of(linkage_document())
    assert [s.anchor for s in described(evidence, task_words(evidence))] == ["entities"]
    assert entities_section(evidence_of(build("linkage"))) == ()


def test_both_faces_show_it() -> None:
    evidence = evidence_of(linkage_document())
    for face in (render_html(evidence).decode(), render_markdown(evidence).decode()):
        assert "Whole entities, and what was put forward" in face
        assert "What would set the entities right" in face
