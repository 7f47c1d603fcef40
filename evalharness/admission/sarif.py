"""The gate's answer as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from evalharness.admission.decision import CODES, MEANING, Decision, Reason
from evalharness.errors import shown

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_text(decision: Decision, version: str) -> str:
    """One result for each reason; none exactly when approved. `version`: of the harness."""
    driver = {
        "name": "evalharness gate",
        "version": version,
        "rules": [{"id": _rule(code), "shortDescription": {"text": MEANING[code]}} for code in CODES],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": decision.code, "exitCodeDescription": MEANING[decision.code]}],
        "results": [_result(reason, decision) for reason in decision.reasons],
        "properties": {"approved": decision.approved, "claim": decision.claim, "model": decision.model, "benchmark": decision.benchmark},
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def _rule(code: int) -> str:
    return f"gate-{code}"


def _result(reason: Reason, decision: Decision) -> dict[str, Any]:
    uri = f"reports/{quote(reason.run)}/evidence.json" if reason.run else f"policies/{quote(decision.policy)}.yaml"
    key = f"{reason.code}\n{reason.run}\n{reason.text}"
    return {
        "ruleId": _rule(reason.code),
        "ruleIndex": CODES.index(reason.code),
        "level": "error",
        "message": {"text": shown(reason.text, 1000)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}}],
        "partialFingerprints": {"reason/v1": sha256(key.encode("utf-8", "backslashreplace")).hexdigest()},
    }
