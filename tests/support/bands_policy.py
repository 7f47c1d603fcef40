"""Policies with bands of any task, written to a file and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml_text
from policy_document import POLICY_DOCUMENT

from evalharness.records import Policy
from evalharness.requirements import read_policy

SENSITIVITY = {"low": 0.7, "high": 1.0, "source": "declared"}
FIRST: dict[str, Any] = {"name": "first", "from": 0.9, "readers": 2, "third_reader": "disagreement"}
REVIEW: dict[str, Any] = {"name": "review", "from": "operating_point", "readers": 1}
REST: dict[str, Any] = {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 90}
TOP: dict[str, Any] = {"name": "top", "levels": ["high"], "readers": 1}
TODAY: dict[str, Any] = {"name": "today", "within_budget": True, "readers": 1}
POINTS = {
    "binary": {"threshold": 0.5},
    "ordinal": {"rule": "label"},
    "ranking": {"budget_per_day": 5},
    "linkage": {"threshold": 0.5},
    "risk": {"top_band": "high"},
}


def read_bands(folder: Path, task: str, bands: list[dict[str, Any]] | None, *, requirement: Any = None, **more: Any) -> Policy:
    """A policy of the task with these bands, and with other keys of its block on people; `point` is its operating point."""
    people = {"minutes_per_review": 3, "items_per_week": 100, "reviewer_sensitivity": SENSITIVITY, "bands": bands, **more}
    document = {
        **POLICY_DOCUMENT, "task": task, "operating_point": more.pop("point", POINTS[task]),
        "human_in_the_loop": {key: value for key, value in people.items() if value is not None and key != "point"},
        "requirements": [requirement or {"id": "answers", "metric": "no_answer_rate", "at_most": 0.1}],
    }  # fmt: skip
    path = folder / "policy.yaml"
    path.write_text(yaml_text.dump(document), encoding="utf-8")
    return read_policy(path)
