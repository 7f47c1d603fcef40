"""Judge the recorded estimates again, by the policy that is embedded in the same evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from evalharness.catalogue import COPY_METRICS
from evalharness.errors import BadInput, shown
from evalharness.evidence.assemble import exemption_as_json, finding_as_json
from evalharness.evidence.certified import at_recorded_point, certificate_problems
from evalharness.evidence.consistency import inconsistencies, levels_of
from evalharness.evidence.document import estimates_of, findings_of
from evalharness.evidence.oversight_agrees import oversight_inconsistencies
from evalharness.evidence.schema import TIME_FORMAT, Evidence
from evalharness.records import Claim, Finding, Policy, Prospect, Question, attempt_level
from evalharness.requirements.expand import expand
from evalharness.requirements.judge import judge, verdict
from evalharness.requirements.names import finding_name
from evalharness.requirements.policy_file import policy_from_document


def rederive(evidence: Evidence) -> tuple[str, ...]:
    """Where the evidence disagrees with itself, in words; empty when findings, verdict and counts all follow.

    What metrics alone can compute (`attainable`, `needed`, `corrected`) is taken from the recorded findings; so are the bounds from the
    recorded estimates.
    """
    problems = list(inconsistencies(evidence))
    try:
        policy = at_recorded_point(policy_from_document(evidence.policy.document, evidence.policy.digest), evidence)
        created = datetime.strptime(evidence.created, TIME_FORMAT).replace(tzinfo=UTC).date()
        questions, exemptions = expand(policy, levels_of(evidence), created)
    except BadInput as error:
        return (*problems, *(f"policy.document: {problem.what}" for problem in error.problems))
    problems += _against_policy(evidence, policy)
    problems += oversight_inconsistencies(evidence, policy)
    problems += certificate_problems(evidence, policy, level_of(evidence, policy), levels_of(evidence))
    if [exemption_as_json(e) for e in exemptions] != [part.model_dump() for part in evidence.not_judged]:
        problems.append("not_judged: it does not follow from the policy on the day of the evidence")
    problems += _levels(evidence, policy)
    recorded = findings_of(evidence)
    prospects, missing = _prospects(questions, recorded)
    problems += missing
    if not missing:
        level, claim = level_of(evidence, policy), Claim(evidence.claim)
        again = judge(questions, estimates_of(evidence), prospects, policy=policy, claim=claim, level=level)
        problems += _differences(recorded, again)
    problems += _verdict(evidence, recorded, policy)
    return tuple(problems)


def judged_on(evidence: Evidence, day: date) -> tuple[Finding, ...]:
    """The findings as they stand on `day`: a cell whose exemption has run out is judged, from its recorded estimate.

    For evidence that `rederive` found whole. `needed` is not known for such a cell.
    """
    policy = at_recorded_point(policy_from_document(evidence.policy.document, evidence.policy.digest), evidence)
    questions, _ = expand(policy, levels_of(evidence), day)
    known = {_key(f): f for f in findings_of(evidence)}
    prospects = {}
    for question in questions:
        finding = known.get(_key(question))
        prospects[question] = (
            Prospect(attainable=False, needed=None, reason="the exemption of this cell has run out")
            if finding is None
            else _recorded(finding)
        )
    level, claim = level_of(evidence, policy), Claim(evidence.claim)
    return judge(questions, estimates_of(evidence), prospects, policy=policy, claim=claim, level=level)


def level_of(evidence: Evidence, policy: Policy) -> float:
    """Confidence of each bound of this run: that of its attempt, or the policy's for a practice run."""
    return policy.confidence if evidence.lock is None else evidence.lock.level


def _against_policy(evidence: Evidence, policy: Policy) -> Iterator[str]:
    for what, recorded, asked in (
        ("policy.name", evidence.policy.name, policy.name),
        ("policy.version", evidence.policy.version, policy.version),
        ("operating_point.rule", evidence.operating_point.rule, policy.operating_point.rule),
        ("operating_point.threshold", evidence.operating_point.threshold, policy.operating_point.threshold),
        ("operating_point.budget_per_day", evidence.operating_point.budget_per_day, policy.operating_point.budget_per_day),
        ("operating_point.top_band", evidence.operating_point.top_band, policy.operating_point.top_band),
        ("operating_point.stream", evidence.operating_point.stream, policy.stream),
        ("benchmark.task", evidence.benchmark.task, policy.task),
        ("benchmark.split", evidence.benchmark.split, policy.split if _signable(evidence) else evidence.benchmark.split),
    ):
        if recorded != asked:
            yield f"{what}: {shown(recorded)} is recorded and the policy says {shown(asked)}"
    asked_under = {requirement.condition for requirement in policy.requirements}
    told_under = {part.condition for part in evidence.tallies.beside}
    told_under |= {e.condition for e in evidence.estimates if e.metric not in COPY_METRICS}  # pairs are told of, asked or not
    told_under |= {other.condition for other in evidence.tallies.others}
    for condition in sorted(told_under - asked_under - {""}):
        yield f"estimates: there are figures {shown(condition)}, and the policy asks nothing of the kind"
    models = {f"relative to {reference.name}": reference for reference in policy.references}
    for part in evidence.tallies.beside:
        named = models.get(part.condition)
        if named is not None and (named.model != part.model or named.digest not in {"", part.digest}):
            yield f"tallies.beside: {shown(part.condition)}: {shown(part.model)} is recorded and the policy names another model"
    band, levels = evidence.operating_point.top_band, evidence.benchmark.levels
    if band is not None and levels[-1:] != (band,):
        yield f"operating_point.top_band: {shown(band)} is not the highest of benchmark.levels"
    if Claim(evidence.claim).rank > policy.claim.rank:
        yield f"claim: {evidence.claim} is more than the policy's {policy.claim}"
    made_up = evidence.benchmark.seed is not None or evidence.benchmark.synthetic
    if (made_up or not evidence.benchmark.sampling.strip()) and Claim(evidence.claim) is not Claim.REHEARSAL:
        yield f"claim: synthetic items, or items sampled nobody knows how, are a rehearsal, and {evidence.claim} is recorded"
    parts = {"artifact": evidence.model.digest, "card": evidence.model.card, "policy": evidence.policy.digest}
    parts["benchmark"] = evidence.benchmark.digest
    told = {name: digest for name, digest in evidence.digests.items() if name != "manifest"}  # of a file that nothing else here tells of
    if told != {name: digest for name, digest in parts.items() if digest is not None}:
        yield "digests: not those of the model, the card, the policy and the benchmark"


def _levels(evidence: Evidence, policy: Policy) -> Iterator[str]:
    """A practice run is judged at the policy's confidence or stricter, a locked run exactly at the level of its attempt."""
    level, lock = level_of(evidence, policy), evidence.lock
    if lock is not None and lock.level != (asked := attempt_level(policy.confidence, lock.attempt)):
        yield f"lock.level: {lock.level} is recorded, and attempt {lock.attempt} at confidence {policy.confidence} is judged at {asked}"
    whose = "the policy's confidence is" if lock is None else f"attempt {lock.attempt} is judged at"
    for what, parts in (("estimates", evidence.estimates), ("translation", evidence.translation), ("findings", evidence.findings)):
        for part in parts:
            if part.level < level or (lock is not None and part.level != level):
                yield f"{what}: {shown(part.metric)} has level {part.level}, {whose} {level}"
                break


def _key(item: Question | Finding) -> tuple[object, ...]:
    """What is asked: the same for a question and for the finding that answers it."""
    metric = item.metric if isinstance(item, Finding) else item.estimate_metric
    return item.requirement, metric, item.comparison, item.bound, tuple(sorted(item.group)), item.between, item.unit, item.condition


def _prospects(questions: Iterable[Question], recorded: Iterable[Finding]) -> tuple[dict[Question, Prospect], list[str]]:
    findings = list(recorded)
    by_key = {_key(f): f for f in findings}
    prospects: dict[Question, Prospect] = {}
    problems: list[str] = []
    if len(by_key) < len(findings):
        problems.append("findings: the same question is answered more than once")
    for question in questions:
        finding = by_key.pop(_key(question), None)
        if finding is None:
            problems.append(f"findings: {_where(question)} is asked by the policy and not answered")
        else:
            prospects[question] = _recorded(finding)
    problems += [f"findings: {_where(f)} is answered and not asked by the policy" for f in by_key.values()]
    return prospects, problems


def _recorded(finding: Finding) -> Prospect:
    """What only metrics can compute, as it was recorded."""
    return Prospect(attainable=finding.attainable, needed=finding.needed, reason=finding.reason, corrected=finding.corrected is True)


def _differences(recorded: tuple[Finding, ...], again: tuple[Finding, ...]) -> Iterator[str]:
    if [_key(f) for f in recorded] != [_key(f) for f in again]:
        yield "findings: not in the order of the policy"
        return
    for old, new in zip(recorded, again, strict=True):
        before, after = finding_as_json(old), finding_as_json(new)
        for name in sorted(set(before) | set(after)):
            if before.get(name) != after.get(name):
                yield f"findings: {_where(old)}: {name} is {shown(before.get(name))}, the estimates give {shown(after.get(name))}"


def _verdict(evidence: Evidence, recorded: tuple[Finding, ...], policy: Policy) -> Iterator[str]:
    expected = verdict(recorded, policy)
    if evidence.verdict.outcome != expected.outcome:
        yield f"verdict: {evidence.verdict.outcome} is recorded, the findings give {expected.outcome}"
    elif evidence.verdict.reasons != expected.reasons:
        yield "verdict: the recorded reasons are not those of the findings"


def _where(item: Question | Finding) -> str:
    return shown(finding_name(item.requirement, item.group, item.condition))


def _signable(evidence: Evidence) -> bool:
    """A practice run may be judged on another split than the policy's; it says so, and the gate never takes it."""
    return evidence.lock is not None or not any(notice.kind == "practice_run" for notice in evidence.notices)
