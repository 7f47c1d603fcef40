"""Page one says `failed` only of what stands after correction for the number of checks."""

from __future__ import annotations

from typing import Any

from evidence_fixture import build

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.report.faces import faces


def page_one(document: dict[str, Any]) -> str:
    text = faces(read_evidence(evidence_bytes(document)))["report.md"].decode()
    return text[: text.index("What signing would mean")].replace("\\", "")


def lost(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [f for f in document["findings"] if f["outcome"] == "not_met"]


def test_what_stands_after_correction_failed() -> None:
    document = build()
    assert len(lost(document)) == 3
    page = page_one(document)
    assert "3 of 28 checks failed" in page
    assert "3 of 22 groups fail it" in page
    assert "not corrected" not in page


def test_what_does_not_stand_is_short_of_its_goal_by_its_own_bound() -> None:
    page = page_one(build(corrected=False))
    assert "3 of 28 checks are not met, which could be chance because many things were checked" in page
    assert "3 of 22 groups do not meet it, which could be chance because many things were checked" in page
    assert "fail" not in page.lower()


def test_both_are_counted_apart() -> None:
    document = build()
    lost(document)[-1]["corrected"] = False
    page = page_one(document)
    assert "3 of 28 checks are not met: 2 beyond doubt, 1 that could be chance because many things were checked" in page
    assert "3 of 22 groups do not meet it: 2 beyond doubt, 1 that could be chance because many things were checked" in page


def test_evidence_that_does_not_say_is_not_said_to_fail() -> None:
    document = build()
    for finding in lost(document):
        del finding["corrected"]
    assert "fail" not in page_one(document).lower()
