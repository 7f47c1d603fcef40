"""Samples whose items were drawn with different chances, from the file to the report: values as if every item were there as often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import evalharness
from sklearn.metrics import precision_score, recall_score
from small_workspace import SmallWorkspace, policy, table

from evalharness.errors import Altered
from evalharness.evidence import evidence_as_written, evidence_bytes
from evalharness.evidence.consistency import inconsistencies

COLUMNS = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"], "inclusion": "drawn"}
COSTS = {"late": {"true_relevant": {"set_aside": 4}}, "elicited": {"stated_by": "somebody", "on": "2026-11-01"}}


def sample(rows: int = 3_000) -> pd.DataFrame:
    """What the model selects was drawn with certainty, the rest one in four."""
    whole = table(rows, recall=0.93)
    chance = np.where(whole["score"] >= 0.5, 1.0, 0.25)
    kept = np.random.default_rng(5).random(rows) < chance
    return whole.assign(drawn=chance)[kept].reset_index(drop=True)


@pytest.fixture
def space(tmp_path: Path) -> SmallWorkspace:
    found = SmallWorkspace(tmp_path, rows=sample()).write()
    found.write_benchmark(columns=COLUMNS)
    found.write_card()
    return found


def run(space: SmallWorkspace, name: str = "run", **changes: Any) -> dict[str, Any]:
    space.write_policy(policy(**changes))
    out = space.root / name
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", out)
    assert answer.code == 0, answer.err
    return json.loads((out / "evidence.json").read_text())


def of(evidence: dict[str, Any], metric: str, group: dict[str, str] | None = None) -> dict[str, Any]:
    (found,) = [e for e in evidence["estimates"] if e["metric"] == metric and e["group"] == (group or {})]
    return found


def test_values_are_scikit_learn_s_with_weights_and_the_run_verifies(space: SmallWorkspace):
    evidence = run(space, costs=COSTS, requirements=[
        {"id": "recall", "metric": "recall", "at_least": 0.5, "for_each": ["sex"], "why": "w"},
        {"id": "cost", "metric": "expected_cost", "unit": "late", "at_most": 0.5, "why": "w"},
        {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01, "why": "w"},
    ])  # fmt: skip
    rows = space.rows
    true, said, weight = (rows["y_true"] == "1").astype(int), (rows["score"] >= 0.5).astype(int), 1 / rows["drawn"]
    for metric, function in (("recall", recall_score), ("precision", precision_score)):
        for group, chosen in (({}, slice(None)), ({"sex": "F"}, rows["sex"] == "F")):
            found = of(evidence, metric, group)
            assert found["value"] == pytest.approx(function(true[chosen], said[chosen], sample_weight=weight[chosen]))
            assert found["lower"] < found["value"] < found["upper"]
    missed = ((true == 1) & (said == 0)) * 4.0
    assert of(evidence, "expected_cost")["value"] == pytest.approx(np.average(missed, weights=weight))
    assert of(evidence, "f1")["lower"] is None
    assert [s["inclusion"] for s in evidence["tallies"]["strata"]] == [0.25, 1.0]
    assert "different chances" in (space.root / "run" / "report.md").read_text()
    answer = evalharness("verify", space.root / "run", "--replay", "--workspace", space.root)
    assert answer.code == 0, answer.out + answer.err


def test_a_weight_of_two_is_a_row_that_stands_twice(tmp_path: Path):
    rows = sample(800)
    rows["drawn"] = np.where(rows["score"] >= 0.5, 1.0, 0.5)
    twice = pd.concat([rows, rows[rows["drawn"] == 0.5].assign(item_id=lambda r: r["item_id"] + "-again")], ignore_index=True)
    found = []
    for name, each in (("weighted", rows), ("doubled", twice.assign(drawn=1.0))):
        space = SmallWorkspace(tmp_path / name, rows=each)
        space.write()
        space.write_benchmark(columns=COLUMNS)
        space.write_card()
        found.append(run(space))
    assert [s["inclusion"] for s in found[1]["tallies"]["strata"]] == [1.0]
    assert of(found[1], "recall")["method"].startswith("clopper-pearson(")
    names = [e["metric"] for e in found[0]["estimates"] if not e["group"]]
    assert len(names) > 10
    for name in names:
        assert of(found[0], name)["value"] == pytest.approx(of(found[1], name)["value"]), name


def test_clusters_of_unequal_size_have_a_second_pair(tmp_path: Path):
    """Large cases among many small ones, each drawn as a whole; shares and costs are judged by both pairs, and the run verifies."""
    rng = np.random.default_rng(11)
    case = np.repeat(np.arange(400), rng.geometric(0.2, 400))
    rows = table(len(case), recall=0.93).assign(case=np.char.mod("case-%d", case), drawn=np.where(case < 150, 1.0, 0.25))
    space = SmallWorkspace(tmp_path, rows=rows).write()
    space.write_benchmark(columns={**COLUMNS, "cluster": "case"})
    space.write_card()
    evidence = run(space, costs=COSTS, requirements=[
        {"id": "accuracy", "metric": "accuracy", "at_least": 0.8, "for_each": ["sex"], "why": "w"},
        {"id": "cost", "metric": "expected_cost", "unit": "late", "at_most": 0.5, "why": "w"},
    ])  # fmt: skip
    for metric, deciding in (("accuracy", 0), ("no_answer_rate", 1), ("expected_cost", 1)):
        found = of(evidence, metric)
        assert "by_size=fay-feuer" in found["method"]
        wider = found["lower"] - found["by_size"][0], found["by_size"][1] - found["upper"]
        assert wider[deciding] > 0
        assert min(wider) >= 0
    assert "by_size=fay-feuer" in of(evidence, "recall", {"sex": "F"})["method"]
    assert inconsistencies(evidence_as_written(evidence_bytes(evidence))) == ()
    answer = evalharness("verify", space.root / "run", "--workspace", space.root)
    assert answer.code == 0, answer.out + answer.err
    for altered in ("second", "clusters"):
        changed = json.loads(json.dumps(evidence))
        moments = changed["tallies"]["strata"][0]["moments"][0]
        if altered == "second":
            moments["second"][0] -= 1
        else:
            moments["clusters"] = {name: many - 1 for name, many in moments["clusters"].items()}
        assert any("do not add up" in text for text in inconsistencies(evidence_as_written(evidence_bytes(changed))))


def test_altered_strata_are_noticed(space: SmallWorkspace):
    evidence = run(space)
    assert inconsistencies(evidence_as_written(evidence_bytes(evidence))) == ()
    evidence["tallies"]["strata"][0]["inclusion"] = 0.2
    assert any("the strata give" in text for text in inconsistencies(evidence_as_written(evidence_bytes(evidence))))
    evidence["tallies"]["strata"][0]["inclusion"] = 0.25
    evidence["tallies"]["strata"][0]["confusion"][0]["tn"] += 1
    assert any("do not add up" in text for text in inconsistencies(evidence_as_written(evidence_bytes(evidence))))


def test_strata_have_the_shape_of_the_task(space: SmallWorkspace):
    evidence = run(space)
    stratum = evidence["tallies"]["strata"][0]
    grades = {"labels": ["low", "high"], "matrix": [[1, 0], [0, 1]], "no_answer": [0, 0]}
    other = {"ordinal": [{"group": row["group"], **grades} for row in stratum["confusion"]]}
    kept = {name: value for name, value in stratum.items() if name != "confusion"}
    long = [{**row, "second": [*row["second"], 0]} for row in stratum["moments"]]
    for altered in ({**kept, **other}, {**stratum, "moments": long}):
        evidence["tallies"]["strata"][0] = altered
        with pytest.raises(Altered):
            evidence_as_written(evidence_bytes(evidence))


def test_what_cannot_be_weighted_is_refused(space: SmallWorkspace):
    gap = {"id": "gap", "metric": "recall", "max_difference": 0.1, "between": "sex", "why": "w"}
    space.write_policy(policy(requirements=[gap]))
    arguments = ("--policy", "small", "--model", "vendor", "--workspace", space.root)
    answer = evalharness("evaluate", *arguments)
    assert answer.code == 2
    assert "gaps between groups cannot be judged on a sample" in answer.err
    space.write_policy(policy())
    other = space.root / "other.csv"
    space.rows[["item_id", "score"]].assign(score=0.5).to_csv(other, index=False)
    for command in (
        ("plan", "--policy", "small", "--workspace", space.root),
        ("compare", *arguments, "--model", f"predictions:{other}"),
    ):
        answer = evalharness(*command)
        assert answer.code == 2
        assert "chances" in answer.err


@pytest.mark.parametrize(("values", "said"), [
    ([0.0], "from 1e-09 to 1"), ([1e-300, 1.0], "from 1e-09 to 1"), ([1.5], "from 1e-09 to 1"),
    (np.linspace(0.01, 1, 30), "too many different chances"),
])  # fmt: skip
def test_wrong_chances_are_bad_input(tmp_path: Path, values: Any, said: str):
    rows = table(600)
    space = SmallWorkspace(tmp_path, rows=rows.assign(drawn=np.resize(np.asarray(values), len(rows)))).write()
    space.write_benchmark(columns=COLUMNS)
    answer = evalharness("evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root)
    assert answer.code == 2
    assert said in answer.err


def test_a_cluster_has_one_chance(tmp_path: Path):
    rows = table(600).assign(drawn=np.resize([0.5, 1.0], 600), case=np.arange(600) // 3).astype({"case": str})
    space = SmallWorkspace(tmp_path, rows=rows).write()
    space.write_benchmark(columns={**COLUMNS, "cluster": "case"})
    answer = evalharness("evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root)
    assert answer.code == 2
    assert "clusters hold items that were drawn with different chances" in answer.err


def test_strata_cannot_be_left_out(space: SmallWorkspace):
    evidence = run(space)
    assert evidence["benchmark"]["weighted"] is True
    del evidence["tallies"]["strata"]
    assert any("not there exactly where" in text for text in inconsistencies(evidence_as_written(evidence_bytes(evidence))))
