"""Several models on the same items: who is worse where, and whether a challenger may take the incumbent's place in a lock.

A comparison serves to choose. It is never evidence: it cannot be signed, and the gate never reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalharness.catalogue import COMPARED, paired_metrics
from evalharness.files.atomic import new_folder
from evalharness.files.workspace import find_workspace
from evalharness.metrics import measure
from evalharness.metrics.cost_ratio import cost_ratio
from evalharness.metrics.dominated import dominating
from evalharness.metrics.paired import Asked, both_findings, disagreements, paired_findings
from evalharness.metrics.paired_order import order_pair
from evalharness.records import OVERALL, Caution, Prospect, attempt_level
from evalharness.records.comparison import ComparedFinding, ComparedModel, Comparison
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.report.compared import compared_faces, comparison_document
from evalharness.requirements import judge, verdict
from evalharness.tally import ConfusionTally
from evalharness.workflows.claims import attainable_claim
from evalharness.workflows.clock import resolve_time, time_text
from evalharness.workflows.compare_certified import (
    at_own_thresholds,
    hold_nothing_against,
    hold_nothing_together,
    thresholds_told,
    without_threshold,
)
from evalharness.workflows.compare_counting import CountedModel, CountedTogether, count_together
from evalharness.workflows.compare_elsewhere import counted_elsewhere, judged_elsewhere
from evalharness.workflows.compare_inputs import CompareRequest, read_compared
from evalharness.workflows.compare_notices import notices
from evalharness.workflows.counted import account_of
from evalharness.workflows.counting_beside import count_beside
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.lax import lax_requirements, wide_margin
from evalharness.workflows.limits import cautions_of, unknown_bands, unusable_answers
from evalharness.workflows.oversight.certify import as_judged

_NOT_PLANNED = Prospect(attainable=True, needed=None)
"""A comparison does not say what more data would show: `evaluate` does."""


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
    track: str | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Compared:
    """Runs every model on the same items of the policy's benchmark, in one pass, and holds each challenger against the incumbent.

    models: two or more, each as for `evaluate`; the first is the incumbent unless `baseline` names another of them.
    margin: how many more items, as a share, may be decided wrongly by a challenger that still counts as not worse; default .01.
    attempt: the first attempt of a campaign that the models spend: the challengers are judged as this one and those after it, in the order
    named, and the incumbent as the last. Null: a practice comparison, at the policy's confidence.
    out: the folder that is made with compare.html, compare.md and compare.json; null: nothing is written.
    track: MLflow tracking URI; a tracking failure is a notice and never touches what was written.
    Raises BadInput with every problem of the inputs at once; nothing is written then.
    """
    created = resolve_time(at)
    place = find_workspace(workspace)
    request = CompareRequest(
        policy=str(policy), models=tuple(str(model) for model in models), baseline=baseline, margin=margin, attempt=attempt,
        benchmark=None if benchmark is None else str(benchmark), split=split, rows=rows, seed=seed, out=out,
    )  # fmt: skip
    every = read_compared(place, request, created, progress, notice)
    every = at_own_thresholds(every, _levels(every, request.attempt), progress)
    counted = count_together(every, progress)
    comparison = compared(every, counted, request, created)
    if out is not None:
        with new_folder(out.absolute()) as folder:
            for name, data in compared_faces(comparison).items():
                (folder / name).write_bytes(data)
    written = None if out is None else out.absolute()
    if track is not None:
        from evalharness.tracking import track_comparison  # noqa: PLC0415  mlflow is heavy and optional

        track_comparison(track, comparison_document(comparison), written, notice)
    return Compared(comparison=comparison, folder=written)


def _levels(every: Sequence[Inputs], attempt: int | None) -> dict[str, float]:
    """By model: the level at which it is judged."""
    names, confidence = [inputs.card.name for inputs in every], every[0].policy.confidence
    return dict.fromkeys(names, confidence) if attempt is None else {name: of for name, _, of in attempts_of(names, confidence, attempt)}


def compared(every: Sequence[Inputs], counted: CountedTogether, request: CompareRequest, created: datetime) -> Comparison:
    """Counts to the whole comparison."""
    first = every[0]
    policy, info = first.policy, first.benchmark.info
    attempts = attempts_of([inputs.card.name for inputs in every], policy.confidence, request.attempt)
    asked = Asked(
        margin=request.judged_margin,
        level=policy.confidence,
        own=None if request.attempt is None else {name: level for name, _, level in attempts},
    )
    tally = counted.models[0].tally
    of, compared_on = paired_metrics(tally.of), COMPARED[policy.task]
    paired = dict(zip((inputs.card.name for inputs in every[1:]), counted.paired, strict=True))
    without = without_threshold(every)
    findings = hold_nothing_against(paired_findings(paired, of, asked), first.card.name, without)
    models = _placed([_model(*of_one, asked) for of_one in zip(every, counted.models, strict=True)], counted, without)
    return Comparison(
        policy=policy.name,
        policy_version=policy.version,
        policy_digest=policy.digest,
        benchmark=info.name,
        benchmark_digest=info.digest,
        task=policy.task,
        split=policy.split,
        claim=attainable_claim(policy, info)[0].value,
        items=int(tally.counts[0].sum()),
        unlabelled=counted.unlabelled,
        clustered=tally.clustered,
        incumbent=first.card.name,
        margin=request.judged_margin,
        margin_stated=request.margin is not None,
        confidence=policy.confidence,
        attempt=request.attempt,
        attempts=attempts,
        models=models,
        together=tuple(metric.name for metric in of if metric.together),
        drawn=compared_on.drawn,
        findings=findings,
        both=hold_nothing_together(both_findings(paired, of, asked), first.card.name, without),
        disagreements=tuple(
            d
            for name, own in paired.items()
            if not {name, first.card.name} & without
            for d in disagreements(name, own, of, asked.level_of(name))
        ),
        costs=(
            None
            if without
            else cost_ratio({model.name: own.tally for model, own in zip(models, counted.models, strict=True)}, paired, asked)
        ),
        orders=tuple(
            order_pair(name, own, asked.level_of(name)) for name, own in zip(paired, counted.orders, strict=False) if own is not None
        ),
        notices=(*thresholds_told(every), *wide_margin(request.judged_margin, findings), *notices(every, counted, models)),
        created=time_text(created),
    )


def attempts_of(models: Sequence[str], confidence: float, first: int | None) -> tuple[tuple[str, int, float], ...]:
    """(model, attempt, level) of each model: the challengers as attempt `first` and those after it, in their order, the incumbent last.

    models: the incumbent, then the challengers. Without `first`: as if they were the first ones of a campaign.
    """
    order = (*models[1:], models[0])
    return tuple((name, k, attempt_level(confidence, k)) for k, name in enumerate(order, start=first or 1))


def _model(inputs: Inputs, counted: CountedModel, asked: Asked) -> ComparedModel:
    """One model, measured and judged as `evaluate` does, at its own level."""
    policy, account, card = inputs.policy, counted.accounting, inputs.card
    tally = replace(counted.tally, account=account_of(account), beside=count_beside(inputs, silent))
    level = asked.level_of(card.name)
    estimates = measure(tally, policy, level, inputs.every_question)
    claim, _ = attainable_claim(policy, inputs.benchmark.info)
    questions = [question for question in inputs.questions if not counted_elsewhere(question)]
    planned = dict.fromkeys(questions, _NOT_PLANNED)
    findings = judge(questions, estimates, planned, policy=as_judged(inputs), claim=claim, level=level)
    elsewhere = set(judged_elsewhere(inputs))
    judged = replace(policy, requirements=tuple(r for r in policy.requirements if r.id not in elsewhere))
    beside = COMPARED[policy.task].beside
    return ComparedModel(
        name=card.name,
        version=card.version,
        digest=inputs.model_digest,
        card=card.digest,
        incumbent=False,
        level=level,
        verdict=verdict(findings, judged).outcome.value,
        findings=tuple(
            ComparedFinding(requirement=f.requirement, group=f.group, outcome=f.outcome.value, value=f.value, lower=f.lower, upper=f.upper)
            for f in findings
        ),
        estimates=tuple(e for e in estimates if e.metric in beside and e.group == OVERALL and not (e.between or e.condition)),
        answered=account.answered,
        no_answer=account.missing + account.duplicate + account.invalid,
        dominated_by=(),
        cautions=tuple(_cautions(inputs, counted, tally)),
    )


def _cautions(inputs: Inputs, counted: CountedModel, tally: ConfusionTally) -> Iterator[Caution]:
    """What `evaluate` would warn of on page one. `tally`: with the counts beside other models."""
    policy, overall = inputs.policy, counted.tally.counts[0].tolist()
    yield from unknown_bands(policy.task, overall)
    yield from unusable_answers(policy, inputs.benchmark.info.levels, counted.accounting)
    yield from cautions_of(policy, counted.scores, overall, counted.tally.of.levels)
    yield from lax_requirements(policy, tally, inputs.model_digest, {each.condition: each.digest for each in inputs.references})


def _placed(models: Sequence[ComparedModel], counted: CountedTogether, without: frozenset[str]) -> tuple[ComparedModel, ...]:
    """The incumbent marked, and which models dominate which; those without a threshold have no part in it."""
    of = counted.models[0].tally.of
    up, across = COMPARED[of.task].drawn
    points = {model.name: (None, None) if model.name in without else (model.value(up), model.value(across)) for model in models}
    found = dominating(points, (of.metrics[up], of.metrics[across]))
    return tuple(replace(model, incumbent=place == 0, dominated_by=found[model.name]) for place, model in enumerate(models))
