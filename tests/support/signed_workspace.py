"""A small workspace that is signed from end to end: register, lock, run, test result, four decisions, status list; chains of two versions.

Everything goes through the real workflows, and the gate answers 0 for it:
`gate(POLICY, MODEL, workspace=signed(root).root).code == 0`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import signing
from small_workspace import SmallWorkspace, policy, table

from evalharness.benchmarks import open_benchmark
from evalharness.signoff.control import expected_missed
from evalharness.workflows import status
from evalharness.workflows.decisions import Answers, sign_run
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.lock import lock
from evalharness.workflows.signing import KeyGiven
from evalharness.workflows.status_desk import Issuer
from evalharness.workflows.under_lock import LockGiven

FACES = ("evidence.json", "SHA256SUMS", "report.html", "report.md", "junit.xml")
REGISTER = (
    *("root.txt", "signers.yaml", "signers/0001.dsse.json", "signers/0002.dsse.json"),
    *("status.json", "status/0001.dsse.json", "status/0002.dsse.json"),
)
NAMES = (*FACES, *REGISTER, "ada", "ben", "cy", "eve", "test-result", "lock", "policy", "card", "model", "manifest")
"""Names of `SignedWorkspace.files`."""
POLICY, MODEL = "small", "vendor"
VOTERS = ("ada", "ben", "cy")
REQUIREMENTS = [
    {"id": "recall", "metric": "recall", "at_least": 0.7, "why": "w"},
    {"id": "everyone", "metric": "recall", "at_least": 0.5, "for_each": ["sex"], "why": "w"},
    {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.05, "why": "w"},
]
SIGN_OFF = {
    "roles": {"senior_responsible_owner": 1, "independent_evaluator": 1, "data_protection": 1},
    "minimum_people": 3,
    "veto": ["data_protection"],
    "advice": ["victims_advocate"],
    "risk_owner": "senior_responsible_owner",
    "developers_may_not_sign": True,
    "valid_for_days": 30,
}


@dataclass(frozen=True)
class SignedWorkspace:
    """Where things lie."""

    root: Path
    run: Path
    lock: Path
    office: signing.Office

    @property
    def files(self) -> dict[str, Path]:
        """Every file that a signature stands on, directly or through a digest, by a short name."""
        decisions = sorted(self.statements.glob("decision-*"))
        return {
            **{name: self.run / name for name in FACES},
            **{name: self.root / "sign-off" / name for name in REGISTER},
            **{path.name.split("-")[2]: path for path in decisions},  # by the person
            "test-result": self.statements / "test-result.dsse.json",
            "lock": self.lock,
            "policy": self.root / "policies" / f"{POLICY}.yaml",
            "card": self.root / "model_cards" / f"{MODEL}.md",
            "model": self.root / "model_cards" / "predictions.csv",
            "manifest": self.root / "datasets_synthetic" / POLICY / "manifest.json",
        }

    @property
    def statements(self) -> Path:
        return self.run / "statements"


def small(root: Path, rows: int = 400, **changes: Any) -> SmallWorkspace:
    """The workspace before anything is signed."""
    document = policy(**{"requirements": REQUIREMENTS, "sign_off": SIGN_OFF, "intersections": 1, **changes})
    space = SmallWorkspace(root, table(rows).drop(columns="race"), document).write()
    space.write_benchmark(columns={"id": "item_id", "label": "y_true", "features": [], "groups": ["sex"]})
    space.write_card(MODEL)
    open_benchmark(space.benchmark)  # writes its manifest
    return space


def key(office: signing.Office, person: str) -> KeyGiven:
    return KeyGiven(uri=str(office.key(person)), passphrases=lambda _: signing.PASSPHRASE.encode())


def signed(root: Path, *, now: datetime | None = None, rows: int = 400) -> SignedWorkspace:
    """Makes it in `root`. now: the clock of everything signed; default: the machine's."""
    root.mkdir(parents=True, exist_ok=True)
    small(root, rows)
    office = signing.Office(root)
    office.write_version(office.next(signers=(*office.entries(), signing.entry("gil", "safeguarding"))))
    clerk = Issuer(key=key(office, "ben"), workspace=root, now=now)
    locked = lock(POLICY, MODEL, key=key(office, "ben"), workspace=root, now=now)
    status.refresh(clerk)
    given = LockGiven(file=locked.path, key=key(office, "ben"))
    run = evaluate(POLICY, MODEL, workspace=root, lock=given, at=now, now=now)
    decide(root, run.folder, office, now)
    status.refresh(clerk)
    return SignedWorkspace(root=root, run=run.folder, lock=locked.path, office=office)


def decide(root: Path, run: Path, office: signing.Office, now: datetime | None = None) -> None:
    """Advice for an approval, and three approvals."""
    from evalharness.evidence.store import read_run

    advice = Answers(advice="for", why="Those who were asked want it.")
    sign_run(run, "advice", advice, key=key(office, "eve"), workspace=root, now=now)
    words = Answers(
        missed_per_1000=expected_missed(read_run(run).evidence),
        not_tested="Messages in other languages.",
        risk_carried_by="ada",
        accept_risk="I accept what remains.",
    )
    for person in VOTERS:
        sign_run(run, "approve", words, key=key(office, person), workspace=root, now=now)
