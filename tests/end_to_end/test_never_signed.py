"""A run through a blind key serves to choose. It takes no lock, and one that was given a lock all the same is never signed or approved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import signing
from benchmark_folder import RECIPE, write_recipe
from command import evalharness
from signed_workspace import SIGN_OFF, key
from small_workspace import SmallWorkspace, policy

from evalharness.errors import BadInput, MissingSignOff
from evalharness.evidence.store import read_run
from evalharness.signoff import results
from evalharness.workflows import evaluate as evaluating
from evalharness.workflows import status, under_lock
from evalharness.workflows.benchmarks import generate
from evalharness.workflows.blind import export
from evalharness.workflows.decisions import Answers, sign_run
from evalharness.workflows.evaluate import Run, evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.lock import lock
from evalharness.workflows.status_desk import Issuer
from evalharness.workflows.under_lock import LockGiven
from evalharness.workflows.verify import verify_run

NAME = "small-triage"
REQUIREMENTS = [{"id": "recall", "metric": "recall", "at_least": 0.2, "why": "w"}]


@dataclass(frozen=True)
class Supplier:
    """Items that were exported for practice, answered with their labels, and a lock of those answers."""

    root: Path
    office: signing.Office
    lock: Path
    blind_key: Path

    @property
    def given(self) -> LockGiven:
        return LockGiven(file=self.lock, key=key(self.office, "ben"))


@pytest.fixture
def supplier(tmp_path: Path) -> Supplier:
    root = tmp_path / "w"
    recipe = {**RECIPE, "generate": {**RECIPE["generate"], "rows": 4_000}}
    write_recipe(root / "datasets_synthetic" / NAME, recipe)
    space = SmallWorkspace(root)
    space.policy_file.parent.mkdir(parents=True)
    space.predictions.parent.mkdir()
    space.write_policy(policy(requirements=REQUIREMENTS, sign_off=SIGN_OFF, benchmark=NAME, operating_point={"threshold": 0.5}))
    generate(NAME, workspace=root)
    made = export(NAME, tmp_path / "out", practice=True, workspace=root)
    answers = pd.read_parquet(tmp_path / "out" / "items.parquet", columns=["item_id"])
    space.write_predictions(answers.assign(score=1.0))
    space.write_card("vendor", classes=["not_relevant", "relevant"])
    office = signing.Office(root)
    office.write_version(office.next(signers=(*office.entries(), signing.entry("gil", "safeguarding"))))
    locked = lock("small", "vendor", key=key(office, "ben"), workspace=root)
    status.refresh(Issuer(key=key(office, "ben"), workspace=root))
    return Supplier(root=root, office=office, lock=locked.path, blind_key=made.key)


def forced(supplier: Supplier, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What somebody's own version, without the checks, makes of it, signed by a key that may."""
    with monkeypatch.context() as patch:
        patch.setattr(evaluating, "_check_not_both", lambda *_: None)
        patch.setattr(under_lock.UnderLock, "check", lambda *_: None)
        patch.setattr(results, "never_signed", lambda _: ())
        return evaluate("small", "vendor", workspace=supplier.root, lock=supplier.given, blind_key=supplier.blind_key)


def test_evaluate_takes_a_lock_or_a_blind_key_and_says_what_to_do_instead(supplier: Supplier) -> None:
    answer = evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--workspace", supplier.root, "--lock", supplier.lock,
        "--blind-key", supplier.blind_key, "--key", supplier.office.key("ben"),
    )  # fmt: skip
    assert answer.code == 2
    assert "a run through a blind key can never be signed, so it takes no lock" in answer.err
    assert "lock the model itself and run it here" in answer.err
    assert not list((supplier.root / "reports").glob("2*"))


def test_whatever_is_for_practice_never_runs_under_a_lock(supplier: Supplier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "_check_not_both", lambda *_: None)
    with pytest.raises(BadInput, match="these items are for practice only"):
        evaluate("small", "vendor", workspace=supplier.root, lock=supplier.given, blind_key=supplier.blind_key)


def test_a_blind_run_under_a_lock_is_neither_signed_nor_approved(supplier: Supplier, monkeypatch: pytest.MonkeyPatch) -> None:
    run = forced(supplier, monkeypatch)
    evidence = read_run(run.folder).evidence
    assert evidence.lock is not None
    assert evidence.predictions.blind is not None
    assert "NOT FOR SIGNING: the answers came back through a blind key" in (run.folder / "report.md").read_text()
    with pytest.raises(MissingSignOff, match="came back through a blind key"):
        sign_run(run.folder, "advice", Answers(advice="for", why="w"), key=key(supplier.office, "eve"), workspace=supplier.root)
    decision = gate("small", "vendor", workspace=supplier.root)
    assert decision.code == 13
    assert "it can never be signed: the answers came back through a blind key" in " ".join(reason.text for reason in decision.reasons)
    found = verify_run(run.folder, workspace=supplier.root)
    assert "a test result beside evidence that nobody can sign for" in " ".join(found.problems)
