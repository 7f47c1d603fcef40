"""A workspace whose policy asks for sealed items: a small recipe, a trained model, a register, a seal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import signing
from benchmark_folder import RECIPE, write_recipe
from reference_models import message_triage
from reference_models.archive import archive
from signed_workspace import SIGN_OFF, decide, key
from small_workspace import SmallWorkspace, policy

from evalharness.benchmarks import open_benchmark
from evalharness.digests import sha256_bytes
from evalharness.workflows import status
from evalharness.workflows.evaluate import Run, evaluate
from evalharness.workflows.lock import Locked, lock
from evalharness.workflows.sealing import seal
from evalharness.workflows.status_desk import Issuer
from evalharness.workflows.under_lock import LockGiven

POLICY, NAME = "small", "small-triage"
HARMS = {
    "drift": {"size": 0.1, "range": [0, 0.3]},
    "proxy": {"of": {"sex": "F"}, "size": 0, "range": [0, 0.4]},
}
REQUIREMENTS = [{"id": "recall", "metric": "recall", "at_least": 0.2, "why": "w"}]


def sealed_workspace(root: Path, models: tuple[str, ...] = ("one",)) -> signing.Office:
    """Everything up to the seal; no lock yet."""
    recipe = {**RECIPE["generate"], "splits": {"train": 0.3, "calibration": 0.2, "test": 0.4, "shifted": 0.1}, "harms": HARMS}
    folder = write_recipe(root / "datasets_synthetic" / NAME, {**RECIPE, "generate": recipe})
    space = SmallWorkspace(root)
    space.policy_file.parent.mkdir(parents=True)
    space.predictions.parent.mkdir()
    space.write_policy(
        policy(requirements=REQUIREMENTS, sign_off=SIGN_OFF, benchmark=NAME, sealed=True, operating_point={"threshold": 0.5})
    )
    benchmark = open_benchmark(folder)
    for number, name in enumerate(models):
        data = archive(message_triage.train(benchmark, None if number == 0 else ("ethnicity", "c")))
        space.predictions.parent.joinpath(f"{name}.skops").write_bytes(data)
        space.predictions.write_bytes(data)
        space.write_card(
            name,
            adapter="sklearn",
            artifact=f"{name}.skops",
            sha256=sha256_bytes(data),
            classes=["not_relevant", "relevant"],
            inputs=["tokens"],
        )
    office = signing.Office(root)
    office.write_version(office.next(signers=(*office.entries(), signing.entry("gil", "safeguarding"))))
    seal(NAME, workspace=root)
    return office


def locked(root: Path, office: signing.Office, model: str, now: datetime | None = None) -> Locked:
    return lock(POLICY, model, key=key(office, "ben"), workspace=root, now=now)


def run_under(root: Path, office: signing.Office, model: str, given: Path, now: datetime | None = None) -> Run:
    return evaluate(POLICY, model, workspace=root, lock=LockGiven(file=given, key=key(office, "ben")), at=now, now=now)


def approved(root: Path, office: signing.Office, run: Run, now: datetime | None = None) -> None:
    clerk = Issuer(key=key(office, "ben"), workspace=root, now=now)
    status.refresh(clerk)
    decide(root, run.folder, office, now)
    status.refresh(clerk)
