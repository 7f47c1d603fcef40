"""compare.json: the whole comparison for programs, RFC 8785 canonical."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from evalharness.digests import canonical_json
from evalharness.records import group_as_json
from evalharness.records.comparison import ComparedFinding, ComparedModel, Comparison
from evalharness.records.estimate import Estimate
from evalharness.records.paired import Disagreement
from evalharness.report.compared.words import NEVER_EVIDENCE

SCHEMA = "evalharness/comparison/v1"
ESTIMATE = ("metric", "unit", "value", "lower", "upper", "level", "method", "n", "clusters", "n_eff", "reason")
"""What is told of an estimate."""


def document_bytes(comparison: Comparison) -> bytes:
    """compare.json."""
    return canonical_json(comparison_document(comparison))


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Plain JSON values. `difference`, `lower` and `upper` are positive where the challenger is wrong more often."""
    attempts = [{"model": name, "attempt": attempt, "level": level} for name, attempt, level in comparison.attempts]
    return {
        "schema": SCHEMA,
        "note": NEVER_EVIDENCE,
        "evidence": False,
        "claim": comparison.claim,
        "created": comparison.created,
        "policy": {"name": comparison.policy, "version": comparison.policy_version, "digest": comparison.policy_digest},
        "benchmark": {
            "name": comparison.benchmark,
            "digest": comparison.benchmark_digest,
            "task": comparison.task,
            "split": comparison.split,
            "items": comparison.items,
            "unlabelled": comparison.unlabelled,
            "clustered": comparison.clustered,
        },
        "incumbent": comparison.incumbent,
        "dominance": {"metrics": list(comparison.drawn), "on": "measured values, not bounds"},
        "margin": {"value": comparison.margin, "stated": comparison.margin_stated},
        "confidence": comparison.confidence,
        "practice": comparison.attempt is None,
        "attempt": comparison.attempt,
        "attempts_spent": [] if comparison.attempt is None else attempts,
        "attempts_if_signed": attempts,
        "models": [_model(model) for model in comparison.models],
        "paired": [asdict(finding) for finding in comparison.findings],
        "together": {"metrics": list(comparison.together), "findings": [asdict(both) for both in comparison.both]},
        "disagreements": [_disagreement(each) for each in comparison.disagreements],
        "costs": None if comparison.costs is None else asdict(comparison.costs),
        "orders": [asdict(each) for each in comparison.orders],
        "notices": list(comparison.notices),
    }


def _model(model: ComparedModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "version": model.version,
        "digest": model.digest,
        "card": model.card,
        "incumbent": model.incumbent,
        "level": model.level,
        "cautions": [asdict(caution) for caution in model.cautions],
        "verdict": model.verdict,
        "answered": model.answered,
        "no_answer": model.no_answer,
        "dominated_by": list(model.dominated_by),
        "estimates": [_estimate(estimate) for estimate in model.estimates],
        "findings": [_finding(finding) for finding in model.findings],
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    lower, upper = estimate.bounds
    return {name: getattr(estimate, name) for name in ESTIMATE} | {"lower": lower, "upper": upper}


def _finding(finding: ComparedFinding) -> dict[str, Any]:
    return {**asdict(finding), "group": group_as_json(finding.group)}


def _disagreement(each: Disagreement) -> dict[str, Any]:
    return {**asdict(each), "group": group_as_json(each.group)}
