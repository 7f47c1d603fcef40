"""What a signer must answer, and which answers are still missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from evalharness.evidence import Evidence
from evalharness.records import group_from_json
from evalharness.report.by_task import task_words
from evalharness.report.words import capital
from evalharness.requirements import finding_name
from evalharness.signoff.decisions import OBJECTING
from evalharness.signoff.page import PageFacts
from evalharness.signoff.predicates import APPROVING
from evalharness.signoff.roles import acting, role_words
from evalharness.workflows.clock import parse_time, time_text
from evalharness.workflows.signing_case import SigningCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a signer says beside the decision itself. Empty: not answered."""

    missed_per_1000: str = ""
    not_tested: str = ""
    risk_carried_by: str = ""
    accept_risk: str = ""
    accept_not_judged: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """As `--condition` takes them."""
    valid_from: str = ""
    """A time; empty: from now."""
    valid_until: str = ""
    """A time, or a day, which it includes; empty: as long as the policy allows."""
    conflict: str = ""
    why: str = ""
    advice: str = ""
    """for, against or neutral."""
    departures: Mapping[str, str] = field(default_factory=dict)
    """Advisory role that is against -> why this approval departs from it."""
    absences: Mapping[str, str] = field(default_factory=dict)
    """Advisory role without advice -> why this approval does not wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One answer that is missing."""

    name: str
    """Field of `Answers`."""
    option: str
    """How it is given on the command line."""
    text: str
    """What is asked, in one sentence."""
    part: str = ""
    """Which entry of the field, for those that have several."""
    optional: bool = False
    """Whether nothing is an answer too."""


def missing(case: SigningCase, answers: Answers) -> tuple[Question, ...]:
    """Every answer without which this decision cannot be signed, in the order in which it is best asked."""
    if case.kind in APPROVING:
        return tuple(_of_approval(case, answers))
    found = []
    if case.kind == "advice" and not answers.advice.strip():
        found.append(Question(name="advice", option="--advice for|against|neutral", text="Do you advise for, against or neutral?"))
    if case.kind in (*OBJECTING, "advice") and not answers.why.strip():
        found.append(Question(name="why", option="--why TEXT", text="Why? In your own words; everybody will read it."))
    return tuple(found)


def wished(case: SigningCase, answers: Answers) -> tuple[Question, ...]:
    """What a person at a terminal is asked beside that: what has a default, and the default is told."""
    if case.kind not in APPROVING or answers.valid_until:
        return ()
    days = case.policy.sign_off.valid_for_days
    last = time_text(parse_time(case.author.created) + timedelta(days=days))
    text = f"Until which day does it hold? (YYYY-MM-DD; nothing: until {last}, the longest that the policy allows)"
    return (Question(name="valid_until", option="--valid-until DAY", text=text, optional=True),)


def answered(answers: Answers, question: Question, text: str) -> Answers:
    """The answers with one more."""
    now = getattr(answers, question.name)
    value: Any = text
    if isinstance(now, Mapping):
        value = {**now, question.part: text}
    elif isinstance(now, tuple):
        value = (*now, text)
    return replace(answers, **{question.name: value})


def not_judged_cells(evidence: Evidence) -> tuple[str, ...]:
    """Names of the cells that nobody judged, sorted."""
    return tuple(sorted({finding_name(cell.requirement, group_from_json(cell.group)) for cell in evidence.not_judged}))


def advice_so_far(case_facts: PageFacts, roles: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Advisory role -> stances of the advice that counts; a role that has given none is there with nothing."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(roles, ())
    for read in case_facts.read.decisions:
        told, role = read.predicate.advice, read.predicate.author.role
        if told is not None and role in found and read.signed.digest not in case_facts.state.why_not:
            found[role] = (*found[role], told.stance)
    return found


def _of_approval(case: SigningCase, answers: Answers) -> Iterator[Question]:
    texts = (
        (
            "missed_per_1000",
            "--missed-per-1000 NUMBER",
            f"{task_words(case.run.evidence).control} Page one has the figure.",
        ),
        ("not_tested", "--not-tested TEXT", "What was not tested? In your own words."),
        ("risk_carried_by", "--risk-carried-by PERSON", "Who carries the risk that remains? (person id)"),
    )
    for name, option, text in texts:
        if not getattr(answers, name).strip():
            yield Question(name=name, option=option, text=text)
    if case.author.role == case.policy.sign_off.risk_owner and not answers.accept_risk.strip():
        text = f"{capital(acting(case.author.role))}, you accept the risk that remains. Say so in your own words."
        yield Question(name="accept_risk", option="--accept-risk TEXT", text=text)
    for cell in not_judged_cells(case.run.evidence):
        if cell not in answers.accept_not_judged:
            text = f"Nobody judged {cell}. Type its name to accept that."
            yield Question(name="accept_not_judged", option=f"--accept-not-judged '{cell}'", text=text, part=cell)
    if case.kind == "approve-with-conditions" and not answers.conditions:
        yield Question(name="conditions", option="--condition FORM", text="Under which condition? (such as maximum_volume=50000)")
    yield from _about_advice(case, answers)


def _about_advice(case: SigningCase, answers: Answers) -> Iterator[Question]:
    for role, stances in advice_so_far(case.facts, case.policy.sign_off.advice).items():
        words = role_words(role)
        if not stances and not answers.absences.get(role, "").strip():
            text = f"There is no advice of {words} that counts. Why do you not wait for it?"
            yield Question(name="absences", option=f"--absent '{role}=WHY'", text=text, part=role)
        if "against" in stances and not answers.departures.get(role, "").strip():
            text = f"The advice of {words} is against an approval. Why do you depart from it?"
            yield Question(name="departures", option=f"--depart '{role}=WHY'", text=text, part=role)
