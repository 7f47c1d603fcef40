"""Sign a decision about a run: verify everything, show it, ask, sign, write, and draw the decision pages anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, BadInput, Fault, Problem, bad_input
from evalharness.evidence.store import MOST_STATEMENTS, STATEMENTS, read_run
from evalharness.files.atomic import Taken, new_file
from evalharness.signoff.decisions import decision_payload, file_name
from evalharness.signoff.page import PageFacts, State
from evalharness.signoff.predicates import DecisionKind, DecisionPredicate
from evalharness.workflows.decision_facts import facts_of
from evalharness.workflows.decision_pages import write_decision_pages
from evalharness.workflows.signing import KeyGiven
from evalharness.workflows.signing_answers import Answers, advice_so_far
from evalharness.workflows.signing_case import SigningCase, open_case
from evalharness.workflows.signing_draft import draft

KINDS: tuple[DecisionKind, ...] = ("approve", "approve-with-conditions", "defer", "reject", "dissent", "advice")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDecision:
    """A decision that was written."""

    path: Path
    digest: str
    """sha256 of the file."""
    predicate: DecisionPredicate
    pages: tuple[Path, ...]
    """The decision pages, drawn anew."""
    against: tuple[str, ...]
    """Why it does not count; empty: it counts."""
    facts: PageFacts
    """Everything that was decided about the run, as it is now."""
    advice_missing: tuple[str, ...]
    """Advisory roles without advice that counts."""

    @property
    def state(self) -> State:
        """What the decisions of the run amount to now."""
        return self.facts.state


def sign_run(
    folder: Path,
    kind: str,
    answers: Answers,
    *,
    key: KeyGiven,
    role: str | None = None,
    workspace: Path | None = None,
    now: datetime | None = None,
    agree: Callable[[SigningCase, DecisionPredicate], bool] | None = None,
) -> SignedDecision:
    """Signs a decision about the run in `folder` and writes it there.

    agree: shown the verified case and the exact decision; nothing is signed unless it says yes. Null: calling this is the agreement.
    Raises as `open_case` and `draft` do, and BadInput where nobody agreed or a statement of that second is there already.
    """
    case = open_case(folder, decision_kind(kind), key, role=role, workspace=workspace, now=now)
    decision = draft(case, answers)
    if agree is not None and not agree(case, decision):
        raise bad_input("nobody agreed; nothing was signed", where="--agree", expected="the signer's person id, typed, or --agree")
    return write_decision(case, decision)


def decision_kind(text: str) -> DecisionKind:
    """The kind by its name. Raises BadInput for another."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise bad_input("no such decision", where="--decision", got=text, expected=" | ".join(KINDS))


def write_decision(case: SigningCase, decision: DecisionPredicate) -> SignedDecision:
    """Signs a drafted decision, writes its file (never over another) and the pages."""
    folder, name = case.run.folder, file_name(decision)
    if len(case.run.statements) >= MOST_STATEMENTS:
        raise bad_input("there are too many statements in this run", where=folder / STATEMENTS, got=str(len(case.run.statements)))
    if name in case.run.statements:
        raise _taken(folder / STATEMENTS / name)
    data = case.pen.signed(decision_payload(case.facts.refs, decision), decision.author, decision.claim, name)
    _check_counts(case, decision, name, data)
    _check_unchanged(case)
    path = folder / STATEMENTS / name
    try:
        new_file(path, data)
    except Taken as error:
        raise _taken(path) from error
    return _written(case, decision, path, write_decision_pages(folder, case.place))


def _taken(path: Path) -> BadInput:
    return bad_input("a decision of this person, role and second is there already; nothing was signed", where=path, hint="try again")


def _check_counts(case: SigningCase, decision: DecisionPredicate, name: str, data: bytes) -> None:
    """By the gate's own rules, before anything is written: nobody puts their name to what is void from the start."""
    run = replace(case.run, statements={**case.run.statements, name: data})
    facts = facts_of(run, case.place, case.register, at_least=decision.valid_from or "")
    if against := facts.state.why_not.get(sha256_bytes(data)):
        raise BadInput(
            Problem(what=f"the gate would not count this: {text}", where="--decision", got=decision.decision) for text in against
        )
    if facts.read.altered:
        raise Fault(f"the decision would not be believed: {'; '.join(facts.read.altered)}")


def _check_unchanged(case: SigningCase) -> None:
    """What was verified and shown is still what lies there."""
    now = read_run(case.run.folder)
    if (now.files, now.statements, now.problems) != (case.run.files, case.run.statements, case.run.problems):
        raise Altered([f"the run in {case.run.folder} changed after it was verified; nothing was signed"])


def _written(case: SigningCase, decision: DecisionPredicate, path: Path, pages: tuple[Path, ...]) -> SignedDecision:
    facts = facts_of(read_run(case.run.folder), case.place, case.register)
    digest = next((read.signed.digest for read in facts.read.decisions if read.signed.name == path.name), "")
    return SignedDecision(
        path=path,
        digest=digest,
        predicate=decision,
        pages=pages,
        against=facts.state.why_not.get(digest, ()),
        facts=facts,
        advice_missing=tuple(role for role, stances in advice_so_far(facts, case.policy.sign_off.advice).items() if not stances),
    )


__all__ = ["KINDS", "Answers", "SignedDecision", "decision_kind", "sign_run", "write_decision", "write_decision_pages"]
