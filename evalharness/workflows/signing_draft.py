"""A signer's answers -> the decision to be signed. Whatever the gate would not count is refused here, all of it at once, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evalharness.digests import sha256_bytes
from evalharness.errors import BadInput, Problem, bad_input, shown
from evalharness.evidence.schema import TIME_FORMAT
from evalharness.records import Claim
from evalharness.records.decimals import decimal_text
from evalharness.requirements import read_policy
from evalharness.signoff.conditions_text import parse_conditions
from evalharness.signoff.control import expected_missed, read_missed, typed_agrees
from evalharness.signoff.decisions import OBJECTING, form_problems
from evalharness.signoff.predicates import APPROVING, Condition, DecisionPredicate, Words
from evalharness.signoff.sentence import Terms, sentence
from evalharness.workflows.clock import parse_time, time_text
from evalharness.workflows.signing_answers import Answers, Question, advice_so_far, answered, missing, not_judged_cells
from evalharness.workflows.signing_carrier import carrier_problems
from evalharness.workflows.signing_case import SigningCase
from evalharness.workflows.signing_refusals import refusals

_ONLY_APPROVALS = (
    ("missed_per_1000", "--missed-per-1000"), ("not_tested", "--not-tested"), ("risk_carried_by", "--risk-carried-by"),
    ("accept_risk", "--accept-risk"), ("accept_not_judged", "--accept-not-judged"), ("conditions", "--condition"),
    ("valid_from", "--valid-from"), ("valid_until", "--valid-until"), ("departures", "--depart"), ("absences", "--absent"),
)  # fmt: skip
_STANCES = ("for", "against", "neutral")
_WORDS: TypeAdapter[str] = TypeAdapter(Words)


def draft(case: SigningCase, answers: Answers) -> DecisionPredicate:
    """The decision, complete but for the signature. Raises BadInput with everything that is missing or wrong."""
    found = [*refusals(case), *_missing(case, answers), *_misplaced(case, answers), *_wrong(case, answers)]
    if found:
        raise BadInput(found)
    fields = _common(case, answers) | (_approval(case, answers) if case.kind in APPROVING else {})
    try:
        decision = DecisionPredicate.model_validate({**fields, "sentence": sentence(case.run.evidence, _terms(case, fields))})
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        raise BadInput(Problem(what=str(e["msg"]), where=shown(".".join(map(str, e["loc"])))) for e in told) from error
    if problems := form_problems(decision):
        raise BadInput(Problem(what=text, where="--decision") for text in problems)
    return decision


def wrong_so_far(case: SigningCase, answers: Answers) -> tuple[Problem, ...]:
    """What is wrong with the answers that are there, however many are missing."""
    return (*refusals(case), *_misplaced(case, answers), *_wrong(case, answers))


def wrong_answer(case: SigningCase, answers: Answers, question: Question, text: str) -> tuple[Problem, ...]:
    """What is wrong with one answer to one question; empty: nothing."""
    if not text:
        return () if question.optional else (Problem(what="an answer is needed here", where=question.option),)
    if question.name == "accept_not_judged" and text != question.part:
        return (Problem(what="this is not its name", where=question.option, got=text, expected=question.part),)
    try:
        _WORDS.validate_python(_tidy(text))
    except ValidationError as error:
        return tuple(Problem(what=_plain(e["msg"]), where=question.option, got=text) for e in error.errors(include_url=False))
    before = set(_wrong(case, answers))
    return tuple(problem for problem in _wrong(case, answered(answers, question, text)) if problem not in before)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _missing(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    for question in missing(case, answers):
        yield Problem(what=f"an answer is missing: {question.text}", where=question.option)


def _misplaced(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    if case.kind not in APPROVING:
        for name, option in _ONLY_APPROVALS:
            if getattr(answers, name):
                yield Problem(what="only an approval takes this", where=option, got=f"--decision {case.kind}")
    if case.kind != "advice" and answers.advice:
        yield Problem(what="only advice takes this", where="--advice", got=f"--decision {case.kind}", expected="--decision advice")
    if case.kind == "approve" and answers.conditions:
        yield Problem(what="an approval with conditions is of another kind", where="--decision", expected="approve-with-conditions")
    if case.kind not in OBJECTING and answers.conflict:
        yield Problem(
            what="a declared conflict takes the vote and the advice away: what you sign would not count", where="--conflict",
            expected="--decision dissent, defer or reject, or nothing signed by you",
        )  # fmt: skip


def _wrong(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    if answers.advice and answers.advice not in _STANCES:
        yield Problem(what="no such advice", where="--advice", got=answers.advice, expected=" | ".join(_STANCES))
    if case.kind in APPROVING:
        for check in (_missed, _carrier, _cells, _advice, _times, _conditions):
            yield from check(case, answers)


def _missed(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    if not expected_missed(case.run.evidence):
        yield Problem(
            what="the report has no figure for how many are missed of 1,000, so nobody can approve it", where="--decision", got=case.kind
        )
        return
    if not answers.missed_per_1000.strip():
        return
    try:
        agrees = typed_agrees(case.run.evidence, read_missed(answers.missed_per_1000))
    except BadInput as error:
        yield from error.problems
        return
    if not agrees:
        yield Problem(
            what="the answer does not agree with the report", where="--missed-per-1000", got=answers.missed_per_1000,
            expected="the figure that page one of the report has, under “What it means in daily work”",
        )  # fmt: skip


def _carrier(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    if person := answers.risk_carried_by.strip():
        yield from carrier_problems(case, person)


def _cells(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    for cell in sorted(set(answers.accept_not_judged) - set(not_judged_cells(case.run.evidence))):
        yield Problem(what="this is not among what nobody judged", where="--accept-not-judged", got=cell)


def _advice(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    stances = advice_so_far(case.facts, case.policy.sign_off.advice)
    for role in sorted(answers.absences):
        if role not in stances or stances[role]:
            what = "the policy asks for no such advice" if role not in stances else "the advice of this role is there"
            yield Problem(what=what, where="--absent", got=role)
    for role in sorted(answers.departures):
        if "against" not in stances.get(role, ()):
            yield Problem(what="no advice of this role is against an approval", where="--depart", got=role)


def _times(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    try:
        begin, end = _validity(case, answers)
    except BadInput as error:
        yield from error.problems
        return
    days, created = case.policy.sign_off.valid_for_days, parse_time(case.author.created)
    if begin < created:
        yield Problem(what="an approval cannot begin before it is signed", where="--valid-from", got=time_text(begin))
    if end <= begin:
        yield Problem(what="the approval would end before it begins", where="--valid-until", got=time_text(end))
    if end > created + timedelta(days=days):
        most = time_text(created + timedelta(days=days))
        yield Problem(
            what=f"the policy lets an approval last {days} days", where="--valid-until", got=time_text(end), expected=f"at most {most}"
        )


def _conditions(case: SigningCase, answers: Answers) -> Iterator[Problem]:
    try:
        found = _parsed(case, answers)
    except BadInput as error:
        yield from error.problems
        return
    for condition in found:
        if why := _cannot_hold(condition, case):
            yield Problem(what=f"this condition makes no sense: {why}", where="--condition", got=condition.value or condition.due or "")


def _parsed(case: SigningCase, answers: Answers) -> tuple[Condition, ...]:
    return parse_conditions(answers.conditions, digest_of=lambda policy, id_: _digest_of(case, policy, id_))


def _digest_of(case: SigningCase, name: str, requirement: str) -> str:
    """Of a policy of the workspace that has this requirement; empty where there is none."""
    try:
        policy = read_policy(case.place.policies / f"{name}.yaml")
    except BadInput:
        return ""
    return policy.digest if any(asked.id == requirement for asked in policy.requirements) else ""


def _cannot_hold(condition: Condition, case: SigningCase) -> str:
    evidence, point = case.run.evidence, case.facts.refs.operating_point
    if condition.type == "claim" and Claim(condition.value).rank > Claim(evidence.claim).rank:
        return f"the evidence only carries the claim {evidence.claim}"
    if condition.type == "stream" and condition.value != point.stream:
        return "the policy is about another stream"
    judged = evidence.operating_point.threshold
    if condition.type == "threshold" and condition.value != (None if judged is None else decimal_text(judged)):
        return f"the threshold that was judged is {'none' if judged is None else decimal_text(judged)}"
    if condition.due is not None and condition.due < case.author.created[:10]:
        return "its day has passed"
    return ""


def _validity(case: SigningCase, answers: Answers) -> tuple[datetime, datetime]:
    created = parse_time(case.author.created)
    begin = parse_time(answers.valid_from, "--valid-from") if answers.valid_from else created
    if not answers.valid_until:
        return begin, created + timedelta(days=case.policy.sign_off.valid_for_days)
    return begin, _end(answers.valid_until)


def _end(text: str) -> datetime:
    """A time; a day stands for its last second."""
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC), time(23, 59, 59), UTC)
    except ValueError:
        pass
    try:
        return parse_time(text, "--valid-until")
    except BadInput as error:
        expected = "a plain day YYYY-MM-DD, such as 2026-12-31, or a UTC time such as 2026-12-31T23:59:59Z"
        raise bad_input("not a time", where="--valid-until", got=text, expected=expected) from error


def _common(case: SigningCase, answers: Answers) -> dict[str, Any]:
    advising = case.kind == "advice"
    return {
        "schema": "evalharness/decision/v1",
        "decision": case.kind,
        "author": case.author,
        **case.facts.refs.fields(),
        "why": "" if advising else _tidy(answers.why),
        "conflicts": _tidy(answers.conflict),
        "seen": tuple(sorted({sha256_bytes(data) for data in case.run.statements.values()})),
        "status": case.status,
        "advice": {"stance": answers.advice, "text": _tidy(answers.why)} if advising else None,
    }


def _approval(case: SigningCase, answers: Answers) -> dict[str, Any]:
    begin, end = _validity(case, answers)
    return {
        "valid_from": begin.strftime(TIME_FORMAT),
        "valid_until": end.strftime(TIME_FORMAT),
        "control": {
            "missed_per_1000": expected_missed(case.run.evidence),
            "not_tested": _tidy(answers.not_tested),
            "risk_carried_by": answers.risk_carried_by.strip(),
        },
        "residual_risk": _tidy(answers.accept_risk),
        "accepts_not_judged": tuple(sorted(set(answers.accept_not_judged))),
        "conditions": _parsed(case, answers),
        "departures": _role_words(answers.departures),
        "absences": _role_words(answers.absences),
    }


def _role_words(words: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    return tuple({"role": role, "why": _tidy(why)} for role, why in sorted(words.items()))


def _terms(case: SigningCase, fields: Mapping[str, Any]) -> Terms:
    return Terms(
        decision=case.kind,
        role=case.author.role,
        valid_from=fields.get("valid_from", ""),
        valid_until=fields.get("valid_until", ""),
        conditions=len(fields.get("conditions", ())),
        accepts_risk=bool(fields.get("residual_risk")),
        not_judged=len(fields.get("accepts_not_judged", ())),
        against_advice=tuple(words["role"] for words in fields.get("departures", ())),
        stance=fields["advice"]["stance"] if fields["advice"] else "",
    )


def _tidy(text: str) -> str:
    """Words on one line, as typed otherwise."""
    return " ".join(text.split())
