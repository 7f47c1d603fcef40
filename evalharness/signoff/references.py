"""What a run is about, as statements refer to it. Everything comes from the evidence and from the bytes that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evalharness.digests import sha256_bytes
from evalharness.evidence import Evidence
from evalharness.evidence.store import StoredRun
from evalharness.records.decimals import decimal_text
from evalharness.signoff.predicates import BenchmarkRef, ModelRef, PointRef, PolicyRef
from evalharness.signoff.results import RESULT_FILE

REPORT_FILE = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Everything that a decision of one run names."""

    evidence: str
    """Digest of evidence.json."""
    report: str
    """Digest of report.html."""
    test_result: str
    """Digest of the test result's file; empty where there is none."""
    lock: str
    """Digest of the lock that the evidence names; empty for a practice run."""
    claim: str
    policy: PolicyRef
    benchmark: BenchmarkRef
    model: ModelRef | None
    """None for a model without a card."""
    operating_point: PointRef

    def fields(self) -> dict[str, Any]:
        """As fields of a `DecisionPredicate`."""
        return {name: getattr(self, name) for name in _FIELDS}

    def subject(self) -> dict[str, str]:
        """Subject of a decision: names and digests."""
        result = {RESULT_FILE: self.test_result} if self.test_result else {}
        return {"evidence.json": self.evidence, REPORT_FILE: self.report, **result}


_FIELDS = ("evidence", "report", "test_result", "lock", "claim", "policy", "benchmark", "model", "operating_point")


def references(run: StoredRun) -> References:
    """Of a run folder as read."""
    evidence = run.evidence
    result = run.statements.get(RESULT_FILE)
    return References(
        evidence=run.digest,
        report=sha256_bytes(run.files.get(REPORT_FILE, b"")),
        test_result="" if result is None else sha256_bytes(result),
        lock="" if evidence.lock is None else evidence.lock.digest,
        claim=evidence.claim,
        policy=policy_ref(evidence),
        benchmark=benchmark_ref(evidence),
        model=model_ref(evidence),
        operating_point=point_ref(evidence),
    )


def policy_ref(evidence: Evidence) -> PolicyRef:
    return PolicyRef(name=evidence.policy.name, version=evidence.policy.version, digest=evidence.policy.digest)


def benchmark_ref(evidence: Evidence) -> BenchmarkRef:
    benchmark = evidence.benchmark
    return BenchmarkRef(name=benchmark.name, digest=benchmark.identity, rows=benchmark.rows, seed=benchmark.seed, split=benchmark.split)


def model_ref(evidence: Evidence) -> ModelRef | None:
    model = evidence.model
    return None if model.card is None else ModelRef(name=model.name, digest=model.digest, card=model.card)


def point_ref(evidence: Evidence) -> PointRef:
    point = evidence.operating_point
    return PointRef(
        rule=point.rule,
        threshold=None if point.stated is None else decimal_text(point.stated),
        stream=point.stream,
        budget_per_day=point.budget_per_day,
        top_band=point.top_band,
    )
