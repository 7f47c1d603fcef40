"""A small workspace with a register, a lock and a locked run, and people who sign decisions about it at times of their own.

desk = Desk.open(root)
desk.sign("eve", "advice", Answers(advice="for", why="…"))
desk.sign("ben", "approve", desk.answers())
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import signing
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence.store import read_run
from evalharness.signoff.control import expected_missed
from evalharness.workflows.benchmarks import generate
from evalharness.workflows.decisions import Answers, SignedDecision, sign_run
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.lock import lock
from evalharness.workflows.signing import KeyGiven
from evalharness.workflows.under_lock import LockGiven

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
PEOPLE = {**signing.PEOPLE, "dev-1": ("senior_responsible_owner", "victims_advocate"), "sam": ("independent_evaluator",)}
ORGANISATIONS = {"sam": "A Supplier Ltd"}
REQUIREMENTS = [
    {"id": "recall", "metric": "recall", "at_least": 0.7, "why": "w"},
    {"id": "everyone", "metric": "recall", "at_least": 0.5, "for_each": ["sex"], "why": "w"},
    {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.05, "why": "w"},
]
EXEMPTED = [
    *REQUIREMENTS[:1],
    {**REQUIREMENTS[1], "not_judged": [{"group": {"sex": "M"}, "why": "Too few.", "until": "2027-12-31"}]},
    *REQUIREMENTS[2:],
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


@dataclass
class Desk:
    """Where people sign. `minutes`: how far the clock has gone since `NOW`; every signature takes one."""

    root: Path
    run: Path
    office: signing.Office
    minutes: int = 5

    @classmethod
    def open(cls, root: Path, *, rehearsal: bool = True, **changes: Any) -> Desk:
        """Makes everything up to the signed test result. changes: of the policy."""
        root.mkdir(parents=True, exist_ok=True)
        document = policy(**{"requirements": REQUIREMENTS, "sign_off": SIGN_OFF, **changes})
        SmallWorkspace(root, table(400), document).write().write_card()
        generate("small", root)
        office = signing.Office(root, people=PEOPLE, organisations=ORGANISATIONS, rehearsal=rehearsal)
        made = lock("small", "vendor", key=key(office, "ben"), workspace=root, now=NOW)
        later = NOW + timedelta(minutes=1)
        given = LockGiven(file=made.path, key=key(office, "ben"))
        run = evaluate("small", "vendor", workspace=root, lock=given, at=later, now=later, out=root / "reports" / "run-1")
        return cls(root=root, run=run.folder, office=office)

    def copy(self, root: Path) -> Desk:
        """The same in another folder: making one takes a second, copying it next to nothing."""
        shutil.copytree(self.root, root)
        return replace(self, root=root, run=root / self.run.relative_to(self.root), office=replace(self.office, root=root, write=False))

    def sign(self, person: str, kind: str, answers: Answers, *, role: str | None = None, at: datetime | None = None) -> SignedDecision:
        self.minutes += 1
        now = at or NOW + timedelta(minutes=self.minutes)
        return sign_run(self.run, kind, answers, key=key(self.office, person), role=role, workspace=self.root, now=now)

    def answers(self, **changes: Any) -> Answers:
        """What an approval needs, right in every part."""
        right = Answers(
            missed_per_1000=expected_missed(read_run(self.run).evidence),
            not_tested="Messages in other languages.",
            risk_carried_by="ada",
            accept_risk="I accept what remains.",
        )
        return replace(right, **changes)

    def approve_all(self, **changes: Any) -> SignedDecision:
        """Advice for it, then three approvals. Returns the last."""
        self.sign("eve", "advice", Answers(advice="for", why="Those who were asked want it."))
        for person in ("ben", "cy"):
            self.sign(person, "approve", self.answers(accept_risk="", **changes))
        return self.sign("ada", "approve", self.answers(**changes))

    def page(self, kind: str = "md") -> str:
        return (self.run / f"decision.{kind}").read_text(encoding="utf-8")


def key(office: signing.Office, person: str) -> KeyGiven:
    return KeyGiven(uri=str(office.key(person)), passphrases=lambda _: signing.PASSPHRASE.encode())
