"""JSON Schemas of the statements, as committed in docs/schemas/statements/. They say the form, not what a statement is worth."""

from __future__ import annotations

from typing import Any

from evalharness.signoff.envelope import PAYLOAD_TYPE, STATEMENT_TYPE
from evalharness.signoff.predicates import ABSENT_WHEN_NONE, DECISION, KEY, POLICY_LOCK, PREDICATES, SIGNERS, STATUS_LIST, TEST_RESULT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAMES = {
    KEY: "key-v1",
    SIGNERS: "signers-v1",
    POLICY_LOCK: "policy-lock-v1",
    TEST_RESULT: "test-result-v1",
    DECISION: "decision-v1",
    STATUS_LIST: "status-list-v1",
}
"""Predicate type -> name of its schema."""
_HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_BASE64 = {"type": "string", "contentEncoding": "base64", "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"}


def statement_json_schemas() -> dict[str, dict[str, Any]]:
    """Name -> schema: one of the decoded payload for each kind of statement, and one of the envelope around any of them."""
    return {**{NAMES[kind]: _statement(kind) for kind in PREDICATES}, "envelope-v1": _envelope()}


def _statement(kind: str) -> dict[str, Any]:
    model = PREDICATES[kind]
    predicate = model.model_json_schema(by_alias=True)
    definitions = {**predicate.pop("$defs", {}), model.__name__: predicate}
    for part in definitions.values():
        part["required"] = sorted(set(part["properties"]) - ABSENT_WHEN_NONE)  # what has a default is written all the same
    return {
        "$schema": DIALECT,
        "$id": f"evalharness/statements/{NAMES[kind]}",
        "title": f"in-toto Statement of type {kind}",
        **_object(
            {
                "_type": {"const": STATEMENT_TYPE},
                "subject": {"type": "array", "minItems": 1, "maxItems": 100, "items": _subject()},
                "predicateType": {"const": kind},
                "predicate": {"$ref": f"#/$defs/{model.__name__}"},
            }
        ),
        "$defs": definitions,
    }


def _envelope() -> dict[str, Any]:
    signature = _object({"keyid": _HEX, "sig": {**_BASE64, "minLength": 88, "maxLength": 88}})
    return {
        "$schema": DIALECT,
        "$id": "evalharness/statements/envelope-v1",
        "title": "DSSE envelope: Ed25519 signatures, sorted by key id, each key once",
        **_object(
            {
                "payload": _BASE64,
                "payloadType": {"const": PAYLOAD_TYPE},
                "signatures": {"type": "array", "minItems": 1, "maxItems": 100, "items": signature},
            }
        ),
    }


def _subject() -> dict[str, Any]:
    return _object({"name": {"type": "string", "minLength": 1, "maxLength": 400}, "digest": _object({"sha256": _HEX})})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}
