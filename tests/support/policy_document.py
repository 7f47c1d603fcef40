"""The smallest policy that is in order, for tests that put their own requirements in or judge their own questions."""

from __future__ import annotations

from typing import Any

POLICY_DIGEST = "sha256:" + "0" * 64
POLICY_DOCUMENT: dict[str, Any] = {
    "schema": "evalharness/policy/v1",
    "name": "example",
    "version": 1,
    "title": "t",
    "claim": "rehearsal",
    "population": "p",
    "intended_use": "u",
    "prohibited_uses": ["x"],
    "stream": "synthetic",
    "task": "binary",
    "benchmark": "b",
    "confidence": 0.95,
    "operating_point": {"threshold": 0.5},
    "requirements": [{"id": "recall", "metric": "recall", "at_least": 0.9}],
    "sign_off": {"roles": {"owner": 1}, "developers_may_not_sign": True, "valid_for_days": 1},
}
