"""The gate's answer as SARIF and as JUnit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gate_worlds import WORLD, World, case_of

from evalharness.admission.decide import decide
from evalharness.admission.decision import CODES, Decision
from evalharness.admission.junit import junit_text
from evalharness.admission.sarif import sarif_text
from evalharness.errors import BadInput
from evalharness.workflows.gate_files import AnswerFiles

BLOCKED: World = {**WORLD, "card": False, "asked": 1}


def decided(world: World = WORLD, model: str = "vendor") -> Decision:
    case = case_of(world)
    return decide(replace(case, asked=replace(case.asked, model=model)))


def cases(decision: Decision) -> dict[str, list[str]]:
    """Names of the test cases, and the texts of those that fail."""
    suite = ElementTree.fromstring(junit_text(decision))  # noqa: S314  our own text
    assert int(suite.attrib["tests"]) == len(suite)
    found = {case.attrib["name"]: [failure.text or "" for failure in case] for case in suite}
    assert int(suite.attrib["failures"]) == sum(bool(texts) for texts in found.values())
    return found


def test_junit_has_a_case_for_the_answer_and_for_every_code() -> None:
    found = cases(decided())
    assert len(found) == 1 + len(CODES)
    assert not any(found.values())


def test_junit_fails_where_the_gate_blocks() -> None:
    found = cases(decided(BLOCKED))
    assert found["approved for local"] == ["blocked (11)"]
    assert len([name for name, texts in found.items() if texts]) == 3
    assert any("no card" in text for texts in found.values() for text in texts)


def test_junit_stays_xml_whatever_the_names_hold() -> None:
    hostile = "<&\"'\x00\x1b]]>\n"
    assert cases(decided(BLOCKED, hostile))


def test_sarif_has_one_result_for_each_reason() -> None:
    decision = decided(BLOCKED)
    run = json.loads(sarif_text(decision, "1"))["runs"][0]
    assert [(r["ruleId"], r["message"]["text"]) for r in run["results"]] == [(f"gate-{r.code}", r.text) for r in decision.reasons]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[r["ruleIndex"]] for r in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert run["invocations"][0]["exitCode"] == 11
    assert run["properties"]["approved"] is False


def test_sarif_without_results_is_an_approval_and_says_so() -> None:
    run = json.loads(sarif_text(decided(), "1"))["runs"][0]
    assert run["results"] == []
    assert run["properties"]["approved"] is True


def test_an_old_answer_is_removed_before_the_question_is_asked(tmp_path: Path) -> None:
    files = AnswerFiles(sarif=tmp_path / "a.sarif", junit=tmp_path / "a.xml")
    for name in ("a.sarif", "a.xml"):
        (tmp_path / name).write_text("an old answer")
    files.clear()
    assert list(tmp_path.iterdir()) == []
    files.write(decided())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sarif", "a.xml"]


def test_files_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput):
        AnswerFiles(sarif=tmp_path / "folder", junit=None).clear()
    with pytest.raises(BadInput):
        AnswerFiles(sarif=tmp_path / "same", junit=tmp_path / "same").clear()
