"""The first control question: the answer must be page one's figure, to the decimals that page one prints."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from evidence_fixture import build
from task_evidence import TASKS
from task_evidence import build as task_document

from evalharness.errors import BadInput
from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report.faces import render
from evalharness.signoff.control import expected_missed, missed_agrees, read_missed, typed_agrees


@cache
def document() -> dict[str, Any]:
    return build(kind="met", total=3_000)


def evidence(value: float | None) -> Evidence:
    found = next(e for e in document()["translation"] if e["metric"] == "missed_per_1000")
    found["value"] = value
    return read_evidence(evidence_bytes(document()))


@pytest.mark.parametrize(
    ("value", "figure"), [(3.1873, "3.2"), (5.0, "5"), (0.0312, "0.031"), (0.0, "0"), (123.4, "123"), (1000.0, "1000"), (9.96, "10")]
)
def test_the_expected_answer_is_the_figure_that_page_one_prints(value: float, figure: str) -> None:
    assert expected_missed(evidence(value)) == figure
    page = render(evidence(value), "md").decode().partition("\n---\n")[0]
    row = next(line for line in page.split("\n") if line.startswith("| Relevant items set aside"))
    assert float(row.split("|")[2].strip().replace(",", "")) == float(figure)


@pytest.mark.parametrize("answer", ["3.2", "3.1873", "3.24", "3.15"])
def test_an_answer_agrees_when_it_rounds_to_the_figure(answer: str) -> None:
    assert typed_agrees(evidence(3.1873), answer)


@pytest.mark.parametrize(("value", "typed"), [(5.0, "5"), (5.0, "5.04"), (1000.0, "1000"), (0.0, "0.04"), (9.96, "10")])
def test_a_figure_with_a_needless_zero_is_answered_with_or_without_it(value: float, typed: str) -> None:
    assert typed_agrees(evidence(value), typed)


@pytest.mark.parametrize(("answer", "agrees"), [("3.2", True), ("3.1873", False), ("3.20", False), ("3.24", False), ("", False)])
def test_a_decision_says_the_figure_itself_and_no_other_number_that_rounds_to_it(answer: str, agrees: bool) -> None:
    assert missed_agrees(evidence(3.1873), answer) is agrees


@pytest.mark.parametrize("answer", ["3", "3.3", "3.1", "0", "32", "-3.2", "", "nan", "inf", "1e400", "9" * 60, "3.2 or so"])
def test_any_other_answer_does_not_agree(answer: str) -> None:
    assert not missed_agrees(evidence(3.1873), answer)
    assert not typed_agrees(evidence(3.1873), answer)


@pytest.mark.parametrize("answer", ["0", "", "nan", "—"])
def test_without_a_figure_no_answer_agrees(answer: str) -> None:
    assert expected_missed(evidence(None)) == ""
    assert not missed_agrees(evidence(None), answer)
    assert not typed_agrees(evidence(None), answer)


@pytest.mark.parametrize(
    ("typed", "read"), [("3.2", "3.2"), (" 3.20 ", "3.2"), ("5.0", "5"), ("1,000", "1000"), ("0", "0"), ("0.031", "0.031")]
)
def test_an_answer_is_read_as_one_decimal_text(typed: str, read: str) -> None:
    assert read_missed(typed) == read


@pytest.mark.parametrize("typed", ["", "3,2", "three", "-1", "1e3", "0x3", "٣", "3.2.1", "00", "1,00"])
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="not a number"):
        read_missed(typed)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_figure_that_a_signer_who_read_page_one_knows(task: str) -> None:
    told = read_evidence(evidence_bytes(task_document(task)))
    figure = expected_missed(told)
    page = render(told, "md").decode().partition("\n---\n")[0].split("## What it means in daily work")[1]
    first = next(line for line in page.split("\n") if line.startswith("| ") and not line.startswith(("| |", "| ---")))
    assert float(first.split("|")[2].strip().replace(",", "")) == float(figure)
    assert typed_agrees(told, figure)
    assert missed_agrees(told, figure)
    assert not missed_agrees(told, "999.9")
