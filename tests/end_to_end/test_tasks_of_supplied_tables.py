"""A small supplied table of each task, evaluated from stored predictions; counts compared with pandas and plain Python."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml_text
from command import evalharness
from sklearn.linear_model import LogisticRegression
from small_workspace import policy

AT = "2026-11-22T09:00:00Z"
RNG = np.random.default_rng(11)
SEX = np.array(["F", "M"])


@dataclass
class Space:
    """A workspace with one benchmark, one policy and one file of predictions."""

    root: Path
    task: str
    items: pd.DataFrame
    predictions: pd.DataFrame
    point: dict[str, Any]
    columns: dict[str, Any]
    requirements: list[dict[str, Any]]
    keys: dict[str, Any] = field(default_factory=dict)
    pairs: pd.DataFrame | None = None

    def write(self) -> Space:
        folder = self.root / "datasets_synthetic" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (self.root / "policies").mkdir(exist_ok=True)
        self.items.to_csv(folder / "items.csv", index=False)
        declared = {
            "schema": "evalharness/benchmark/v1", "name": "small", "version": 1, "task": self.task, "table": "items.csv",
            "columns": {"id": "item_id", "groups": ["sex"], **self.columns}, **self.keys,
        }  # fmt: skip
        if self.pairs is not None:
            self.pairs.to_csv(folder / "pairs.csv", index=False)
            declared["pairs"] = "pairs.csv"
        (folder / "benchmark.yaml").write_text(yaml_text.dump(declared))
        document = policy(task=self.task, operating_point=self.point, requirements=self.requirements)
        (self.root / "policies" / "small.yaml").write_text(yaml_text.dump(document))
        self.predictions.to_csv(self.root / "predictions.csv", index=False)
        return self

    def evaluate(self, name: str = "run", model: str = "") -> dict[str, Any]:
        named = model or f"predictions:{self.root / 'predictions.csv'}"
        answer = evalharness(
            "evaluate", "--policy", "small", "--model", named, "--workspace", self.root, "--out", self.root / name, "--at", AT
        )
        assert answer.code == 0, answer.err
        verified = evalharness("verify", self.root / name, "--workspace", self.root)
        assert verified.code == 0, verified.out + verified.err
        return json.loads((self.root / name / "evidence.json").read_bytes())


def required(metric: str, **more: Any) -> dict[str, Any]:
    bound = {} if "at_most" in more else {"at_least": 0.1}
    return {"id": metric.replace("_", "-"), "metric": metric, "why": "w", **bound, **more}


def confusion(evidence: dict[str, Any], **group: str) -> dict[str, int]:
    row = next(row for row in evidence["tallies"]["confusion"] if row["group"] == group)
    return {name: count for name, count in row.items() if name != "group"}


def value(evidence: dict[str, Any], metric: str, **group: str) -> float:
    return next(e["value"] for e in evidence["estimates"] if e["metric"] == metric and e["group"] == group)


def six(truth: np.ndarray, decision: np.ndarray) -> dict[str, int]:
    names = {(1, 1): "tp", (0, 1): "fp", (1, 0): "fn", (0, 0): "tn", (1, -1): "no_answer_positive", (0, -1): "no_answer_negative"}
    return {name: int(((truth == label) & (decision == said)).sum()) for (label, said), name in names.items()}


LEVELS = ["none", "C", "B", "A"]


def ordinal(root: Path) -> Space:
    rows = 400
    label = RNG.integers(0, 4, rows)
    scores = np.eye(4)[label] * 0.5 + RNG.integers(0, 6, (rows, 4)) / 10
    items = pd.DataFrame({"item_id": [f"i{n}" for n in range(rows)], "y": np.array(LEVELS)[label], "sex": SEX[RNG.integers(0, 2, rows)]})
    items.loc[:4, "y"] = ""  # nobody labelled these
    predictions = pd.DataFrame({"item_id": items["item_id"], **{level: (scores[:, k] / 2).round(2) for k, level in enumerate(LEVELS)}})
    predictions.loc[10:19, "B"] = np.nan
    return Space(
        root, "ordinal", items, predictions, {"rule": "label"}, {"label": "y"},
        [required("exact_agreement"), required("under_grading_1", at_most=0.9, for_each=["sex"])], {"levels": LEVELS},
    )  # fmt: skip


def test_ordinal_scores_of_levels_grade_by_the_highest_and_ties_go_to_the_graver(tmp_path: Path) -> None:
    space = ordinal(tmp_path).write()
    evidence = space.evaluate()
    scores = space.predictions[LEVELS].to_numpy()
    said = np.array([-1 if np.isnan(row).any() else max(k for k in range(4) if row[k] == row.max()) for row in scores])
    truth = np.array([LEVELS.index(y) if y else -1 for y in space.items["y"]])
    for row in evidence["tallies"]["ordinal"]:
        chosen = (truth >= 0) & (space.items["sex"] == row["group"]["sex"] if row["group"] else True)
        matrix = [[int((chosen & (truth == t) & (said == p)).sum()) for p in range(4)] for t in range(4)]
        assert (row["labels"], row["matrix"]) == (LEVELS, matrix)
        assert row["no_answer"] == [int((chosen & (truth == t) & (said == -1)).sum()) for t in range(4)]
    assert evidence["predictions"]["invalid"] == 10
    assert value(evidence, "exact_agreement") == pytest.approx(((truth == said) & (truth >= 0)).sum() / (truth >= 0).sum())
    labels = np.where(said >= 0, np.array(LEVELS)[said], "unheard of")
    space.predictions = pd.DataFrame({"item_id": space.items["item_id"], "label": labels}).sample(frac=1, random_state=1)
    again = space.write().evaluate("labels")
    assert again["tallies"] == evidence["tallies"]
    assert again["predictions"] == evidence["predictions"]


def ranking(root: Path) -> Space:
    rows, days = 600, 20
    label = (RNG.random(rows) < 0.2).astype(int)
    day = np.sort(RNG.integers(0, days, rows))
    items = pd.DataFrame(
        {"item_id": [f"i{n:03d}" for n in range(rows)], "y": label, "sex": SEX[RNG.integers(0, 2, rows)], "day": [f"d{d}" for d in day],
         "at": RNG.integers(0, 30, rows), "minutes": 5}
    )  # fmt: skip
    score = (label * 0.2 + RNG.integers(0, 9, rows) / 10).clip(0, 1).round(2)
    predictions = pd.DataFrame({"item_id": items["item_id"], "score": score}).drop(index=[7, 8]).sample(frac=1, random_state=1)
    return Space(
        root, "ranking", items, predictions, {"budget_per_day": 8},
        {"label": "y", "queue": "day", "arrived": "at", "minutes": "minutes"},
        [required("recall_at_budget", for_each=["sex"])], {"positive": 1},
    )  # fmt: skip


def test_ranking_works_the_highest_scores_of_each_day(tmp_path: Path) -> None:
    space = ranking(tmp_path).write()
    evidence = space.evaluate()
    joined = space.items.merge(space.predictions, on="item_id", how="left")
    order = joined.dropna(subset=["score"]).sort_values(["score", "at", "item_id"], ascending=[False, True, True], kind="stable")
    worked = set(order.groupby("day").head(8)["item_id"])
    decision = np.where(joined["score"].isna(), -1, joined["item_id"].isin(worked).astype(int))
    assert confusion(evidence) == six(joined["y"].to_numpy(), decision)
    for sex in SEX:
        own = (joined["sex"] == sex).to_numpy()
        assert confusion(evidence, sex=sex) == six(joined["y"].to_numpy()[own], decision[own])
    assert any("the edge of the budget of 8" in text for text in evidence["limits"])
    assert evidence["operating_point"]["budget_per_day"] == 8


def linkage(root: Path) -> Space:
    rows = 240
    entity = np.sort(RNG.integers(0, 90, rows))
    sex = SEX[RNG.integers(0, 2, 90)][entity]
    items = pd.DataFrame({"item_id": [f"r{n}" for n in range(rows)], "person": [f"e{e}" for e in entity], "sex": sex})
    near = [(one, other) for one, other in combinations(range(rows), 2) if other - one < 9 and RNG.random() < 0.7]
    pairs = pd.DataFrame({"left_id": [f"r{a}" for a, _ in near], "right_id": [f"r{b}" for _, b in near]})
    score = np.array([0.5 * (entity[a] == entity[b]) for a, b in near]) + RNG.random(len(near)) / 2
    predictions = pairs.assign(score=score.round(3)).rename(columns={"left_id": "right_id", "right_id": "left_id"}).iloc[5:]
    predictions["score"] = predictions["score"].where(RNG.random(len(predictions)) < 0.9, 0.3)
    return Space(
        root, "linkage", items, predictions, {"threshold": 0.55}, {"entity": "person"},
        [required("pairwise_recall", for_each=["sex"]), required("pairwise_precision"), required("no_answer_rate", at_most=0.5)],
        pairs=pairs,
    )  # fmt: skip


def judged(space: Space, decide: Any) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Truth, decision and sex of every judged pair, by looking at all pairs of records."""
    entity, sex = space.items["person"].tolist(), space.items["sex"].tolist()
    held = {frozenset(p) for p in zip(space.pairs["left_id"], space.pairs["right_id"], strict=True)}
    rows = []
    for one, other in combinations(range(len(entity)), 2):
        pair = frozenset({f"r{one}", f"r{other}"})
        label, decision = int(entity[one] == entity[other]), decide(pair, held)
        if label or decision == 1 or pair in held:
            rows.append((label, decision, sex[one]))
    return np.array([r[0] for r in rows]), np.array([r[1] for r in rows]), [r[2] for r in rows]


def test_linkage_counts_every_true_link_whether_a_candidate_or_not(tmp_path: Path) -> None:
    space = linkage(tmp_path).write()
    evidence = space.evaluate()
    said = {frozenset((a, b)): s for a, b, s in space.predictions[["left_id", "right_id", "score"]].itertuples(index=False)}
    truth, decision, sex = judged(space, lambda pair, held: 0 if pair not in held else -1 if pair not in said else int(said[pair] >= 0.55))
    assert confusion(evidence) == six(truth, decision)
    for level in SEX:
        own = np.array(sex) == level
        assert confusion(evidence, sex=level) == six(truth[own], decision[own])
    assert value(evidence, "pairwise_recall") == pytest.approx((truth * (decision == 1)).sum() / truth.sum())
    assert evidence["predictions"]["missing"] == 5
    assert any("held by no candidate pair" in text for text in evidence["limits"])


def test_linkage_by_entities_counts_links_outside_the_candidates_too(tmp_path: Path) -> None:
    space = linkage(tmp_path)
    own = space.items["person"].where(RNG.random(len(space.items)) < 0.8, "somebody")
    space.point, space.predictions = {"rule": "label"}, pd.DataFrame({"item_id": space.items["item_id"], "entity": own}).iloc[3:]
    evidence = space.write().evaluate()
    said = dict(zip(space.predictions["item_id"], space.predictions["entity"], strict=True))

    def decide(pair: frozenset[str], _: Any) -> int:
        entities = [said.get(record) for record in pair]
        return -1 if None in entities else int(entities[0] == entities[1])

    truth, decision, _ = judged(space, decide)
    assert confusion(evidence) == six(truth, decision)
    assert any("predicted links are held by no candidate pair" in text for text in evidence["limits"])
    assert any("3 of 240 records have no usable entity" in text for text in evidence["limits"])


BANDS = ["low", "medium", "high"]


def risk(root: Path) -> Space:
    rows = 400
    chance = RNG.random(rows).round(3)
    band = np.array(BANDS)[np.digitize(chance, [0.4, 0.7])]
    items = pd.DataFrame(
        {"item_id": [f"i{n}" for n in range(rows)], "y": (RNG.random(rows) < chance).astype(int), "band": band,
         "sex": SEX[RNG.integers(0, 2, rows)]}
    )  # fmt: skip
    score = (chance + RNG.normal(0, 0.1, rows)).clip(0, 1).round(3)
    predictions = pd.DataFrame({"item_id": items["item_id"], "score": score, "label": np.array(BANDS)[np.digitize(score, [0.4, 0.7])]})
    predictions.loc[:3, "label"] = "extreme"
    predictions.loc[4:5, "score"] = np.nan
    return Space(
        root, "risk", items, predictions, {"top_band": "high"}, {"label": "y", "band": "band"},
        [required("recall", for_each=["sex"])], {"positive": 1, "levels": BANDS},
    )  # fmt: skip


def test_risk_is_judged_on_the_top_band(tmp_path: Path) -> None:
    space = risk(tmp_path).write()
    evidence = space.evaluate()
    truth = (space.items["band"] == "high").astype(int).to_numpy()
    decision = (space.predictions["label"] == "high").astype(int).to_numpy().copy()
    decision[:6] = -1
    assert confusion(evidence) == six(truth, decision)
    assert evidence["predictions"]["invalid"] == 6
    assert evidence["operating_point"]["top_band"] == "high"
    assert evidence["score_summary"]["scored"] == 394


def bandless(root: Path) -> Space:
    space = risk(root)
    space.columns = {"label": "y"}
    space.items = space.items.drop(columns="band")
    return space.write()


def bands_left_empty(root: Path) -> Space:
    space = risk(root)
    space.items["band"] = ""
    return space.write()


@pytest.mark.parametrize("made", [bandless, bands_left_empty])
def test_risk_without_true_bands_is_not_evaluable_and_the_report_says_why(tmp_path: Path, made: Any) -> None:
    evidence = made(tmp_path).evaluate()
    assert evidence["verdict"]["outcome"] == "not_evaluable"
    assert {finding["outcome"] for finding in evidence["findings"]} == {"not_evaluable"}
    assert [notice["kind"] for notice in evidence["notices"] if notice["kind"] != "practice_run"] == ["bands_unknown"]
    page = (tmp_path / "run" / "report.md").read_text()
    assert "Nothing says to which band any report of this test set truly belongs" in page
    assert "Of 400 reports of the judged split nothing says to which band they truly belong" in page
    assert "have no label" not in page


@pytest.mark.parametrize("made", [bandless, bands_left_empty])
def test_a_plan_of_risk_without_true_bands_is_refused_and_says_why(tmp_path: Path, made: Any) -> None:
    """It is not planned on outcomes, which nobody would judge."""
    made(tmp_path)
    answer = evalharness("plan", "--policy", "small", "--workspace", tmp_path)
    assert answer.code == 2
    assert "no item whose true band is known" in answer.err
    assert "column with the true band" in answer.err


def test_verify_and_describe_say_that_risk_without_true_bands_is_not_evaluable(tmp_path: Path) -> None:
    space = bandless(tmp_path)
    assert evalharness("benchmark", "generate", "small", "--workspace", space.root).code == 0
    verified = evalharness("benchmark", "verify", "small", "--workspace", space.root)
    assert (verified.code, "as stated" in verified.out) == (0, True)
    described = evalharness("benchmark", "describe", "small", "--workspace", space.root)
    for text in (verified.err, described.out):
        assert "nothing says to which band each item truly belongs" in text
        assert "every requirement is not evaluable on this table" in text
    risk(tmp_path / "with").write()
    for command in ("generate", "verify", "describe"):
        answer = evalharness("benchmark", command, "small", "--workspace", tmp_path / "with")
        assert (answer.code, "not evaluable" in answer.out + answer.err) == (0, False)


def saved(root: Path, model: Any, **block: Any) -> None:
    """A card and its skops file, named `model`."""
    folder = root / "model_cards"
    folder.mkdir(exist_ok=True)
    skops.io.dump(model, folder / "model.skops")
    digest = "sha256:" + hashlib.sha256((folder / "model.skops").read_bytes()).hexdigest()
    matter = {"evalharness": {"adapter": "sklearn", "artifact": "model.skops", "sha256": digest, "version": "1", **block}}
    (folder / "model.md").write_text(f"---\n{yaml_text.dump(matter)}---\n# Model\n", encoding="utf-8")


def features(space: Space, signal: np.ndarray) -> pd.DataFrame:
    """Two feature columns, the first of which tells something."""
    space.items = space.items.assign(f1=(signal + RNG.normal(0, 0.3, len(signal))).round(3), f2=RNG.random(len(signal)).round(3))
    space.columns = {**space.columns, "features": ["f1", "f2"]}
    return space.items[["f1", "f2"]]


def test_an_estimator_of_levels_is_graded_by_its_labels(tmp_path: Path) -> None:
    space = ordinal(tmp_path)
    truth = np.array([LEVELS.index(y) if y else 0 for y in space.items["y"]])
    model = LogisticRegression().fit(features(space, truth), np.array(LEVELS)[truth])
    saved(tmp_path, model, classes=model.classes_.tolist())
    evidence = space.write().evaluate(model="model")
    labelled = (space.items["y"] != "").to_numpy()
    agreed = model.predict(space.items[["f1", "f2"]])[labelled] == space.items["y"][labelled].to_numpy()
    assert value(evidence, "exact_agreement") == pytest.approx(agreed.mean())
    saved(tmp_path, model, classes=LEVELS)
    refused(space, "the card states the classes in another order")


def test_an_estimator_of_two_classes_ranks_and_is_cut_into_bands(tmp_path: Path) -> None:
    space = ranking(tmp_path / "one")
    model = LogisticRegression().fit(features(space, space.items["y"].to_numpy()), space.items["y"])
    space.write()
    saved(space.root, model, classes=[0, 1])
    evidence = space.evaluate(model="model")
    order = space.items.assign(score=model.predict_proba(space.items[["f1", "f2"]])[:, 1]).sort_values(
        ["score", "at"], ascending=[False, True]
    )
    worked = order.groupby("day").head(8)
    assert confusion(evidence)["tp"] == worked["y"].sum()
    space = risk(tmp_path / "two")
    model = LogisticRegression().fit(features(space, space.items["y"].to_numpy()), space.items["y"])
    space.write()
    saved(space.root, model, classes=[0, 1], bands={"low": 0, "medium": 0.2, "high": 0.6})
    evidence = space.evaluate(model="model")
    chance = model.predict_proba(space.items[["f1", "f2"]])[:, 1]
    assert confusion(evidence) == six((space.items["band"] == "high").astype(int).to_numpy(), (chance >= 0.6).astype(int))
    saved(space.root, model, classes=[0, 1])
    refused(space, "the card does not say where the bands begin")
    saved(space.root, model, classes=[0, 1], bands={"low": 0, "high": 0.6})
    refused(space, "the bands are not those of small")


def test_an_estimator_does_not_link_records(tmp_path: Path) -> None:
    space = linkage(tmp_path).write()
    saved(tmp_path, LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
    refused(space, "the adapter 'sklearn' does not link records")


def refused(space: Space, *said: str, model: str = "model") -> None:
    answer = evalharness(
        "evaluate", "--policy", "small", "--model", model, "--workspace", space.root, "--out", space.root / "no", "--at", AT
    )
    assert answer.code == 2, answer.err
    assert all(part in answer.err for part in said), answer.err
    assert not (space.root / "no").exists()


@pytest.mark.parametrize(
    ("make", "columns", "said"),
    [
        (ordinal, {"item_id": "i1", "C": 0.5, "C ": 1}, ["no score for none, B, A"]),
        (ranking, {"id": "i1", "label": 1}, ["no column of ids", "no column 'score'"]),
        (risk, {"item_id": "i1", "score": 0.5}, ["no column 'label'", "`bands` in the card"]),
        (linkage, {"item_id": "r1", "entity": "e1"}, ["no column 'left_id'", "no column 'right_id'", "no column 'score'", "{rule: label}"]),
        (linkage, {"left_id": "r1", "right_id": "zz", "score": 0.5}, ["not one pair is a candidate"]),
    ],
)
def test_predictions_without_use_are_refused_with_every_reason(tmp_path: Path, make: Any, columns: dict[str, Any], said: list[str]) -> None:
    space = make(tmp_path)
    space.predictions = pd.DataFrame({name: [cell] for name, cell in columns.items()})
    refused(space.write(), *said, model=f"predictions:{tmp_path / 'predictions.csv'}")
