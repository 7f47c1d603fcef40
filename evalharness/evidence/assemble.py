"""Put the parts together into the document of evidence.json. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from evalharness.catalogue import FAIRLEARN_HAS, METRICS
from evalharness.evidence.claimed import claim_as_json
from evalharness.evidence.group_context import group_context_as_json
from evalharness.evidence.schema import SCHEMA, TIME_FORMAT
from evalharness.records import (
    Attempt,
    BenchmarkInfo,
    Card,
    Caution,
    CheckedClaim,
    Claim,
    CostRange,
    Curve,
    Estimate,
    Exemption,
    Finding,
    GroupContext,
    Policy,
    Verdict,
    group_as_json,
)

_ACCOUNTING = ("rows", "items", "answered", "missing", "duplicate", "invalid", "extra", "other_split")


def assemble(
    *,
    claim: Claim | str,
    policy: Policy,
    card: Card,
    model_digest: str,
    benchmark: BenchmarkInfo,
    split: str,
    rows_judged: int,
    accounting: Mapping[str, int],
    blind: Mapping[str, Any] | None = None,
    moments: Sequence[Mapping[str, Any]],
    estimates: Iterable[Estimate],
    findings: Iterable[Finding],
    exemptions: Iterable[Exemption],
    verdict: Verdict,
    translation: Iterable[Estimate],
    score_summary: Mapping[str, bool | int | float | str | None] | None,
    attainable: Sequence[Mapping[str, Any]] | None,
    notices: Iterable[Caution],
    limits: Sequence[str],
    environment: Mapping[str, str],
    created: datetime | str,
    digests: Mapping[str, str],
    confusion: Sequence[Mapping[str, Any]] = (),
    ordinal: Sequence[Mapping[str, Any]] = (),
    queues: int | None = None,
    attainable_reason: str = "",
    attempt: Attempt | None = None,
    described: Iterable[Estimate] = (),
    others: Sequence[Mapping[str, Any]] = (),
    strata: Sequence[Mapping[str, Any]] = (),
    copies: Sequence[Mapping[str, Any]] = (),
    curves: Iterable[Curve] = (),
    group_context: GroupContext | None = None,
    claims: Iterable[CheckedClaim] = (),
    ranges: Iterable[CostRange] = (),
    beside: Sequence[Mapping[str, Any]] = (),
    shares: Sequence[Mapping[str, Any]] = (),
    oversight: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The evidence document as plain JSON values.

    `claim` is the claim after lowering. `accounting` has rows, answered, missing, duplicate, invalid, extra, other_split;
    `blind` what the canaries of a blind export show.
    `confusion` (`ordinal` for such a task) and `moments` are the lists of `tallies` in the evidence, `queues` how many days were
    judged where leads wait in daily queues; `created` is UTC.
    `strata` are the same three lists of the items drawn with each chance.
    `others` are the same three lists under other conditions, each with its `condition`, `copies` the pairs of items and copies; absent when
    empty.
    `described` are estimates of what the tallies do not hold, `curves` tables of the same; both are absent when empty, like
    `claims`, what the card says of the model.
    `shares` are what people did, counted (`evidence.shares`), `oversight` what else is known of that, by source; absent when empty.
    `attempt` is what a lock fixed before; null for a practice run.
    """
    document = {
        "schema": SCHEMA,
        "claim": str(claim),
        "model": _model(card, model_digest),
        "benchmark": _benchmark(benchmark, split, rows_judged),
        "policy": {"name": policy.name, "version": policy.version, "digest": policy.digest, "document": policy.document},
        "operating_point": _operating_point(policy),
        "predictions": {**{name: accounting[name] for name in _ACCOUNTING}, **({"blind": dict(blind)} if blind else {})},
        "tallies": {
            **({"ordinal": [dict(row) for row in ordinal]} if ordinal else {"confusion": [dict(row) for row in confusion]}),
            "moments": [dict(row) for row in moments],
            **({"beside": [dict(other) for other in beside]} if beside else {}),
            **({} if queues is None else {"queues": queues}),
            **({"others": [dict(other) for other in others]} if others else {}),
            **({"strata": [dict(stratum) for stratum in strata]} if strata else {}),
            **({"copies": [dict(kind) for kind in copies]} if copies else {}),
            **({"shares": [dict(row) for row in shares]} if shares else {}),
        },
        "estimates": [estimate_as_json(e) for e in estimates],
        "translation": [estimate_as_json(e) for e in translation],
        "findings": [finding_as_json(f) for f in findings],
        "verdict": {"outcome": str(verdict.outcome), "reasons": list(verdict.reasons)},
        "not_judged": [exemption_as_json(e) for e in exemptions],
        "score_summary": None if score_summary is None else dict(score_summary),
        "attainable": None if attainable is None else [dict(row) for row in attainable],
        "attainable_reason": attainable_reason,
        "notices": [{"kind": notice.kind, "text": notice.text} for notice in notices],
        "limits": list(limits),
        "environment": dict(environment),
        "created": created if isinstance(created, str) else created.astimezone(UTC).strftime(TIME_FORMAT),
        "digests": dict(digests),
    }
    if more := [estimate_as_json(e) for e in described]:
        document["described"] = more
    if tables := [curve_as_json(c) for c in curves]:
        document["curves"] = tables
    if group_context is not None:
        document["group_context"] = group_context_as_json(group_context)
    if found := [asdict(one) for one in ranges]:
        document["cost_ranges"] = found
    if oversight:
        document["oversight"] = dict(oversight)
    if told := [claim_as_json(c) for c in claims]:
        document["claims"] = told
    return document if attempt is None else {**document, "lock": attempt_as_json(attempt)}


def curve_as_json(curve: Curve) -> dict[str, Any]:
    """A curve as in the evidence."""
    return {
        "name": curve.name,
        "group": group_as_json(curve.group),
        "columns": list(curve.columns),
        "rows": [list(row) for row in curve.rows],
        "method": curve.method,
    }


def attempt_as_json(attempt: Attempt) -> dict[str, Any]:
    """The part `lock` of the evidence."""
    return {"digest": attempt.lock, "campaign": attempt.campaign, "attempt": attempt.number, "level": attempt.level}


def estimate_as_json(estimate: Estimate) -> dict[str, Any]:
    """An estimate as in the evidence; names that say nothing are left out."""
    document: dict[str, Any] = {
        "metric": estimate.metric,
        "group": group_as_json(estimate.group),
        "value": estimate.value,
        "lower": estimate.lower,
        "upper": estimate.upper,
        "level": estimate.level,
        "sides": "each",
        "method": estimate.method,
        "n": estimate.n,
        "clusters": estimate.clusters,
        "n_eff": estimate.n_eff,
        "reason": estimate.reason,
    }
    _add_gap(document, estimate)
    if estimate.between and (name := fairlearn_name(estimate.metric)):
        document["fairlearn"] = name
    if estimate.contrary_pair is not None:
        document["contrary_pair"] = [group_as_json(g) for g in estimate.contrary_pair]
    if estimate.worst_case is not None:
        document["worst_case"] = list(estimate.worst_case)
    if estimate.by_size is not None:
        document["by_size"] = list(estimate.by_size)
    if estimate.excluded:
        document["excluded"] = [group_as_json(g) for g in estimate.excluded]
    if not estimate.decides:
        document["decides"] = False
    return document


def fairlearn_name(metric: str) -> str:
    """What fairlearn calls this difference or ratio (method `between_groups`); empty where it has no name for it."""
    for suffix in ("_difference", "_ratio"):
        base = METRICS.get(metric.removesuffix(suffix))
        if metric.endswith(suffix) and base is not None:
            return f"{base.fairlearn}{suffix}" if base.fairlearn else ""
        if metric.removesuffix(suffix) in FAIRLEARN_HAS:
            return metric
    return ""


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding as in the evidence; names that say nothing are left out."""
    document: dict[str, Any] = {
        "requirement": finding.requirement,
        "metric": finding.metric,
        "group": group_as_json(finding.group),
        "outcome": str(finding.outcome),
        "value": finding.value,
        "lower": finding.lower,
        "upper": finding.upper,
        "level": finding.level,
        "method": finding.method,
        "n": finding.n,
        "clusters": finding.clusters,
        "n_eff": finding.n_eff,
        "comparison": finding.comparison,
        "bound": finding.bound,
        "attainable": finding.attainable,
        "needed": finding.needed,
        "reason": finding.reason,
    }
    if finding.corrected is not None:
        document["corrected"] = finding.corrected
    _add_gap(document, finding)
    return document


def exemption_as_json(exemption: Exemption) -> dict[str, Any]:
    """An exemption as in `not_judged`."""
    return {
        "requirement": exemption.requirement,
        "group": group_as_json(exemption.group),
        "why": exemption.why,
        "until": exemption.until.isoformat(),
    }


def _add_gap(document: dict[str, Any], record: Estimate | Finding) -> None:
    if record.between:
        document["between"] = list(record.between)
    if record.pair is not None:
        document["pair"] = [group_as_json(g) for g in record.pair]
    if record.unit:
        document["unit"] = record.unit
    if record.condition:
        document["condition"] = record.condition
    if record.rests_on:
        document["rests_on"] = list(record.rests_on)


def _operating_point(policy: Policy) -> dict[str, Any]:
    point = policy.operating_point
    chosen = "fixed" if point.certify is None else "certified"
    document: dict[str, Any] = {"threshold": point.threshold, "rule": point.rule, "chosen": chosen, "stream": policy.stream}
    if point.budget_per_day is not None:
        document["budget_per_day"] = point.budget_per_day
    if point.top_band is not None:
        document["top_band"] = point.top_band
    return document


def _model(card: Card, digest: str) -> dict[str, Any]:
    return {
        "name": card.name,
        "version": card.version,
        "adapter": card.adapter,
        "digest": digest,
        "card": card.digest,
        "family": card.family,
        "supplier": card.supplier,
        "vendor_artifact_sha256": card.vendor_artifact_sha256,
    }


def _benchmark(info: BenchmarkInfo, split: str, rows_judged: int) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": info.name,
        "task": info.task,
        "version": info.version,
        "digest": info.digest,
        "rows": info.rows,
        "synthetic": info.synthetic,
        "seed": info.seed,
        "split": split,
        "rows_judged": rows_judged,
        "attributes": list(info.attributes),
        "clustered": info.clustered,
        "positive": info.positive,
        "negative": info.negative,
        "sampling": info.sampling,
        "title": info.title,
    }
    if info.weighted:
        document["weighted"] = True
    if info.levels:
        document["levels"] = list(info.levels)
    if info.seal is not None:
        seal = info.seal
        lists = {"models": list(seal.models), "locks": list(seal.locks)}
        document["seal"] = {"digest": seal.digest, "secret": seal.secret, **lists, "dials": dict(seal.dials)}
    return document
