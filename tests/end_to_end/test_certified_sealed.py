"""A certified threshold on sealed items: those on which it is found and certified did not exist when the model was locked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml_text
from sealed_workspace import NAME, POLICY, REQUIREMENTS, approved, locked, run_under, sealed_workspace
from signed_workspace import SIGN_OFF
from small_workspace import policy

from evalharness.errors import EvalharnessError
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.sealing import open_seal
from evalharness.workflows.verify import verify_run

TARGETS = [{"metric": "recall", "at_least": 0.2}, {"metric": "recall", "at_least": 0.05, "for_each": ["sex"]}]
CERTIFY = {"certify": {"targets": TARGETS, "steps": 25}}
LAXER = {"certify": {"targets": [{"metric": "recall", "at_least": 0.01}], "steps": 25}}


def evidence_of(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "evidence.json").read_bytes())
    return found


def test_it_is_found_on_items_that_nobody_had_and_the_report_says_no_supplier_saw_them(tmp_path: Path) -> None:
    root = tmp_path / "w"
    office = sealed_workspace(root)
    document = policy(requirements=REQUIREMENTS, sign_off=SIGN_OFF, benchmark=NAME, sealed=True, operating_point=CERTIFY)
    (root / "policies" / f"{POLICY}.yaml").write_text(yaml_text.dump(document))
    practice = evidence_of(evaluate(POLICY, "one", workspace=root).folder)
    lock = locked(root, office, "one").path
    open_seal(NAME, workspace=root)
    run = run_under(root, office, "one", lock)
    evidence = evidence_of(run.folder)
    found, before = evidence["oversight"]["certify"], practice["oversight"]["certify"]
    assert evidence["benchmark"]["seed"] != practice["benchmark"]["seed"]
    assert [one["counts"] for one in found["tried"]] != [one["counts"] for one in before["tried"]], "other items"
    assert found["level"] == evidence["lock"]["level"] > 0.95
    assert evidence["operating_point"]["threshold"] == found["threshold"] is not None
    seen = "the supplier may have seen"
    assert any(seen in limit for limit in practice["limits"])
    assert not any(seen in limit for limit in evidence["limits"])
    assert "The supplier may have seen the items on which it was certified." not in (run.folder / "report.md").read_text()
    assert "was certified on" in (run.folder / "report.md").read_text()
    assert verify_run(run.folder, workspace=root, replay=True).code == 0
    approved(root, office, run)
    assert gate(POLICY, "one", workspace=root).code == 0


@pytest.mark.parametrize("point", [CERTIFY, LAXER], ids=["as-locked", "laxer"])
def test_a_search_that_changes_after_the_opening_does_not_run_under_the_lock(tmp_path: Path, point: dict[str, Any]) -> None:
    root = tmp_path / "w"
    office = sealed_workspace(root)
    file = root / "policies" / f"{POLICY}.yaml"
    block = {"requirements": REQUIREMENTS, "sign_off": SIGN_OFF, "benchmark": NAME, "sealed": True}
    file.write_text(yaml_text.dump(policy(**block, operating_point=CERTIFY)))
    lock = locked(root, office, "one").path
    open_seal(NAME, workspace=root)
    file.write_text(yaml_text.dump(policy(**block, operating_point=point)))
    if point is CERTIFY:
        assert run_under(root, office, "one", lock).attempt is not None
        return
    with pytest.raises(EvalharnessError, match="policy"):
        run_under(root, office, "one", lock)
