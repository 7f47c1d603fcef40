"""A certified threshold under a lock: judged at the level of the attempt, approved with the evidence, held against the deployment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import signed_workspace
import yaml_text
from signed_workspace import MODEL, POLICY, SignedWorkspace, signed
from small_workspace import SmallWorkspace, table

from evalharness.workflows.gate import gate
from evalharness.workflows.verify import verify_run

CERTIFY = {"certify": {"targets": [{"metric": "recall", "at_least": 0.85}], "steps": 30}}


def with_splits(root: Path, rows: int = 1_500, **changes: Any) -> SmallWorkspace:
    items = table(rows).drop(columns="race")
    items["split"] = np.array(["train", "calibration", "test"])[np.arange(rows) % 3]
    space = signed_workspace.small(root, rows, operating_point=CERTIFY, **changes)
    space.rows = items
    space.write_table(items.drop(columns="score"))
    space.write_predictions(items[["item_id", "score"]])
    space.write_card(MODEL)
    (space.benchmark / "manifest.json").unlink()
    space.write_benchmark(columns={"id": "item_id", "label": "y_true", "features": [], "groups": ["sex"], "split": "split"})
    signed_workspace.open_benchmark(space.benchmark)
    return space


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> SignedWorkspace:
    with pytest.MonkeyPatch.context() as patch:
        plain = signed_workspace.small
        patch.setattr(signed_workspace, "small", lambda root, rows: _made(root, rows, plain))
        return signed(tmp_path_factory.mktemp("approved") / "w", rows=1_500)


def _made(root: Path, rows: int, plain: Any) -> SmallWorkspace:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signed_workspace, "small", plain)
        return with_splits(root, rows)


def threshold_of(space: SignedWorkspace) -> float:
    evidence = json.loads((space.run / "evidence.json").read_bytes())
    assert evidence["operating_point"]["chosen"] == "certified"
    found: float = evidence["operating_point"]["threshold"]
    return found


def deployment(path: Path, **changes: Any) -> Path:
    document = {"schema": "evalharness/deployment/v1", "claim": "rehearsal", "stream": "synthetic", "volume_per_week": 100, "unit": "one"}
    path.write_text(yaml_text.dump({**document, **changes}))
    return path


def test_the_gate_lets_through_what_was_certified_and_approved(approved: SignedWorkspace) -> None:
    found = gate(POLICY, MODEL, workspace=approved.root)
    assert found.code == 0, found.reasons
    assert verify_run(approved.run, workspace=approved.root).code == 0


def test_the_certificate_is_at_the_level_of_the_attempt(approved: SignedWorkspace) -> None:
    evidence = json.loads((approved.run / "evidence.json").read_bytes())
    assert evidence["oversight"]["certify"]["level"] == evidence["lock"]["level"] > 0.95
    lock = json.loads((approved.run / "statements" / "test-result.dsse.json").read_bytes())
    assert lock["payload"]


@pytest.mark.parametrize(("off", "code"), [(0.0, 0), (0.01, 12), (None, 12)])
def test_a_deployment_uses_exactly_that_threshold(approved: SignedWorkspace, tmp_path: Path, off: float | None, code: int) -> None:
    told = {} if off is None else {"threshold": threshold_of(approved) + off}
    found = gate(POLICY, MODEL, workspace=approved.root, deployment=deployment(tmp_path / "d.yaml", **told))
    assert found.code == code, found.reasons
    assert (code == 0) == (not any("threshold" in reason.text for reason in found.reasons))


def test_another_threshold_in_the_evidence_voids_the_approval(approved: SignedWorkspace, tmp_path: Path) -> None:
    run = approved.run / "evidence.json"
    before = run.read_bytes()
    evidence = json.loads(before)
    evidence["operating_point"]["threshold"] = evidence["oversight"]["certify"]["start"]
    try:
        run.write_bytes(json.dumps(evidence, sort_keys=True, separators=(",", ":")).encode())
        assert gate(POLICY, MODEL, workspace=approved.root).code == 13
    finally:
        run.write_bytes(before)
