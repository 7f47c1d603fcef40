"""Estimates against bounds. Compares numbers that metrics computed; makes none."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.errors import Fault
from evalharness.records import Claim, Estimate, Finding, Group, Outcome, Policy, Prospect, Question, Verdict, worst
from evalharness.records.oversight_certify import UNCERTIFIED
from evalharness.records.share import DECLARED, ENRICHED, SYNTHETIC
from evalharness.requirements.bounds import by_size, clears, misses, undecided
from evalharness.requirements.names import finding_name
from evalharness.requirements.oversight.reach import within_reach

_Key = tuple[str, Group, tuple[str, ...], tuple[Group, ...], str, str]
_WORDS = {
    Outcome.NOT_MET: "not met",
    Outcome.NOT_EVALUABLE: "not evaluable",
    Outcome.NOT_DEMONSTRATED: "not demonstrated",
    Outcome.MET: "met",
}
_WORST_FIRST = tuple(Outcome)
_REFUSED = "it is met only because items without an answer do not count against it; counted in the worst way, they would"
_OF_PEOPLE = frozenset(metric.name for metric in OVERSIGHT_METRICS)
_WANTS_MORE = frozenset({"at_least", "min_ratio"})
_ONE_SETTING = (
    "it is asked at every setting of the recipe's plausible ranges, and a run is at one of them; `evaluate --stress` judges it, as practice"
)


def judge(
    questions: Iterable[Question],
    estimates: Iterable[Estimate],
    prospects: Mapping[Question, Prospect],
    *,
    policy: Policy,
    claim: Claim,
    level: float | None = None,
) -> tuple[Finding, ...]:
    """One finding for each question, in their order.

    Met: the deciding bound reaches the goal (equality counts). Not met: the opposite bound lies strictly beyond it. Not evaluable: the
    quantity cannot be computed, no estimate or more than one answers, or a declared sensitivity would decide above a rehearsal (`claim` is
    the evidence's). Everything else is not demonstrated. `level` is the least at which a bound may decide: that of the run's attempt;
    null, or less, is the policy's confidence. Raises Fault when an answered question has no prospect.
    """
    questions = tuple(questions)
    asked = policy.confidence if level is None else max(level, policy.confidence)
    answers: dict[_Key, list[Estimate]] = defaultdict(list)
    for estimate in estimates:
        answers[_key(estimate.metric, estimate)].append(estimate)
    found = tuple(_finding(q, answers.get(_key(q.estimate_metric, q), ()), prospects.get(q), asked, claim) for q in questions)
    of_people = {key[0]: several[0] for key, several in answers.items() if not any(key[1:]) and len(several) == 1}
    found = tuple(within_reach(finding, question, of_people, policy) for finding, question in zip(found, questions, strict=True))
    return found if _has_point(policy) else tuple(_unjudged(finding) for finding in found)


def _has_point(policy: Policy) -> bool:
    """Whether there is a threshold to judge at: none is where the policy has one certified and none could be."""
    return policy.operating_point.certify is None or policy.operating_point.threshold is not None


def _unjudged(finding: Finding) -> Finding:
    return replace(finding, outcome=Outcome.NOT_EVALUABLE, reason=UNCERTIFIED, corrected=None)


def verdict(findings: Iterable[Finding], policy: Policy) -> Verdict:
    """The worst finding, and every finding that is not met by name, worst first. A requirement without a finding is not evaluable."""
    found = list(findings)
    answered = {finding.requirement for finding in found}
    missing = [r.id for r in policy.requirements if r.id not in answered]
    outcome = worst([f.outcome for f in found] + [Outcome.NOT_EVALUABLE] * (len(missing) or not found))
    worst_first = sorted((f for f in found if f.outcome is not Outcome.MET), key=lambda f: _WORST_FIRST.index(f.outcome))
    reasons = [f"{finding_name(f.requirement, f.group, f.condition)}: {_WORDS[f.outcome]}: {f.reason}" for f in worst_first]
    reasons += [f"{name}: not evaluable: nothing was found about it" for name in missing]
    return Verdict(outcome=outcome, reasons=tuple(reasons) or (f"every finding is met ({len(found)})" if found else "there is no finding",))


def _key(metric: str, asked: Question | Estimate) -> _Key:
    groups = tuple(sorted(asked.group)), tuple(sorted(asked.between)), tuple(sorted(asked.excluded))
    return metric, *groups, asked.unit, asked.condition


def _finding(question: Question, answers: Sequence[Estimate], prospect: Prospect | None, level: float, claim: Claim) -> Finding:
    answers = () if question.on.over_range else answers  # whatever is said to answer it: evidence holds the counts of one setting
    estimate = answers[0] if len(answers) == 1 else _nothing(question, level)
    if prospect is None:
        if answers:
            raise Fault(f"no prospect for {finding_name(question.requirement, question.group, question.condition)}")
        prospect = Prospect(attainable=False, needed=None)
    outcome, reason = (
        (Outcome.NOT_EVALUABLE, _unanswered(question, prospect) if not answers else "more than one estimate answers it")
        if len(answers) != 1
        else _outcome(question, estimate, prospect, level, claim)
    )
    return Finding(
        requirement=question.requirement,
        metric=question.estimate_metric,
        group=question.group,
        outcome=outcome,
        value=estimate.value,
        lower=estimate.bounds[0],
        upper=estimate.bounds[1],
        level=estimate.level,
        method=estimate.method,
        n=estimate.n,
        clusters=estimate.clusters,
        n_eff=estimate.n_eff,
        comparison=question.comparison,
        bound=question.bound,
        attainable=prospect.attainable,
        needed=prospect.needed,
        reason=reason,
        corrected=prospect.corrected if outcome is Outcome.NOT_MET else None,
        between=question.between,
        pair=estimate.contrary_pair if outcome is Outcome.NOT_MET else estimate.pair,
        unit=question.unit,
        condition=question.condition,
        rests_on=estimate.rests_on,
    )


def _nothing(question: Question, level: float) -> Estimate:
    return Estimate(
        metric=question.estimate_metric,
        group=question.group,
        condition=question.condition,
        value=None,
        lower=None,
        upper=None,
        level=level,
        method="none",
        n=0,
        clusters=0,
        n_eff=0.0,
    )


def _unanswered(question: Question, prospect: Prospect) -> str:
    """Under a condition, and of what people do, it may be that nobody counted."""
    if question.on.over_range:
        return _ONE_SETTING
    told = question.condition or question.metric in _OF_PEOPLE
    return _joined("no estimate answers it", prospect.reason if told else "")


def _outcome(question: Question, estimate: Estimate, prospect: Prospect, level: float, claim: Claim) -> tuple[Outcome, str]:
    """The outcome, and why.

    A quantity without a value may still be shown to miss its goal, by the opposite bound. What only `prospect` knows is appended once,
    so that judging a recorded finding again gives the same words.
    """
    goal, more = question.bound, question.comparison in _WANTS_MORE
    opposite = estimate.bounds[1 if more else 0]
    fails = misses(opposite, goal, more)
    if refused := _unmeasured(question, estimate, claim):
        return refused
    if question.comparison == "equals":
        return _equals(question, estimate, level)
    admissible = estimate.decides and estimate.level >= level
    known = estimate.value is not None and not math.isnan(estimate.value)
    if not known and not (fails and admissible):
        return Outcome.NOT_EVALUABLE, estimate.reason or "it cannot be computed"
    if not admissible:
        why = (
            "its bounds may not decide"
            if not estimate.decides
            else f"its bounds hold at {estimate.level:.10g}, this run is judged at {level:.10g}"
        )
        return Outcome.NOT_DEMONSTRATED, _joined(why, estimate.reason)
    if fails:
        name = "upper" if more else "lower"
        return Outcome.NOT_MET, _joined(f"the {name} bound {opposite:.10g} is {'below' if more else 'above'} {goal:.10g}", prospect.reason)
    return _not_failed(question, estimate, prospect)


def _unmeasured(question: Question, estimate: Estimate, claim: Claim) -> tuple[Outcome, str] | None:
    """What nobody has measured decides rehearsals only; a study of enriched items demonstrates nothing above them."""
    if claim is Claim.REHEARSAL:
        return None
    if question.metric == "system_recall":
        return Outcome.NOT_EVALUABLE, f"the reviewers' sensitivity is only declared, which decides rehearsals and not a claim of {claim}"
    unmeasured = [name for name in estimate.rests_on if name.startswith(DECLARED) or name == SYNTHETIC]
    if unmeasured:
        return Outcome.NOT_EVALUABLE, f"it rests on what nobody has measured ({'; '.join(unmeasured)}), which decides rehearsals only"
    if ENRICHED in estimate.rests_on:
        return Outcome.NOT_DEMONSTRATED, "people were shown more relevant items than there are at work, which changes how they judge"
    return None


def _equals(question: Question, estimate: Estimate, level: float) -> tuple[Outcome, str]:
    """A complete count is the goal, or it is not; what has bounds apart is no complete count and shows nothing."""
    value, goal = estimate.value, question.bound
    if value is None or math.isnan(value):
        return Outcome.NOT_EVALUABLE, estimate.reason or "it cannot be computed"
    if not (estimate.decides and estimate.level >= level and estimate.lower is not None and estimate.lower == estimate.upper):
        return Outcome.NOT_DEMONSTRATED, "it is not counted completely, so nothing shows that it is exactly so much"
    if value == estimate.lower == goal:
        return Outcome.MET, ""
    return Outcome.NOT_MET, f"it is {value:.10g} and must be exactly {goal:.10g}; it is counted completely, so no other sample changes that"


def _not_failed(question: Question, estimate: Estimate, prospect: Prospect) -> tuple[Outcome, str]:
    """Met only if the deciding bound reaches the goal, and would do so whatever the items without an answer had been called."""
    goal, more = question.bound, question.comparison in _WANTS_MORE
    side = 0 if more else 1
    deciding = estimate.bounds[side]
    if not clears(deciding, goal, more):
        why = f"{undecided(deciding, goal, more, prospect)}{by_size(estimate, goal, more)}"
        return Outcome.NOT_DEMONSTRATED, _joined(why, prospect.reason or estimate.reason)
    if estimate.worst_case is None or clears(estimate.worst_case[side], goal, more):
        return Outcome.MET, prospect.reason
    return Outcome.NOT_DEMONSTRATED, _joined(_REFUSED, prospect.reason)


def _joined(own: str, further: str) -> str:
    if further.startswith(own):
        return further
    return f"{own}; {further}" if further else own
