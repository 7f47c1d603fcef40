"""compare.json: the whole comparison for programs, RFC 8785 canonical."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from evalharness.digests import canonical_json
from evalharness.records import group_as_json
from evalharness.records.comparison import ComparedFinding, ComparedModel, Comparison, Disagreement
from evalharness.records.estimate import Estimate
from evalharness.report.compared.words import NEVER_EVIDENCE

SCHEMA = "evalharness/comparison/v1"


def document_bytes(comparison: Comparison) -> bytes:
    """compare.json."""
    return canonical_json(comparison_document(comparison))


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Plain JSON values. `difference`, `lower` and `upper` are positive where the challenger is wrong more often."""
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
        "margin": {"value": comparison.margin, "stated": comparison.margin_stated},
        "level": comparison.level,
        "confidence": comparison.confidence,
        "attempt": comparison.attempt,
        "attempts_spent_if_signed": len(comparison.models),
        "attempt_levels": [{"attempt": attempt, "level": level} for attempt, level in comparison.attempt_levels],
        "models": [_model(model) for model in comparison.models],
        "paired": [asdict(finding) for finding in comparison.findings],
        "recall_and_false_positive_rate_together": [asdict(both) for both in comparison.both],
        "disagreements": [_disagreement(each) for each in comparison.disagreements],
        "notices": list(comparison.notices),
    }


def _model(model: ComparedModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "version": model.version,
        "digest": model.digest,
        "card": model.card,
        "incumbent": model.incumbent,
        "verdict": model.verdict,
        "answered": model.answered,
        "no_answer": model.no_answer,
        "dominated_by": list(model.dominated_by),
        "dominated_on": "measured values, not bounds",
        "estimates": [_estimate(estimate) for estimate in model.estimates],
        "findings": [_finding(finding) for finding in model.findings],
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    names = ("metric", "unit", "value", "lower", "upper", "level", "method", "n", "clusters", "n_eff", "reason")
    return {name: getattr(estimate, name) for name in names}


def _finding(finding: ComparedFinding) -> dict[str, Any]:
    return {**asdict(finding), "group": group_as_json(finding.group)}


def _disagreement(each: Disagreement) -> dict[str, Any]:
    return {**asdict(each), "group": group_as_json(each.group)}
