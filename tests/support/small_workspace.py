"""A small workspace on disk: a supplied table without features, predictions for it, a policy. Real files, no fakes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml_text

SEXES, RACES = ("F", "M"), ("A", "B", "C")


def table(rows: int = 7_000, seed: int = 3, *, recall: float = 0.97, false_alarms: float = 0.1) -> pd.DataFrame:
    """Labels, string groups and a score that finds `recall` of the positives at threshold 0.5."""
    rng = np.random.default_rng(seed)
    positive = rng.random(rows) < 0.3
    chosen = np.where(positive, rng.random(rows) < recall, rng.random(rows) < false_alarms)
    return pd.DataFrame(
        {
            "item_id": [f"item-{i:06d}" for i in range(rows)],
            "y_true": np.where(positive, "1", "0"),
            "sex": np.array(SEXES)[rng.integers(0, 2, rows)],
            "race": np.array(RACES)[rng.choice(3, rows, p=[0.6, 0.3, 0.1])],
            "score": np.where(chosen, 0.5 + rng.random(rows) / 2, rng.random(rows) / 2).round(6),
        }
    )


def policy(**changes: Any) -> dict[str, Any]:
    """A policy that the default table meets."""
    document: dict[str, Any] = {
        "schema": "evalharness/policy/v1",
        "name": "small",
        "version": 1,
        "title": "Small policy",
        "claim": "rehearsal",
        "population": "Rows of a test.",
        "intended_use": "Testing.",
        "prohibited_uses": ["anything else"],
        "stream": "synthetic",
        "task": "binary",
        "benchmark": "small",
        "confidence": 0.95,
        "intersections": 2,
        "operating_point": {"threshold": 0.5},
        "requirements": [
            {"id": "recall", "metric": "recall", "at_least": 0.9, "why": "w"},
            {"id": "everyone", "metric": "recall", "at_least": 0.8, "for_each": ["sex", ["sex", "race"]], "why": "w"},
            {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01, "why": "w"},
        ],
        "sign_off": {"roles": {"senior_responsible_owner": 1}, "developers_may_not_sign": True, "valid_for_days": 30},
    }
    document.update(changes)
    return {key: value for key, value in document.items() if value is not None}


@dataclass
class SmallWorkspace:
    """Writes the files; every part can be replaced before or after `write`."""

    root: Path
    rows: pd.DataFrame = field(default_factory=table)
    document: dict[str, Any] = field(default_factory=policy)

    @property
    def benchmark(self) -> Path:
        return self.root / "datasets_synthetic" / "small"

    @property
    def predictions(self) -> Path:
        return self.root / "model_cards" / "predictions.csv"

    @property
    def policy_file(self) -> Path:
        return self.root / "policies" / "small.yaml"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def write(self) -> SmallWorkspace:
        self.benchmark.mkdir(parents=True, exist_ok=True)
        self.policy_file.parent.mkdir(exist_ok=True)
        (self.root / "model_cards").mkdir(exist_ok=True)
        self.write_table(self.rows.drop(columns="score"))
        self.write_benchmark()
        self.write_policy(self.document)
        self.write_predictions(self.rows[["item_id", "score"]])
        return self

    def write_table(self, rows: pd.DataFrame) -> None:
        rows.to_csv(self.benchmark / "items.csv", index=False, lineterminator="\n")

    def write_benchmark(self, **changes: Any) -> None:
        document = {
            "schema": "evalharness/benchmark/v1",
            "name": "small",
            "version": 1,
            "task": "binary",
            "table": "items.csv",
            "columns": {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"]},
            "positive": 1,
        }
        document.update(changes)
        (self.benchmark / "benchmark.yaml").write_text(yaml_text.dump({k: v for k, v in document.items() if v is not None}))

    def write_policy(self, document: dict[str, Any]) -> None:
        self.policy_file.write_text(yaml_text.dump(document))

    def write_predictions(self, rows: pd.DataFrame) -> None:
        rows.to_csv(self.predictions, index=False, lineterminator="\n")

    def write_card(self, name: str = "vendor", **changes: Any) -> Path:
        """A card for the predictions file as it lies on disk now."""
        digest = "sha256:" + hashlib.sha256(self.predictions.read_bytes()).hexdigest()
        block = {
            "adapter": "predictions", "artifact": "predictions.csv", "sha256": digest, "version": "1", "family": "unknown",
            "supplier": "a supplier", "team": ["dev-1"], "classes": ["0", "1"], "score": "probability of 1", "score_range": "unit",
        }  # fmt: skip
        block.update(changes)
        path = self.root / "model_cards" / f"{name}.md"
        path.write_text("---\n" + yaml_text.dump({"license": "apache-2.0", "evalharness": block}) + "---\n\n# A card\n")
        return path
