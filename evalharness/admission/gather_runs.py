"""A run folder that agrees with itself, and the statements in it -> `RunCase`."""

from __future__ import annotations

from datetime import date, datetime

from evalharness.admission.case import ConditionCase, DecisionCase, NamedLock, Point, ResultCase, RunCase, Subject
from evalharness.admission.gather_sign_off import UNCHECKED, as_time, author_case, subject_of
from evalharness.admission.matching import Expected, differences
from evalharness.admission.standing import findings_case, level_problems, standing
from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, shown
from evalharness.evidence import Evidence, never_signed
from evalharness.evidence.store import SUMS_FILE, StoredRun
from evalharness.records import Claim, Outcome, Policy, group_from_json
from evalharness.requirements.names import finding_name
from evalharness.signoff.authors import author_problem
from evalharness.signoff.conditions import condition_problems
from evalharness.signoff.conditions_text import condition_words
from evalharness.signoff.control import missed_agrees
from evalharness.signoff.decisions import decision_payload, form_problems
from evalharness.signoff.envelope import Signed, read_statement
from evalharness.signoff.predicates import DECISION, TEST_RESULT, Author, Condition, DecisionPredicate, TestResultPredicate
from evalharness.signoff.references import References, references
from evalharness.signoff.register import Register
from evalharness.signoff.results import RESULT_FILE, result_payload


def run_case(run: StoredRun, policy: Policy, register: Register | None, expected: Expected, at: datetime) -> RunCase:
    """A run and its statements. `register`: null where none can be trusted; then no author is believed."""
    evidence, refs = run.evidence, references(run)
    unlike = differences(evidence, expected)
    findings = standing(evidence, at)
    result, decisions, altered = (None, (), _out_of_place(run)) if evidence.lock is None else _statements(run, refs, register)
    lock = evidence.lock
    return RunCase(
        name=run.folder.name,
        unlike=unlike,
        seal=None if evidence.benchmark.seal is None else evidence.benchmark.seal.facts,
        subject=_subject(evidence),
        evidence=run.digest,
        report=refs.report,
        sums=sha256_bytes(run.files.get(SUMS_FILE, b"")),
        created=as_time(evidence.created),
        claim=Claim(evidence.claim),
        verdict=evidence.verdict.outcome,
        findings=findings_case(findings),
        level_problems=() if unlike else level_problems(findings, policy.confidence),
        passed=_named(evidence, Outcome.MET),
        warned=_named(evidence, Outcome.NOT_DEMONSTRATED),
        failed=_named(evidence, Outcome.NOT_MET, Outcome.NOT_EVALUABLE),
        not_judged=frozenset(finding_name(cell.requirement, group_from_json(cell.group)) for cell in evidence.not_judged),
        lock=None if lock is None else NamedLock(digest=lock.digest, campaign=lock.campaign, attempt=lock.attempt, level=lock.level),
        result=result,
        decisions=decisions,
        statements=frozenset(map(sha256_bytes, run.statements.values())),
        altered_statements=altered,
        exempt_until=min((date.fromisoformat(cell.until) for cell in evidence.not_judged), default=None),
        certified=evidence.operating_point.threshold if evidence.operating_point.chosen == "certified" else None,
    )


def _out_of_place(run: StoredRun) -> tuple[str, ...]:
    return tuple(f"{shown(name)}: nobody can sign for a practice run, so it was put there" for name in run.statements)


def _subject(evidence: Evidence) -> Subject:
    policy, benchmark, model, point = evidence.policy, evidence.benchmark, evidence.model, evidence.operating_point
    return Subject(
        policy=(policy.name, policy.version, policy.digest),
        benchmark=(benchmark.name, benchmark.identity, benchmark.rows, benchmark.seed, benchmark.split),
        model=(model.name, model.digest, model.card),
        point=Point(point.rule, point.stated, point.stream, point.budget_per_day, point.top_band),
    )


def _named(evidence: Evidence, *outcomes: Outcome) -> tuple[str, ...]:
    return tuple(finding_name(f.requirement, group_from_json(f.group), f.condition) for f in evidence.findings if f.outcome in outcomes)


def _statements(
    run: StoredRun, refs: References, register: Register | None
) -> tuple[ResultCase | None, tuple[DecisionCase, ...], tuple[str, ...]]:
    """The test result, the decisions, and what is wrong with files that are neither."""
    result: ResultCase | None = None
    decisions: list[DecisionCase] = []
    altered: list[str] = []
    for name, data in sorted(run.statements.items()):
        try:
            if name == RESULT_FILE:
                result = _result(read_statement(data, name, TEST_RESULT), run, register)
            else:
                decisions.append(_decision(read_statement(data, name, DECISION), run.evidence, refs, register))
        except Altered as error:
            altered += error.reasons or (f"{name}: it was altered",)
    return result, tuple(decisions), tuple(altered)


def _result(signed: Signed, run: StoredRun, register: Register | None) -> ResultCase:
    told: TestResultPredicate = signed.predicate
    ours = told.evalharness
    roles = () if register is None else register.authority.test_result
    return ResultCase(
        digest=signed.digest,
        exact=not never_signed(run.evidence) and result_payload(run.evidence, ours.sums, ours.author) == signed.payload,
        evidence=ours.evidence,
        sums=ours.sums,
        lock=ours.lock,
        campaign=ours.campaign,
        attempt=ours.attempt,
        claim=ours.claim,
        verdict=ours.verdict,
        result=told.result,
        passed=told.passedTests,
        warned=told.warnedTests,
        failed=told.failedTests,
        author=author_case(register, signed, ours.author, _against(register, signed, ours.author, roles)),
    )


def _decision(signed: Signed, evidence: Evidence, refs: References, register: Register | None) -> DecisionCase:
    told: DecisionPredicate = signed.predicate
    control = told.control
    return DecisionCase(
        name=signed.name,
        digest=signed.digest,
        payload=sha256_bytes(signed.payload),
        author=author_case(register, signed, told.author, _against(register, signed, told.author, None)),
        kind=told.decision,
        exact=decision_payload(refs, told) == signed.payload,
        subject=subject_of(told),
        evidence=told.evidence,
        report=told.report,
        test_result=told.test_result,
        lock=told.lock,
        claim=told.claim,
        seen=frozenset(told.seen),
        status=None if told.status is None else (told.status.version, told.status.digest),
        form=form_problems(told),
        why=told.why,
        conflicts=told.conflicts.strip(),
        valid_from=None if told.valid_from is None else as_time(told.valid_from),
        valid_until=None if told.valid_until is None else as_time(told.valid_until),
        missed_agrees=None if control is None else missed_agrees(evidence, control.missed_per_1000),
        risk_carried_by="" if control is None else control.risk_carried_by,
        residual_risk=bool(told.residual_risk.strip()),
        accepts_not_judged=told.accepts_not_judged,
        conditions=tuple(_condition(c) for c in told.conditions),
        stance="" if told.advice is None else told.advice.stance,
        departures=frozenset(words.role for words in told.departures),
        absences=frozenset(words.role for words in told.absences),
    )


def _condition(told: Condition) -> ConditionCase:
    problems = condition_problems(told)
    return ConditionCase(
        id=told.id,
        type=told.type,
        value=told.value,
        per_week=told.per_week,
        owner=told.owner or "",
        due=None if told.due is None else date.fromisoformat(told.due),
        words=condition_words(told),
        problems=problems,
    )


def _against(register: Register | None, signed: Signed, author: Author, roles: tuple[str, ...] | None) -> tuple[str, ...]:
    """Why the author cannot be believed; whether a rehearsal key is enough is for `decide`. Raises Altered for a wrong signature."""
    return (UNCHECKED,) if register is None else author_problem(register, signed, author, roles, "rehearsal")
