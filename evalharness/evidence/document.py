"""Evidence as bytes: canonical writing, and reading that refuses anything the harness would not have written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rfc8785
from pydantic import ValidationError

from evalharness.digests import canonical_json, read_canonical, sha256_bytes
from evalharness.errors import Altered, Fault, NoEvidence, shown
from evalharness.evidence.schema import SCHEMA, EstimatePart, Evidence, FindingPart
from evalharness.records import Estimate, Finding, Group, Outcome, group_from_json

LARGEST = 1 << 26
"""Bytes; evidence of 168 groups is about 2 MiB."""
_SHOWN = 20
_FAMILY = "evalharness/evidence/"


def evidence_bytes(document: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes of an assembled document. Raises Fault for a number that JSON cannot carry."""
    try:
        return canonical_json(dict(document))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Fault(f"the evidence cannot be written as canonical JSON: {error}") from error


def read_evidence(source: bytes | Path) -> Evidence:
    """The evidence in `source`, checked.

    Raises NoEvidence when the file is absent, and Altered when the bytes are not exactly what this version would have written:
    not JSON, not canonical, another schema version, a missing, unknown or malformed value.
    """
    data = source if isinstance(source, bytes) else _read(source)
    if len(data) > LARGEST:
        raise Altered([f"the evidence is longer than {LARGEST} bytes"])
    _check_schema(_canonical_document(data))
    return evidence_as_written(data)


def evidence_as_written(data: bytes) -> Evidence:
    """The evidence in bytes that `evidence_bytes` has just returned: checked against the schema, not for canonical form again."""
    try:
        evidence = Evidence.model_validate_json(data)
    except ValidationError as error:
        raise Altered(_reasons(error)) from error
    evidence._digest = sha256_bytes(data)
    return evidence


def evidence_json_schema() -> dict[str, Any]:
    """JSON Schema of `evidence.json`, as committed in docs/schemas/evidence-v1.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **Evidence.model_json_schema(by_alias=True)}


def estimates_of(evidence: Evidence) -> tuple[Estimate, ...]:
    """The recorded estimates, as records."""
    return tuple(_estimate(e) for e in evidence.estimates)


def translation_of(evidence: Evidence) -> tuple[Estimate, ...]:
    """The recorded translation per 1,000 items and per week, as records."""
    return tuple(_estimate(e) for e in evidence.translation)


def findings_of(evidence: Evidence) -> tuple[Finding, ...]:
    """The recorded findings, as records."""
    return tuple(_finding(f) for f in evidence.findings)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NoEvidence(f"there is no evidence at {shown(str(path), 400)}")
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise Altered([f"the evidence cannot be read: {error.strerror or error}"]) from error


def _canonical_document(data: bytes) -> Any:
    try:
        return read_canonical(data)
    except RecursionError as error:
        raise Altered(["the evidence is nested too deeply"]) from error
    except ValueError as error:  # not UTF-8, not JSON, NaN, integers beyond 2**53, lone surrogates, other bytes for the same value
        raise Altered([f"the evidence is not canonical JSON ({error}): its bytes were changed, or written by something else"]) from error


def _check_schema(document: Any) -> None:
    if not isinstance(document, dict):
        raise Altered(["the evidence is not a JSON object"])
    schema = document.get("schema")
    if schema == SCHEMA:
        return
    if isinstance(schema, str) and schema.startswith(_FAMILY):
        raise Altered([f"the evidence has the schema {shown(schema)}; this version reads {SCHEMA}: use the version that wrote it"])
    raise Altered([f"the evidence has no schema this version knows: got {shown(schema)}, expected {SCHEMA}"])


def _reasons(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    reasons = [f"evidence {'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in found[:_SHOWN]]
    return reasons + ([f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else [])


def _pair(groups: tuple[dict[str, str], dict[str, str]] | None) -> tuple[Group, Group] | None:
    return None if groups is None else (group_from_json(groups[0]), group_from_json(groups[1]))


def _estimate(part: EstimatePart) -> Estimate:
    return Estimate(
        metric=part.metric,
        group=group_from_json(part.group),
        value=part.value,
        lower=part.lower,
        upper=part.upper,
        level=part.level,
        method=part.method,
        n=part.n,
        clusters=part.clusters,
        n_eff=part.n_eff,
        reason=part.reason,
        between=part.between,
        pair=_pair(part.pair),
        contrary_pair=_pair(part.contrary_pair),
        worst_case=part.worst_case,
        by_size=part.by_size,
        rests_on=part.rests_on,
        excluded=tuple(group_from_json(g) for g in part.excluded),
        unit=part.unit,
        condition=part.condition,
        decides=part.decides,
    )


def _finding(part: FindingPart) -> Finding:
    return Finding(
        requirement=part.requirement,
        metric=part.metric,
        group=group_from_json(part.group),
        outcome=Outcome(part.outcome),
        value=part.value,
        lower=part.lower,
        upper=part.upper,
        level=part.level,
        method=part.method,
        n=part.n,
        clusters=part.clusters,
        n_eff=part.n_eff,
        comparison=part.comparison,
        bound=part.bound,
        attainable=part.attainable,
        needed=part.needed,
        reason=part.reason,
        corrected=part.corrected,
        between=part.between,
        pair=_pair(part.pair),
        unit=part.unit,
        condition=part.condition,
        rests_on=part.rests_on,
    )
