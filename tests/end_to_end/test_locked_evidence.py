"""A run under a lock is measured, judged, verified and replayed at the level of its attempt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy

from evalharness.evidence import evidence_as_written, evidence_bytes, read_evidence
from evalharness.evidence.store import read_run, sums, write_run
from evalharness.files.workspace import find_workspace
from evalharness.records import Attempt, attempt_level
from evalharness.records.progress import silent, unheard
from evalharness.report.faces import faces
from evalharness.workflows.counting import count
from evalharness.workflows.document import evidence_document
from evalharness.workflows.inputs import Request, read_inputs
from evalharness.workflows.verify import verify_run

CREATED = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECOND = Attempt(lock="sha256:" + "cd" * 32, campaign="small/a supplier", number=2, level=attempt_level(0.95, 2))
COSTS = {"minutes": {"true_relevant": {"review": 3}}, "elicited": {"stated_by": "a test", "on": "2026-11-01"}}
PEOPLE = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    SmallWorkspace(root, document=policy(costs=COSTS, human_in_the_loop=PEOPLE)).write().write_card()
    return root


def document(place: Path, attempt: Attempt | None) -> dict[str, Any]:
    inputs = read_inputs(find_workspace(place), Request(policy="small", model="vendor"), CREATED, silent, unheard)
    return evidence_document(inputs, count(inputs, silent), CREATED, attempt)


def written(folder: Path, evidence: dict[str, Any]) -> Path:
    data = evidence_bytes(evidence)
    write_run(folder, {"evidence.json": data, **faces(evidence_as_written(data))})
    return folder


@pytest.fixture
def run(place: Path, tmp_path: Path) -> Path:
    return written(tmp_path / "run", document(place, SECOND))


def test_everything_is_computed_at_the_level_of_the_attempt(place: Path) -> None:
    locked, practice = document(place, SECOND), document(place, None)
    assert locked["lock"] == {"digest": SECOND.lock, "campaign": SECOND.campaign, "attempt": 2, "level": SECOND.level}
    assert "lock" not in practice
    for part in ("estimates", "translation", "findings"):
        assert {record["level"] for record in locked[part]} == {SECOND.level}
        assert {record["level"] for record in practice[part]} == {0.95}
    for strict, mild in zip(locked["findings"], practice["findings"], strict=True):
        assert strict["value"] == mild["value"]
        assert strict["lower"] < mild["lower"] or mild["lower"] == 0
        assert strict["upper"] > mild["upper"] or mild["upper"] == 1
        assert strict["needed"] > mild["needed"]


def test_a_locked_run_verifies_and_replays_with_its_lock(run: Path, place: Path) -> None:
    found = verify_run(run, replay=True, workspace=place)
    assert (found.code, found.problems, len(found.checked)) == (0, (), 8)


def test_statements_and_pages_that_come_later_leave_the_report_as_it_is(run: Path) -> None:
    (run / "statements").mkdir()
    (run / "statements" / "test-result.dsse.json").write_bytes(b"{}")
    for name in ("decision.html", "decision.json", "decision.md"):
        (run / name).write_bytes(b"drawn anew after each decision")
    assert read_run(run).problems == ()
    assert evalharness("report", run, "--format", "md").out == (run / "report.md").read_text()


def forged(run: Path, change: Callable[[dict[str, Any]], object]) -> tuple[str, ...]:
    """What verification says once somebody with the harness at hand has changed the evidence and rewritten what follows from it."""
    evidence = json.loads((run / "evidence.json").read_bytes())
    change(evidence)
    data = evidence_bytes(evidence)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)
    return verify_run(run).problems


def at_once(evidence: dict[str, Any], attempt: int, confidence: float = 0.95) -> None:
    """Another attempt, its level written everywhere, without measuring again."""
    level = attempt_level(confidence, attempt)
    evidence["lock"] |= {"attempt": attempt, "level": level}
    for part in ("estimates", "translation", "findings"):
        for record in evidence[part]:
            record["level"] = level


@pytest.mark.parametrize("attempt", [1, 3])
def test_bounds_of_another_attempt_do_not_follow_from_the_tallies(run: Path, attempt: int) -> None:
    problems = forged(run, lambda evidence: at_once(evidence, attempt))
    assert any("does not follow from the tallies" in problem for problem in problems)


def test_a_lock_cannot_be_given_to_a_practice_run_afterwards(place: Path, tmp_path: Path) -> None:
    run = written(tmp_path / "run", document(place, None))
    lock = document(place, SECOND)["lock"]
    assert any("attempt 2 is judged at" in problem for problem in forged(run, lambda evidence: evidence.update(lock=lock)))


def test_a_replay_cannot_hide_that_another_level_was_used(place: Path, tmp_path: Path) -> None:
    mild = written(tmp_path / "mild", document(place, replace(SECOND, level=0.95)))
    found = verify_run(mild, replay=True, workspace=place)
    assert found.code == 13
    assert any("lock.level: 0.95 is recorded" in problem for problem in found.problems)
