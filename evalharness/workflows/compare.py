"""Several models on the same items: who is worse where, and whether a challenger may take the incumbent's place in a lock.

A comparison serves to choose. It is never evidence: it cannot be signed, and the gate never reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalharness.files.atomic import new_folder
from evalharness.files.workspace import find_workspace
from evalharness.metrics import measure, prospects
from evalharness.metrics.paired import both_findings, disagreements, paired_findings
from evalharness.records import OVERALL, Estimate, attempt_level
from evalharness.records.comparison import ComparedFinding, ComparedModel, Comparison
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.report.compared import compared_faces
from evalharness.requirements import judge, verdict
from evalharness.workflows.claims import attainable_claim
from evalharness.workflows.clock import resolve_time, time_text
from evalharness.workflows.compare_counting import CountedTogether, count_together
from evalharness.workflows.compare_inputs import CompareRequest, read_compared
from evalharness.workflows.inputs import Inputs

BESIDE = (
    "recall", "false_positive_rate", "precision", "review_rate", "review_minutes_per_1000", "reviews_per_find", "no_answer_rate",
    "expected_cost",
)  # fmt: skip
"""Estimates that stand beside each other, model by model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A finished comparison."""

    comparison: Comparison
    folder: Path | None
    """What was written; None without `out`."""


def compare(
    policy: str | Path,
    models: Sequence[str | Path],
    *,
    baseline: str | None = None,
    margin: float | None = None,
    attempt: int | None = None,
    benchmark: str | Path | None = None,
    workspace: Path | None = None,
    out: Path | None = None,
    at: str | datetime | None = None,
    split: str | None = None,
    rows: int | None = None,
    seed: int | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Compared:
    """Runs every model on the same items of the policy's benchmark, in one pass, and holds each challenger against the incumbent.

    models: two or more, each as for `evaluate`; the first is the incumbent unless `baseline` names another of them.
    margin: how many more items, as a share, may be decided wrongly by a challenger that still counts as not worse; default .01.
    attempt: judge at the level of this attempt of a campaign, the last of those that the models spend; null: at the policy's confidence.
    out: the folder that is made with compare.html, compare.md and compare.json; null: nothing is written.
    Raises BadInput with every problem of the inputs at once; nothing is written then.
    """
    created = resolve_time(at)
    place = find_workspace(workspace)
    request = CompareRequest(
        policy=str(policy), models=tuple(str(model) for model in models), baseline=baseline, margin=margin, attempt=attempt,
        benchmark=None if benchmark is None else str(benchmark), split=split, rows=rows, seed=seed, out=out,
    )  # fmt: skip
    every = read_compared(place, request, created, progress, notice)
    counted = count_together(every, progress)
    comparison = compared(every, counted, request, created)
    if out is not None:
        with new_folder(out.absolute()) as folder:
            for name, data in compared_faces(comparison).items():
                (folder / name).write_bytes(data)
    return Compared(comparison=comparison, folder=None if out is None else out.absolute())


def compared(every: Sequence[Inputs], counted: CountedTogether, request: CompareRequest, created: datetime) -> Comparison:
    """Counts to the whole comparison."""
    first, level = every[0], request.level(every[0].policy)
    policy, info = first.policy, first.benchmark.info
    paired = dict(zip((inputs.card.name for inputs in every[1:]), counted.paired, strict=True))
    findings = paired_findings(paired, request.judged_margin, level)
    models = [_model(inputs, counted, place, level) for place, inputs in enumerate(every)]
    return Comparison(
        policy=policy.name,
        policy_version=policy.version,
        policy_digest=policy.digest,
        benchmark=info.name,
        benchmark_digest=info.digest,
        task=policy.task,
        split=policy.split,
        claim=attainable_claim(policy, info)[0].value,
        items=int(counted.own[0].counts[0].sum()),
        unlabelled=counted.unlabelled,
        clustered=counted.own[0].clustered,
        incumbent=first.card.name,
        margin=request.judged_margin,
        margin_stated=request.margin is not None,
        confidence=policy.confidence,
        level=level,
        attempt=request.attempt,
        attempt_levels=_attempt_levels(policy.confidence, request.attempt, len(every)),
        models=tuple(replace(model, dominated_by=_dominating(model, models)) for model in models),
        findings=findings,
        both=both_findings(paired, request.judged_margin, level),
        disagreements=tuple(d for name, tally in paired.items() for d in disagreements(name, tally, level)),
        notices=tuple(_notices(every, counted)),
        created=time_text(created),
    )


def _attempt_levels(confidence: float, last: int | None, models: int) -> tuple[tuple[int, float], ...]:
    """The levels of one attempt for each model: those up to the attempt that was named, or the first ones of a campaign."""
    end = max(models, last or 0)
    return tuple((k, attempt_level(confidence, k)) for k in range(end - models + 1, end + 1))


def _model(inputs: Inputs, counted: CountedTogether, place: int, level: float) -> ComparedModel:
    """One model, measured and judged as `evaluate` does."""
    policy, tally, account = inputs.policy, counted.own[place], counted.accounting[place]
    estimates = measure(tally, policy, level, inputs.every_question)
    more = prospects(tally, inputs.questions, policy, level)
    claim, _ = attainable_claim(policy, inputs.benchmark.info)
    findings = judge(inputs.questions, estimates, more, policy=policy, claim=claim, level=level)
    card = inputs.card
    return ComparedModel(
        name=card.name,
        version=card.version,
        digest=inputs.model_digest,
        card=card.digest,
        incumbent=place == 0,
        verdict=verdict(findings, policy).outcome.value,
        findings=tuple(
            ComparedFinding(requirement=f.requirement, group=f.group, outcome=f.outcome.value, value=f.value, lower=f.lower, upper=f.upper)
            for f in findings
        ),
        estimates=tuple(e for e in estimates if e.metric in BESIDE and e.group == OVERALL and not e.between and not e.condition),
        answered=account.answered,
        no_answer=account.missing + account.duplicate + account.invalid,
        dominated_by=(),
    )


def _dominating(model: ComparedModel, models: Sequence[ComparedModel]) -> tuple[str, ...]:
    """Models at least as good in recall and in workload and better in one of the two, on the measured values."""
    mine = _recall_and_workload(model)
    if mine is None:
        return ()
    found = []
    for other in models:
        theirs = _recall_and_workload(other)
        if theirs is None or other.name == model.name or theirs == mine:
            continue
        if theirs[0] >= mine[0] and theirs[1] <= mine[1]:
            found.append(other.name)
    return tuple(found)


def _recall_and_workload(model: ComparedModel) -> tuple[float, float] | None:
    recall, reviewed = (_value(model.estimate(name)) for name in ("recall", "review_rate"))
    return None if recall is None or reviewed is None else (recall, reviewed)


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def _notices(every: Sequence[Inputs], counted: CountedTogether) -> Iterator[str]:
    first = every[0]
    if first.benchmark.practice:
        yield f"Practice: {first.benchmark.practice}."
    if first.policy.benchmark != first.benchmark.info.name:
        yield f"The policy is about the benchmark '{first.policy.benchmark}'; this comparison used '{first.benchmark.info.name}'."
    if bad := first.policy.example_of_bad_policy:
        yield f"This policy is an example of a bad policy; meeting it means nothing: {bad}"
    if counted.unlabelled:
        lacking = "whose true band nobody knows" if first.policy.task == "risk" else "without a label"
        yield f"Rows of the split {lacking}, which are in no count: {counted.unlabelled:,}."
    for inputs in every:
        if inputs.card.digest is None:
            yield f"{inputs.card.name} has no card: without one it can never be approved."
    for inputs, remarks in zip(every, counted.remarks, strict=True):
        for remark in remarks:
            yield f"{inputs.card.name}: {remark}"
