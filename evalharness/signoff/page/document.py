"""The page for programs: the same facts as JSON, in ASCII, so that no text in it can do anything to whoever prints it."""

from __future__ import annotations

import json
from typing import Any

from evalharness.signoff.decisions import DecisionRead
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.words import ONLY_THE_GATE

SCHEMA = "evalharness/decision-page/v1"


def document_bytes(facts: PageFacts) -> bytes:
    """decision.json."""
    return (json.dumps(_document(facts), ensure_ascii=True, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def _document(facts: PageFacts) -> dict[str, Any]:
    state, marks, refs = facts.state, facts.marks, facts.refs
    return {
        "schema": SCHEMA,
        "note": ONLY_THE_GATE,
        "as_of": facts.as_of,
        "approved_for": facts.evidence.claim if state.approved else None,
        "reasons": list(state.reasons),
        "seats": [{"role": s.role, "wanted": s.wanted, "people": list(s.people), "open": s.open} for s in state.seats],
        "verdict": facts.evidence.verdict.outcome,
        "claim": facts.evidence.claim,
        "digests": {"evidence": refs.evidence, "report": refs.report, "lock": refs.lock, "test_result": refs.test_result},
        "policy": refs.policy.model_dump(mode="json"),
        "benchmark": refs.benchmark.model_dump(mode="json"),
        "model": None if refs.model is None else refs.model.model_dump(mode="json"),
        "operating_point": refs.operating_point.model_dump(mode="json"),
        "root": facts.root,
        "rehearsal_keys": facts.rehearsal,
        "team": None if facts.team is None else list(facts.team),
        "decisions": [_decision(read, facts) for read in facts.read.decisions],
        "altered": list(facts.read.altered),
        "revoked": [mark.model_dump(mode="json") for mark in marks.revoked],
        "suspended": [mark.model_dump(mode="json") for mark in marks.suspended],
        "discharged": [mark.model_dump(mode="json") for mark in marks.discharged],
    }


def _decision(read: DecisionRead, facts: PageFacts) -> dict[str, Any]:
    why_not = facts.state.why_not.get(read.signed.digest)
    return {
        "file": read.signed.name,
        "digest": read.signed.digest,
        "keys": list(read.signed.keys),
        "organisation": facts.organisations.get(read.predicate.author.person),
        "counts": why_not is None,
        "why_not": list(why_not or ()),
        "predicate": read.predicate.model_dump(mode="json", by_alias=True),
    }
