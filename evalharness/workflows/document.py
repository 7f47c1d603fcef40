"""Counts to the evidence document: measure, judge, assemble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from evalharness.evidence import assemble
from evalharness.evidence.shares import share_as_json
from evalharness.metrics import check_claim, cost_ranges, group_context, measure, prospects, translation
from evalharness.metrics.custom import custom_estimates
from evalharness.records import Attempt, Caution, group_as_json
from evalharness.requirements import judge, verdict
from evalharness.stats.rounding import outward
from evalharness.tally import Attainable, BestShare, ScoreSummary
from evalharness.workflows.beside_json import beside_as_json
from evalharness.workflows.better_than_possible import better_than_possible
from evalharness.workflows.blind_answers import blind_cautions
from evalharness.workflows.claims import attainable_claim
from evalharness.workflows.clock import time_text
from evalharness.workflows.copy_tallies import copies_as_json
from evalharness.workflows.counted import Counted
from evalharness.workflows.counting_copies import why_not_counted
from evalharness.workflows.counting_people import person_of
from evalharness.workflows.environment import environment
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.lax import lax_requirements
from evalharness.workflows.limits import cautions_of, claim_cautions, limits_of, unknown_bands, unusable_answers
from evalharness.workflows.oversight.certify import as_judged
from evalharness.workflows.oversight.queue import queue_with_run
from evalharness.workflows.oversight.team import team_as_json
from evalharness.workflows.tallies import counts_as_json, moments_as_json, others_as_json, strata_as_json


def evidence_document(inputs: Inputs, counted: Counted, created: datetime, attempt: Attempt | None = None) -> dict[str, Any]:
    """The document of evidence.json, as plain JSON values. With an `attempt`, judged at the level of that attempt."""
    policy, info = inputs.policy, inputs.benchmark.info
    tally, level = counted.tally, policy.confidence if attempt is None else attempt.level
    estimates = measure(tally, policy, level, inputs.every_question)
    claim, lowered = attainable_claim(policy, info)
    described, queue = counted.describe(level), queue_with_run(policy, counted.oversight)
    claims = [check_claim(claim, estimates, tally.of.metrics) for claim in inputs.card.claims]
    more = prospects(tally, inputs.questions, policy, level)
    findings = judge(inputs.questions, estimates, more, policy=as_judged(inputs), claim=claim, level=level)
    return assemble(
        claim=claim,
        policy=as_judged(inputs),
        card=inputs.card,
        model_digest=inputs.model_digest,
        benchmark=info,
        split=policy.split,
        rows_judged=int(tally.counts[0].sum()),
        accounting={**asdict(counted.accounting), "items": counted.rows},
        blind=_blind(inputs),
        **counts_as_json(tally),
        moments=moments_as_json(tally),
        others=others_as_json(tally),
        strata=strata_as_json(tally),
        copies=copies_as_json(tally.pairs, info.copies),
        queues=counted.queues,
        estimates=estimates,
        findings=findings,
        exemptions=inputs.exemptions,
        verdict=verdict(findings, policy),
        translation=translation(tally, policy, level),
        score_summary=_score_summary(counted.scores),
        attainable=None if counted.attainable is None else [_point_as_json(point) for point in counted.attainable],
        attainable_reason="" if counted.attainable is not None else "the true probability of each item is not known",
        notices=(
            *_use_cautions(inputs, counted),
            *unknown_bands(policy.task, tally.counts[0].tolist()),
            *unusable_answers(policy, info.levels, counted.accounting),
            *better_than_possible(counted.foreseen_of or tally, counted.foreseen, inputs.permitted),
            *cautions_of(policy, counted.scores, tally.counts[0].tolist(), tally.of.levels),
            *lax_requirements(policy, tally, inputs.model_digest, {each.condition: each.digest for each in inputs.references}),
            *claim_cautions(claims),
            *counted.oversight.notices,
        ),
        limits=(
            *limits_of(
                policy, inputs.card, info, counted.accounting,
                lowered=lowered, unlabelled=counted.unlabelled, has_truth=counted.attainable is not None,
            ),
            *counted.remarks,
            *counted.oversight.limits,
            *queue.limits,
            *filter(None, (why_not_counted(inputs),)),
        ),
        environment=environment(),
        beside=beside_as_json(tally, [*(reference.record for reference in inputs.references), person_of(info)]),
        created=time_text(created),
        digests=_digests(inputs),
        attempt=attempt,
        described=(*described.estimates, *custom_estimates(inputs.customs, tally, counted.of_rows, level)),
        curves=(*described.curves, *counted.oversight.curves),
        shares=[share_as_json(row) for row in tally.shares],
        oversight={**counted.oversight.parts, **team_as_json(tally, policy, level), **queue.part},
        group_context=group_context(tally, level, inputs.every_question),
        claims=claims,
        ranges=cost_ranges(tally, inputs.questions, policy, level),
    )  # fmt: skip


def _use_cautions(inputs: Inputs, counted: Counted) -> Iterator[Caution]:
    policy, info, practice = inputs.policy, inputs.benchmark.info, inputs.benchmark.practice
    if practice:
        yield Caution(kind="practice_run", text=f"Practice run: {practice}. It can never be signed for use.")
    if policy.benchmark != info.name:
        text = (
            f"This run used the benchmark '{info.name}'; the policy is about '{policy.benchmark}'. It can never be signed for this policy."
        )
        yield Caution(kind="other_benchmark", text=text)
    if inputs.blind is not None:
        yield from blind_cautions(inputs.blind, counted.accounting)


def _blind(inputs: Inputs) -> dict[str, Any] | None:
    if inputs.blind is None:
        return None
    file, check = inputs.blind.key.file, inputs.blind.check
    return {
        "export": file.export,
        "practice": file.practice,
        "canaries": check.items,
        "answered": check.answered,
        "agreeing": check.agreeing,
        "p_value": outward(check.p_value, direction="up"),
    }


def _score_summary(summary: ScoreSummary | None) -> dict[str, Any] | None:
    return None if summary is None else asdict(summary)


def _point_as_json(point: Attainable | BestShare) -> dict[str, Any]:
    return {**asdict(point), "group": group_as_json(point.group)}


def _digests(inputs: Inputs) -> dict[str, str]:
    found = {
        "artifact": inputs.model_digest,
        "card": inputs.card.digest,
        "policy": inputs.policy.digest,
        "benchmark": inputs.benchmark.info.digest,
        "manifest": inputs.manifest,
    }
    return {name: digest for name, digest in found.items() if digest is not None}
