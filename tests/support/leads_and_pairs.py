"""Small workspaces where leads are put in order, and where records are linked: a supplied table, a policy, stored answers, review logs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml_text
from command import Answer, evalharness
from review_logs import Study, log_of
from small_workspace import policy

HUMAN = {
    "minutes_per_review": 3, "items_per_week": 100, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
    "review_study": {"allocation": "random"},
}  # fmt: skip
ASKED = [
    {"id": "readers", "metric": "reader_recall", "at_least": 0.4, "for_each": ["sex"], "why": "w"},
    {"id": "leaning", "metric": "automation_bias", "at_most": 0.9, "why": "w"},
    {"id": "seeds", "metric": "seeded_detection", "at_least": 0.1, "why": "w"},
]
SEX = np.array(["F", "M"])


@dataclass
class Space:
    """A workspace with one supplied table, and what is known of its items: the columns that name them, truth and decision."""

    root: Path
    task: str
    items: pd.DataFrame
    names: pd.DataFrame
    truth: np.ndarray
    decision: np.ndarray
    declared: dict[str, Any]
    point: dict[str, Any]
    predictions: pd.DataFrame
    words: dict[str, str]
    """0 and 1 in `label`."""
    told: dict[str, str]
    """0 and 1 in `shown`."""
    pairs: pd.DataFrame | None = None
    human: dict[str, Any] = field(default_factory=lambda: HUMAN)
    asked: list[dict[str, Any]] = field(default_factory=lambda: ASKED)

    def write(self) -> Space:
        folder = self.root / "datasets_synthetic" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (self.root / "policies").mkdir(exist_ok=True)
        self.items.to_csv(folder / "items.csv", index=False)
        if self.pairs is not None:
            self.pairs.to_csv(folder / "pairs.csv", index=False)
        stated = {"schema": "evalharness/benchmark/v1", "name": "small", "version": 1, "task": self.task, "table": "items.csv"}
        (folder / "benchmark.yaml").write_text(yaml_text.dump({**stated, **self.declared}))
        document = policy(task=self.task, operating_point=self.point, requirements=self.asked, human_in_the_loop=self.human)
        (self.root / "policies" / "small.yaml").write_text(yaml_text.dump(document))
        self.predictions.to_csv(self.root / "predictions.csv", index=False)
        return self

    def log(self, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
        """In the words of the task; of each row the place of its item is the index."""
        plain = pd.DataFrame({"item_id": range(len(self.names)), "y_true": self.truth, "score": self.decision * 1.0})
        log, assigned = log_of(plain, study)
        log["shown"] = log["shown"].astype(str).replace(self.told)
        log["label"] = log["label"].astype(str).replace(self.words)
        return self.named(log), self.named(assigned)

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        place = table["item_id"].to_numpy()
        return pd.concat([self.names.iloc[place], table.drop(columns="item_id").set_axis(place)], axis=1)

    def run(self, *more: object, name: str = "run") -> Answer:
        return evalharness(
            "evaluate", "--policy", "small", "--model", f"predictions:{self.root / 'predictions.csv'}", "--workspace", self.root, "--out",
            self.root / name, *more,
        )  # fmt: skip

    def reviewed(self, log: pd.DataFrame, assigned: pd.DataFrame, name: str = "run") -> Answer:
        log.to_csv(self.root / "log.csv", index=False, lineterminator="\n")
        assigned.to_csv(self.root / "assigned.csv", index=False, lineterminator="\n")
        return self.run("--reviews", self.root / "log.csv", "--assigned", self.root / "assigned.csv", name=name)

    def evidence(self, name: str = "run") -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / name / "evidence.json").read_bytes())
        return found


def ranking(root: Path) -> Space:
    draw, rows, budget = np.random.default_rng(5), 1_500, 12
    truth, day, score = (draw.random(rows) < 0.3).astype(int), np.sort(draw.integers(0, 40, rows)), draw.random(rows).round(6)
    score = ((score + truth / 2) / 2).round(6)
    order = pd.DataFrame({"day": day, "score": score}).groupby("day")["score"].rank(ascending=False, method="first")
    names = pd.DataFrame({"item_id": [f"i{n:04d}" for n in range(rows)]})
    items = names.assign(
        y=truth, sex=SEX[draw.integers(0, 2, rows)], day=[f"d{d}" for d in day], at=range(rows), case=[f"c{n // 5}" for n in range(rows)]
    )
    return Space(
        root, "ranking", items, names, truth, (order <= budget).to_numpy().astype(int),
        {"columns": {"id": "item_id", "groups": ["sex"], "label": "y", "queue": "day", "arrived": "at", "cluster": "case"}, "positive": 1},
        {"budget_per_day": budget}, names.assign(score=score), {"0": "0", "1": "1"}, {"0": "beyond", "1": "within"},
    )  # fmt: skip


def linkage(root: Path) -> Space:
    draw = np.random.default_rng(6)
    entity = np.repeat(np.arange(500), draw.choice([1, 2, 3], 500, p=[0.4, 0.35, 0.25]))
    ids = np.array([f"r{n:04d}" for n in range(len(entity))])
    same = [p for e in range(500) for p in combinations(np.flatnonzero(entity == e).tolist(), 2) if draw.random() < 0.95]
    other = {(int(min(p)), int(max(p))) for p in draw.integers(0, len(entity), (900, 2)) if entity[p[0]] != entity[p[1]]}
    every = np.array([*same, *sorted(other)])
    turned = draw.random(len(every)) < 0.5
    left, right = np.where(turned, every[:, 1], every[:, 0]), np.where(turned, every[:, 0], every[:, 1])
    truth = (entity[left] == entity[right]).astype(int)
    decision = np.where(draw.random(len(every)) < 0.15, 1 - truth, truth)
    names = pd.DataFrame({"left_id": ids[left], "right_id": ids[right]})
    items = pd.DataFrame({"item_id": ids, "e": [f"e{e}" for e in entity], "sex": SEX[draw.integers(0, 2, 500)][entity]})
    words = {"0": "no link", "1": "link"}
    return Space(
        root, "linkage", items, names, truth, decision,
        {"columns": {"id": "item_id", "groups": ["sex"], "entity": "e"}, "pairs": "pairs.csv"}, {"threshold": 0.5},
        names.assign(score=np.where(decision == 1, 0.9, 0.2)), words, words, names,
    )  # fmt: skip
