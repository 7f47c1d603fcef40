"""Is this evidence about exactly what is to be admitted?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evalharness.evidence import Evidence, bars_under_lock
from evalharness.files.seal import Seal, opening_problems
from evalharness.records import BenchmarkFacts, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The exact things that evidence must be about."""

    model_digest: str
    card_digest: str | None
    policy: Policy
    benchmark: str
    benchmark_digest: str
    manifest_digest: str = ""
    """Of the bytes of the committed manifest.json; empty: there is none, and nothing matches."""
    facts: BenchmarkFacts | None = None
    """What the committed files say of the benchmark; null: they cannot be read, and nothing matches."""
    seal: Seal | None = None
    """The committed seal, where the policy asks for sealed items."""
    harms: Mapping[str, Any] = field(default_factory=dict)
    """Those of the committed recipe: the ranges from which a seal's dials are drawn."""


def differences(evidence: Evidence, expected: Expected) -> tuple[str, ...]:
    """In words, everything in which the evidence is about something else; empty when it matches."""
    model, policy, benchmark, point = evidence.model, evidence.policy, evidence.benchmark, evidence.operating_point
    wanted = expected.policy
    asked = wanted.operating_point
    checks = (
        (model.digest == expected.model_digest, "another model artefact"),
        (model.card == expected.card_digest, "another text of the model card"),
        (policy.name == wanted.name, f"another policy ('{policy.name}')"),
        (policy.digest == wanted.digest and policy.document == wanted.document, "another text of the policy"),
        (benchmark.name == expected.benchmark, f"another benchmark ('{benchmark.name}')"),
        (
            benchmark.identity == expected.benchmark_digest,
            "other benchmark items (rows, seed or content differ from the committed manifest)",
        ),
        (evidence.digests.get("manifest") == expected.manifest_digest, "another text of the committed manifest.json"),
        (benchmark.split == wanted.split, f"another split ('{benchmark.split}')"),
        (
            (point.rule, point.stated, point.budget_per_day, point.top_band)
            == (asked.rule, asked.threshold, asked.budget_per_day, asked.top_band),
            "another operating point",
        ),
        (point.stream == wanted.stream, "another stream of items"),
    )
    return (
        *(text for holds, text in checks if not holds),
        *_unsignable(evidence),
        *_unsealed(evidence, expected),
        *_untrue(evidence, expected.facts),
    )


def _unsignable(evidence: Evidence) -> Iterator[str]:
    """Why nobody could ever sign it although it names a lock. A practice run is about the same things, and its failures count."""
    for bar in bars_under_lock(evidence):
        if evidence.lock is not None or bar.kind == "labels_seen":
            yield f"it can never be signed: {bar.words}"


def _unsealed(evidence: Evidence, expected: Expected) -> tuple[str, ...]:
    """Where items do not follow from the seal that the policy asks for, or from one that it does not ask for."""
    seal, told = expected.seal, evidence.benchmark.seal
    if seal is None or told is None:
        return () if seal is None and told is None else ("items that are sealed where they should not be, or the other way round",)
    wrong = opening_problems(seal, told.facts, expected.harms)
    return wrong if evidence.model.digest in told.models else (*wrong, "the model was not locked when the seal was opened")


def _untrue(evidence: Evidence, facts: BenchmarkFacts | None) -> Iterator[str]:
    """What the evidence says of the benchmark and the committed files do not: whether its items are made up, above all."""
    unlike = ("everything",) if facts is None else facts.unlike(evidence.benchmark.facts)
    yield from (f"it says something else of the benchmark than the committed files do: {name}" for name in unlike)
