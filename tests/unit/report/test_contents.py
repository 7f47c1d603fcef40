"""Order of the annex, its table of contents, and what each section says that it is for."""

from __future__ import annotations

import re

import pytest
from task_evidence import TASKS, build

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report.build import build_view
from evalharness.report.by_task import task_words
from evalharness.report.contents import PARTS, arranged, contents
from evalharness.report.html import render_html
from evalharness.report.view import Section


def evidence_of(task: str) -> Evidence:
    return read_evidence(evidence_bytes(build(task)))


ANCHORS = [anchor for _, sections in PARTS for anchor, _ in sections]


@pytest.mark.parametrize("task", TASKS)
def test_every_section_stands_once_in_the_contents_and_in_their_order(task: str) -> None:
    view = build_view(evidence_of(task))
    listed = [entry for part in view.contents for entry in part.entries]
    assert listed[0] == ("requirements", "Requirement by requirement")
    assert listed[1:] == [(section.anchor, section.title) for section in view.sections]
    assert all(part.entries for part in view.contents)
    html = render_html(evidence_of(task)).decode()
    nav = re.search(r'<nav class="contents".*?</nav>', html, re.DOTALL)
    assert nav is not None
    assert re.findall(r'href="#([^"]+)"', nav[0]) == [anchor for anchor, _ in listed]


@pytest.mark.parametrize("task", TASKS)
def test_sections_say_first_what_they_are_for(task: str) -> None:
    for section in build_view(evidence_of(task)).sections:
        begins = section.purpose or (section.paragraphs or ("",))[0] or section.title * (section.anchor == "glossary")
        assert begins, section.anchor
        assert not set("{}‹›") & set(section.purpose)


def test_sections_come_in_reading_order_whatever_order_they_were_made_in() -> None:
    words = task_words(evidence_of("binary"))
    made = [Section(anchor=anchor, title=anchor) for anchor in reversed(ANCHORS)]
    assert [section.anchor for section in arranged(made, words)] == ANCHORS
    assert [part.heading for part in contents([])] == ["What was found"], "a heading without sections is left out"
    with pytest.raises(KeyError):
        arranged([Section(anchor="nowhere", title="x")], words)
