"""Runs of other tasks are signed as binary ones are: with page one's own figure, for exactly one operating point."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import signing
from command import evalharness
from signed_workspace import decide
from signing_desk import NOW, ORGANISATIONS, PEOPLE, SIGN_OFF, Desk, key
from small_workspace import SmallWorkspace, policy

from evalharness.errors import BadInput
from evalharness.workflows import status
from evalharness.workflows.benchmarks import generate
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.lock import lock
from evalharness.workflows.status_desk import Issuer
from evalharness.workflows.under_lock import LockGiven

REFUSED = {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.05, "why": "w"}
RANKING = [{"id": "found", "metric": "recall_at_budget", "at_least": 0.6, "why": "w"}, REFUSED]
ORDINAL = [{"id": "too-low", "metric": "under_grading_1", "at_most": 0.4, "why": "w"}, REFUSED]
LEVELS = ["none", "C", "B", "A"]


def leads(rows: int = 800) -> pd.DataFrame:
    """Twenty days of forty leads; relevant ones tend to score higher."""
    rng = np.random.default_rng(5)
    relevant = rng.random(rows) < 0.1
    return pd.DataFrame(
        {
            "item_id": [f"lead-{i:04d}" for i in range(rows)], "y_true": np.where(relevant, "1", "0"), "sex": rng.choice(["F", "M"], rows),
            "race": rng.choice(["A", "B"], rows), "day": [f"day-{i // 40:02d}" for i in range(rows)],
            "at": [float(i % 40) for i in range(rows)], "score": (relevant * 0.5 + rng.random(rows) / 2).round(4),
        }
    )  # fmt: skip


def grades(rows: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(6)
    true = rng.integers(0, 4, rows)
    given = np.clip(true + rng.choice([-1, 0, 1], rows, p=[0.1, 0.8, 0.1]), 0, 3)
    return pd.DataFrame(
        {
            "item_id": [f"item-{i:04d}" for i in range(rows)], "y_true": np.array(LEVELS)[true], "sex": rng.choice(["F", "M"], rows),
            "race": rng.choice(["A", "B"], rows), "label": np.array(LEVELS)[given],
        }
    )  # fmt: skip


def opened(root: Path, rows: pd.DataFrame, document: dict[str, Any], declared: dict[str, Any], *, now: datetime | None = NOW) -> Desk:
    """Everything up to the signed test result. now: the clock; None: the machine's."""
    said = "label" if document["task"] == "ordinal" else "score"
    root.mkdir()
    files = SmallWorkspace(root, rows.rename(columns={said: "score"}), document).write()
    files.write_benchmark(task=document["task"], **declared)
    files.write_predictions(rows[["item_id", said]])
    files.write_card(**({"classes": LEVELS} if document["task"] == "ordinal" else {}))
    generate("small", root)
    office = signing.Office(root, people=PEOPLE, organisations=ORGANISATIONS)
    made = lock("small", "vendor", key=key(office, "ben"), workspace=root, now=now)
    later = None if now is None else now + timedelta(minutes=1)
    given = LockGiven(file=made.path, key=key(office, "ben"))
    run = evaluate("small", "vendor", workspace=root, lock=given, at=later, now=later, out=root / "reports" / "run-1")
    return Desk(root=root, run=run.folder, office=office)


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return _ranked(tmp_path_factory.mktemp("ranked") / "w")


def _ranked(root: Path, now: datetime | None = NOW) -> Desk:
    document = policy(task="ranking", operating_point={"budget_per_day": 10}, requirements=RANKING, sign_off=SIGN_OFF)
    columns = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"], "queue": "day", "arrived": "at"}
    return opened(root, leads(), document, {"columns": columns}, now=now)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    document = policy(task="ordinal", operating_point={"rule": "label"}, requirements=ORDINAL, sign_off=SIGN_OFF)
    return opened(tmp_path_factory.mktemp("graded") / "w", grades(), document, {"positive": None, "levels": LEVELS})


@pytest.fixture(autouse=True)
def unpinned() -> Iterator[None]:
    """No root is pinned from outside."""
    before = os.environ.pop("EVALHARNESS_ROOT", None)
    yield
    if before is not None:
        os.environ["EVALHARNESS_ROOT"] = before


def test_an_approval_of_a_daily_budget_is_for_exactly_that_budget(ranked: Desk, tmp_path: Path) -> None:
    desk = ranked.copy(tmp_path / "w")
    last = desk.approve_all()
    point = last.predicate.operating_point
    assert (point.rule, point.budget_per_day, point.top_band) == ("budget", 10, None)
    assert "exactly this classifier, daily budget, test data and policy" in last.predicate.sentence
    page = desk.page()
    assert "Each day the 10 leads with the highest scores are looked at" in page
    assert "Relevant leads that nobody looks at on their day, of 1,000" in page


def test_the_gate_admits_one_daily_budget_and_no_other(tmp_path: Path) -> None:
    space = _ranked(tmp_path / "w", now=None)
    clerk = Issuer(key=key(space.office, "ben"), workspace=space.root)
    status.refresh(clerk)
    decide(space.root, space.run, space.office)
    status.refresh(clerk)
    answer = gate("small", "vendor", workspace=space.root)
    assert answer.code == 0, answer.reasons
    file = space.root / "policies" / "small.yaml"
    text = file.read_text()
    assert text.count('"budget_per_day": 10') == 1
    file.write_text(text.replace('"budget_per_day": 10', '"budget_per_day": 11'))
    answer = gate("small", "vendor", workspace=space.root)
    assert answer.code == 13
    assert any("another operating point" in reason.text for reason in answer.reasons)


@pytest.mark.parametrize("desk", ["ranked", "graded"])
def test_who_has_not_read_page_one_cannot_approve(desk: str, request: pytest.FixtureRequest) -> None:
    scene: Desk = request.getfixturevalue(desk)
    with pytest.raises(BadInput, match="does not agree with the report"):
        scene.sign("ben", "approve", scene.answers(accept_risk="", missed_per_1000="777.7"))


def test_an_ordinal_run_is_approved_with_what_is_graded_too_low(graded: Desk, tmp_path: Path) -> None:
    desk = graded.copy(tmp_path / "w")
    last = desk.approve_all()
    assert last.predicate.control is not None
    document = json.loads((desk.run / "evidence.json").read_bytes())
    figure = next(e["value"] for e in document["translation"] if e["metric"] == "graded_too_low_per_1000")
    assert float(last.predicate.control.missed_per_1000) == pytest.approx(figure, rel=0.05)
    assert "exactly this classifier, test data and policy" in last.predicate.sentence
    assert "Items graded too low, in 1,000 items of any kind" in desk.page()
    verified = evalharness("verify", desk.run, "--workspace", desk.root)
    assert verified.code == 0, verified.out + verified.err
