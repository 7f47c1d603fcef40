"""What a hostile supplier, an insider with one key, or somebody who withholds files can do to a signed workspace: to the files alone.

scene = Scene.open(root)                             # really locked, run, signed, approved: the gate answers 0
scene.cast("cy", valid_until="2030-01-01T00:00:00Z")     # a decision by cy's own key, as carefully as one can
refused(scene.ask(), 12, "longer than the policy's 30 days")

Forgers build statements with `signoff.envelope` and not through the commands, so that nothing stops them before the gate does.
"""

from __future__ import annotations

import base64
import json
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import signing
from signed_workspace import MODEL, POLICY, REQUIREMENTS, SIGN_OFF, SignedWorkspace, key
from small_workspace import SmallWorkspace, policy, table
from tampering import code_of

from evalharness.benchmarks import open_benchmark
from evalharness.digests import canonical_json, sha256_bytes, sha256_file
from evalharness.evidence.store import SUMS_FILE, StoredRun, read_run, sums
from evalharness.signoff.control import expected_missed
from evalharness.signoff.decisions import decision_payload, file_name
from evalharness.signoff.envelope import read_statement, sign
from evalharness.signoff.predicates import DecisionPredicate, LockPredicate, SignerEntry, StatusPredicate
from evalharness.signoff.references import references
from evalharness.signoff.status_chain import status_payload, version_path
from evalharness.workflows import status
from evalharness.workflows.clock import time_text
from evalharness.workflows.decisions import Answers, SignedDecision, sign_run
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.lock import Locked, lock
from evalharness.workflows.status_desk import Issued, Issuer
from evalharness.workflows.under_lock import LockGiven

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
"""When the policy was locked. The run is a minute later, decisions ten, the status list half an hour."""
AN_HOUR = timedelta(hours=1)
VOTERS = ("ben", "cy", "ada")
BARE: dict[str, Any] = {
    **dict.fromkeys(("valid_from", "valid_until", "control")),
    **dict.fromkeys(("conditions", "absences", "departures"), ()),
    "residual_risk": "",
}
"""What an approval has and an objection does not."""
ORDER = 2**252 + 27742317777372353535851937790883648493
"""L of RFC 8032: S and S + L verify alike where nobody asks for S < L."""


def later(minutes: float = 0, *, days: float = 0) -> datetime:
    return NOW + timedelta(minutes=minutes, days=days)


@dataclass
class Scene:
    """A workspace, whoever signs in it, and the clock of whoever asks the gate."""

    root: Path
    run: Path
    """The run that was approved."""
    lock: Path
    office: signing.Office
    clock: datetime = field(default_factory=lambda: NOW + AN_HOUR)

    @classmethod
    def open(cls, root: Path, *, people: Mapping[str, Sequence[str]] | None = None, **options: Any) -> Scene:
        """Everything up to an approval. `people`: more of them, with their roles. See `prepared` for the options."""
        scene = prepared(root, people=people, **options)
        scene.approve()
        scene.refresh(minutes=30)
        return scene

    @classmethod
    def waiting(cls, root: Path, *, people: Mapping[str, Sequence[str]] | None = None, **options: Any) -> Scene:
        """All but one approval: cy's, for data protection, is missing; what lies there is named by nobody but the other signers."""
        scene = prepared(root, people=people, **options)
        scene.approve(voters=("ben", "ada"))
        return scene

    def copy(self, root: Path) -> Scene:
        """The same in another folder: making one takes seconds, copying it next to nothing."""
        shutil.copytree(self.root, root)
        office = replace(self.office, root=root, write=False)
        return replace(
            self, root=root, run=root / self.run.relative_to(self.root), lock=root / self.lock.relative_to(self.root), office=office
        )

    def ask(self, **options: Any) -> tuple[int, str]:
        """Exit code of the gate, and all that it says."""
        return code_of(self.root, **options)

    @property
    def space(self) -> SignedWorkspace:
        return SignedWorkspace(root=self.root, run=self.run, lock=self.lock, office=self.office)

    @property
    def sign_off(self) -> Path:
        return self.root / "sign-off"

    @property
    def statements(self) -> Path:
        return self.run / "statements"

    @property
    def result(self) -> Path:
        return self.statements / "test-result.dsse.json"

    @property
    def card(self) -> Path:
        return self.root / "model_cards" / f"{MODEL}.md"

    @property
    def policy(self) -> Path:
        return self.root / "policies" / f"{POLICY}.yaml"

    # what honest people do

    def another_lock(self, minutes: float = 0, *, days: float = 0, person: str = "ben", model: str = MODEL, **options: Any) -> Locked:
        now = later(minutes, days=days)
        return lock(options.pop("policy", POLICY), model, key=key(self.office, person), workspace=self.root, now=now, **options)

    def another_run(
        self, locked: Path, minutes: float = 1, *, days: float = 0, person: str = "ben", model: str = MODEL, **options: Any
    ) -> Path:
        now = later(minutes, days=days)
        given = LockGiven(file=locked, key=key(self.office, person))
        name = options.pop("policy", POLICY)
        return evaluate(name, model, workspace=self.root, lock=given, at=now, now=now, **options).folder

    def attempt(self, minutes: float = 60, *, days: float = 0, **options: Any) -> Scene:
        """One more lock and its run; the scene is then about that run."""
        model, name = options.pop("model", MODEL), options.pop("policy", POLICY)
        locked = self.another_lock(minutes, days=days, model=model, policy=name)
        run = self.another_run(locked.path, minutes + 1, days=days, model=model, policy=name)
        return replace(self, lock=locked.path, run=run)

    def answers(self, **changes: Any) -> Answers:
        missed = expected_missed(read_run(self.run).evidence)
        right = Answers(missed_per_1000=missed, not_tested="Other languages.", risk_carried_by="ada", accept_risk="I accept what remains.")
        return replace(right, **changes)

    def sign(self, person: str, kind: str, minutes: float, *, days: float = 0, role: str | None = None, **answers: Any) -> SignedDecision:
        words = self.answers(**answers) if kind.startswith("approve") else Answers(**answers)
        now = later(minutes, days=days)
        return sign_run(self.run, kind, words, key=key(self.office, person), role=role, workspace=self.root, now=now)

    def approve(self, minutes: float = 10, *, days: float = 0, voters: Sequence[str] = VOTERS, **answers: Any) -> None:
        """Advice for it, then one approval by each of `voters`."""
        self.sign("eve", "advice", minutes, days=days, advice="for", why="Those who were asked want it.")
        for person in voters:
            self.sign(person, "approve", minutes + 1, days=days, **answers)

    def issuer(self, person: str = "ben", minutes: float = 45, *, days: float = 0) -> Issuer:
        return Issuer(key=key(self.office, person), workspace=self.root, now=later(minutes, days=days))

    def refresh(self, person: str = "ben", minutes: float = 45, *, days: float = 0) -> Issued:
        return status.refresh(self.issuer(person, minutes, days=days))

    def revoke(self, target: Path | str, person: str = "ben", minutes: float = 40, *, why: str = "A reason.") -> Issued:
        return status.revoke(self.issuer(person, minutes), str(target), why=why)

    def register(self, *signers: str, **changes: Any) -> None:
        """The next version of the register, signed by its root (`signers`: by these keys instead)."""
        self.office.write_version(self.office.next(**changes), *signers)

    def enrol(self, *entries: SignerEntry, issued: datetime = NOW + timedelta(minutes=35)) -> None:
        for one in entries:
            self.office.write_key(one.person)
        self.register(issued=time_text(issued), signers=(*self.office.register().entries, *entries))

    def change_entry(self, person: str, /, *, issued: datetime = NOW + timedelta(minutes=35), **changes: Any) -> None:
        """The next version, in which one person's entries are changed."""
        entries = self.office.register().entries
        changed = tuple(e.model_copy(update=changes) if e.person == person else e for e in entries)
        self.register(issued=time_text(issued), signers=changed)

    # what attackers do

    def stored(self) -> StoredRun:
        return read_run(self.run)

    def statement(self, person: str) -> Path:
        """The newest decision of a person."""
        return sorted(path for path in self.statements.iterdir() if f"-{person}-" in path.name)[-1]

    def decision(self, person: str) -> DecisionPredicate:
        found: DecisionPredicate = read_statement(self.statement(person).read_bytes(), person).predicate
        return found

    def forge(self, person: str, *, by: str | None = None, author: Mapping[str, Any] | None = None, **changes: Any) -> Path:
        """The newest decision of `person`, taken away, with `changes`, signed with the key `by` (default: the person's own).

        author: changes of the author. It names everything that lies there.
        """
        told = self.decision(person)
        self.statement(person).unlink()
        return self._signed(told, by or person, dict(author or {}), changes)

    def cast(
        self, person: str = "cy", role: str = "data_protection", *, by: str | None = None, like: str = "ben",
        author: Mapping[str, Any] | None = None, minutes: float = 40, **changes: Any,
    ) -> Path:  # fmt: skip
        """One more decision: that of `like` with `changes`, by `person`, signed with the key `by` (default: the person's own)."""
        created, signers = time_text(later(minutes)), self.office.register().ref
        new = {"person": person, "role": role, "created": created, "signers": signers, **(author or {})}
        return self._signed(self.decision(like), by or person, new, changes)

    def _signed(self, told: DecisionPredicate, by: str, author: dict[str, Any], changes: dict[str, Any]) -> Path:
        there = sorted(sha256_file(path) for path in self.statements.iterdir())
        values = {"seen": tuple(there), "author": told.author.model_copy(update=author), **changes}
        return self.put(told.model_copy(update=values), by)

    def put(self, decision: DecisionPredicate, by: str) -> Path:
        """Writes a decision about this run, signed with the key of that name."""
        told = DecisionPredicate.model_validate_json(decision.model_dump_json(by_alias=True))
        path = self.statements / file_name(told)
        path.write_bytes(sign(decision_payload(references(self.stored()), told), [signing.signer(by)]))
        return path

    def unsee(self, path: Path) -> None:
        """Takes a statement away and signs every other one anew, so that none of them names it: what all of them together could do."""
        gone = sha256_file(path)
        path.unlink()
        while True:  # each new signature is another digest
            named = {sha256_file(p): p for p in self.statements.glob("decision-*")}
            for digest, file in named.items():
                told: DecisionPredicate = read_statement(file.read_bytes(), file.name).predicate
                if gone in told.seen or not set(told.seen) <= {*named, sha256_file(self.result)}:
                    file.unlink()
                    there = {sha256_file(p) for p in self.statements.iterdir()}
                    self.put(told.model_copy(update={"seen": tuple(sorted(there & set(told.seen)))}), told.author.person)
                    gone = digest
                    break
            else:
                return

    def status(
        self, by: str = "ben", *, minutes: float = 40, author: Mapping[str, Any] | None = None, key_of: str | None = None, **changes: Any
    ) -> Path:
        """The next version of the status list as somebody writes it by hand, whatever it says."""
        data = (self.sign_off / "status.json").read_bytes()
        last: StatusPredicate = read_statement(data, "status.json").predicate
        issued = time_text(later(minutes))
        made = self.office.author(by, self.office.register().person(by)[0].roles[0], issued).model_copy(update=dict(author or {}))
        values = {
            "version": last.version + 1, "issued": issued, "next_update": time_text(later(minutes, days=7)), "previous": sha256_bytes(data),
            "author": made,
        }  # fmt: skip
        return self.write_status(last.model_copy(update={**values, **changes}), key_of or by)

    def write_status(self, predicate: StatusPredicate, by: str) -> Path:
        data = sign(status_payload(predicate), [signing.signer(by)])
        path = version_path(self.sign_off, predicate.version)
        path.write_bytes(data)
        (self.sign_off / "status.json").write_bytes(data)
        return path

    def reseal(self, run: Path | None = None) -> None:
        """Writes SHA256SUMS anew over what lies there, as any careful forger does."""
        folder = run or self.run
        there = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != SUMS_FILE and p.name[:9] != "decision."}
        (folder / SUMS_FILE).write_bytes(sums(there))

    def locked(self) -> LockPredicate:
        found: LockPredicate = read_statement(self.lock.read_bytes(), self.lock.name).predicate
        return found

    def edit_policy(self, old: str, new: str) -> None:
        edit(self.policy, old, new)


def prepared(  # noqa: PLR0917
    root: Path, people: Mapping[str, Sequence[str]] | None = None, organisations: Mapping[str, str] | None = None, rehearsal: bool = True,
    card: Mapping[str, Any] | None = None, rows: int = 400, sampling: str | None = None, sign_off: Mapping[str, Any] | None = None,
    locker: str = "ben", tester: str = "ben", **changes: Any,
) -> Scene:  # fmt: skip
    """Register, status list, lock and a run that meets its policy; nobody has decided.

    people, organisations: beside the usual ones. card, sign_off, changes: of the card, of the policy's rules of sign-off, of the policy.
    sampling: what the benchmark says about it. locker, tester: who locks, who signs the test result.
    """
    root.mkdir(parents=True, exist_ok=True)
    files = supplied(root, rows, sampling, **{"sign_off": {**SIGN_OFF, **(sign_off or {})}, **changes})
    files.write_card(MODEL, **(card or {}))
    everybody = {**signing.PEOPLE, **{person: tuple(roles) for person, roles in (people or {}).items()}}
    office = signing.Office(root, people=everybody, organisations=organisations or {}, rehearsal=rehearsal)
    scene = Scene(root=root, run=root, lock=root, office=office)
    scene.refresh(minutes=0)
    scene.lock = scene.another_lock(0, person=locker).path
    scene.run = scene.another_run(scene.lock, 1, person=tester)
    return scene


def supplied(root: Path, rows: int = 400, sampling: str | None = None, **changes: Any) -> SmallWorkspace:
    """The files that are there before anybody signs."""
    document = policy(**{"requirements": REQUIREMENTS, "intersections": 1, **changes})
    files = SmallWorkspace(root, table(rows).drop(columns="race"), document).write()
    columns = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex"]}
    files.write_benchmark(columns=columns, sampling=sampling)
    open_benchmark(files.benchmark)  # writes its manifest
    return files


def refused(answer: tuple[int, str], code: int | tuple[int, ...], *words: str) -> None:
    """The gate answered with that code (one of these), and said each of these words."""
    said = answer[1]
    assert answer[0] in ((code,) if isinstance(code, int) else code), f"{answer[0]}: {said}"
    for text in words:
        assert text in said, said
    assert "Traceback" not in said


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def envelope_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def payload_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(envelope_of(path)["payload"]))
    return found


def write_envelope(path: Path, envelope: Mapping[str, Any]) -> None:
    path.write_bytes(canonical_json(envelope))


def resign(path: Path, change: Callable[[dict[str, Any]], None], *by: str) -> None:
    """Changes the statement in a file in any way at all, and signs it anew with these keys: right signatures over wrong words."""
    document = payload_of(path)
    change(document)
    path.write_bytes(sign(canonical_json(document), [signing.signer(name) for name in by]))


def as_head(scene: Scene, path: Path) -> None:
    """A changed version of the status list is what status.json says too."""
    (scene.sign_off / "status.json").write_bytes(path.read_bytes())


@contextmanager
def in_time(seconds: int = 20) -> Iterator[None]:
    """Nothing waits for ever: a device in place of a file must not hang the gate."""

    def stop(*_: object) -> None:
        raise AssertionError("it waits for ever")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
