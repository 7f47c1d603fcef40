"""One place says whether evidence can ever be signed, and everything that asks it hears the same."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import DIGEST, build, policy_of

from evalharness.admission.matching import Expected, differences
from evalharness.errors import BadInput
from evalharness.evidence import Evidence, bars_under_lock, evidence_bytes, never_signed, read_evidence
from evalharness.records import Attempt
from evalharness.report.standing import standing
from evalharness.signoff.predicates import Author, SignersRef
from evalharness.signoff.results import result_payload

LOCKED = Attempt(lock=DIGEST, campaign="severity-grading/maker", number=1, level=0.95)
BLIND = {"export": "0" * 16, "practice": True, "canaries": 200, "answered": 200, "agreeing": 90, "p_value": 0.9}
AUTHOR = Author(
    person="ben", role="independent_evaluator", created="2026-01-01T00:00:00Z",
    signers=SignersRef(version=1, digest=DIGEST, root=DIGEST),
)  # fmt: skip


def _blind(document: dict[str, Any]) -> None:
    document["predictions"]["blind"] = BLIND


def _noticed(kind: str) -> Any:
    return lambda document: document["notices"].append({"kind": kind, "text": "A reason."})


def _elsewhere(document: dict[str, Any]) -> None:
    document["benchmark"]["name"] = "another"


CHANGES = {
    "blind": _blind,
    "labels_seen": _noticed("labels_seen"),
    "practice_items": _noticed("practice_run"),
    "other_benchmark": _elsewhere,
}


def evidence_with(kind: str = "", *, locked: bool = True) -> Evidence:
    document = build("ordinal", attempt=LOCKED if locked else None)
    if kind:
        CHANGES[kind](document)
    return read_evidence(evidence_bytes(document))


def told(evidence: Evidence) -> str:
    expected = Expected(
        model_digest=DIGEST, card_digest=DIGEST, policy=policy_of("ordinal"), benchmark=evidence.benchmark.name,
        benchmark_digest=evidence.benchmark.digest, manifest_digest=evidence.digests.get("manifest", ""), facts=evidence.benchmark.facts,
    )  # fmt: skip
    return "; ".join(differences(evidence, expected))


def test_a_locked_run_on_the_policy_s_items_can_be_signed() -> None:
    evidence = evidence_with()
    assert never_signed(evidence) == ()
    assert standing(evidence) is None
    assert "can never be signed" not in told(evidence)
    assert result_payload(evidence, DIGEST, AUTHOR)


@pytest.mark.parametrize("kind", CHANGES)
def test_what_can_never_be_signed_is_so_for_the_report_the_test_result_and_the_gate(kind: str) -> None:
    evidence = evidence_with(kind)
    (bar,) = never_signed(evidence)
    assert bar.kind == kind
    found = standing(evidence)
    assert found is not None
    assert found.banner.startswith("NOT FOR SIGNING")
    assert f"it can never be signed: {bar.words}" in told(evidence)
    with pytest.raises(BadInput, match="this evidence can have no test result"):
        result_payload(evidence, DIGEST, AUTHOR)


@pytest.mark.parametrize("kind", CHANGES)
def test_a_practice_run_stays_about_the_same_things_so_that_its_failures_count(kind: str) -> None:
    """But for labels that were seen: such answers are nobody's."""
    evidence = evidence_with(kind, locked=False)
    assert [bar.kind for bar in never_signed(evidence)] == ["unlocked", kind]
    assert [bar.kind for bar in bars_under_lock(evidence)] == [kind]
    assert ("can never be signed" in told(evidence)) is (kind == "labels_seen")
