"""People who labelled, from evaluation to verification: what stands in the run, what is judged, and numbers that were altered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
import rfc8785
import yaml
import yaml_text
from command import evalharness
from shipped_workspace import shipped
from small_workspace import SmallWorkspace, policy
from team_by_hand import people

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

ROWS = 4_000


def prepared(folder: Path) -> Path:
    space = shipped(folder, "severity-grading", "severity-reference")
    path = space / "policies" / "severity-grading.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["human_in_the_loop"]["label_quality"] = {"goals": "within_reach"}
    document["requirements"] = [
        {"id": "labels", "metric": "rater_agreement", "at_least": 0.75, "why": "w"},
        {"id": "exact", "metric": "exact_agreement", "at_least": 0.8, "why": "w"},
        {"id": "too-high", "metric": "over_grading_1", "at_most": 0.2, "why": "w"},
    ]
    path.write_text(yaml_text.dump(document), encoding="utf-8")
    return space


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = prepared(tmp_path_factory.mktemp("raters"))
    told = evalharness(
        "evaluate",
        "--policy",
        "severity-grading",
        "--model",
        "severity-reference",
        "--rows",
        ROWS,
        "--workspace",
        found,
        "--out",
        found / "run",
    )
    assert told.code == 0, told.err
    return found


def evidence_of(space: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((space / "run" / "evidence.json").read_bytes())
    return found


def labels_of(space: Path, split: str) -> pd.DataFrame:
    """What people said of the items of a split, beside their clean labels."""
    (data,) = (space / "datasets_synthetic" / "severity-grading" / "data").iterdir()
    items, truth, said = (pd.read_parquet(data / name) for name in ("items.parquet", "truth/items.parquet", "truth/annotators.parquet"))
    table = items[["item_id", "split"]].merge(truth[["item_id", "clean"]], on="item_id").merge(said, on="item_id")
    return table[table["split"] == split]


def test_the_figures_are_those_of_the_table(space: Path) -> None:
    found = evidence_of(space)
    table = labels_of(space, found["benchmark"]["split"])
    rows = {row["metric"]: row for row in found["tallies"]["shares"] if not row["group"]}
    assert rows["rater_agreement"]["part"] == int((table["rater_1"] == table["rater_2"]).sum())
    assert rows["rater_agreement"]["total"] == len(table)
    levels = ["none", "C", "B", "A"]
    rank = {level: at for at, level in enumerate(levels)}
    said, clean = table["rater_1"].astype(str).map(rank), table["clean"].astype(str).map(rank)
    assert rows["rater_exact_agreement"]["part"] == int((said == clean).sum())
    assert rows["rater_under_grading_2"]["part"] == int((clean - said >= 2).sum())
    part = found["oversight"]["raters"]
    counts = np.stack([(table[["rater_1", "rater_2", "rater_3"]].astype(str) == level).sum(axis=1) for level in levels], axis=1)
    assert part["alpha"] == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal"), rel=1e-9)
    assert part["low"] < part["alpha"] < part["high"]
    exact = next(one for one in part["beside"] if one["metric"] == "exact_agreement")
    assert exact["both"] + exact["only_person"] == rows["rater_exact_agreement"]["part"]
    assert exact["right_where_model_wrong"] == pytest.approx(exact["only_person"] / (exact["only_person"] + exact["neither"]))


def test_agreement_is_judged_and_a_goal_above_people_is_not_demonstrated(space: Path) -> None:
    found = {one["requirement"]: one for one in evidence_of(space)["findings"]}
    assert found["labels"]["outcome"] == "met"
    assert found["labels"]["rests_on"] == ["these reviewers"]
    assert found["exact"]["outcome"] == "met", "people reach more"
    assert found["too-high"]["outcome"] == "met"


def test_the_run_verifies_its_replay_too_and_the_report_tells_it(space: Path) -> None:
    told = evalharness("verify", space / "run", "--workspace", space, "--replay")
    assert told.code == 0, told.out + told.err
    page = (space / "run" / "report.md").read_text(encoding="utf-8")
    assert "## What people alone reach" in page
    assert "so are the people who labelled them: this is practice" in page


def _beside(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["oversight"]["raters"]["beside"][0]
    return found


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "alpha": lambda e: e["oversight"]["raters"].update(alpha=0.99),
    "what people said": lambda e: e["oversight"]["raters"]["coincidences"][0].__setitem__(0, 1.0),
    "who was right": lambda e: _beside(e).update(both=_beside(e)["both"] + 1, neither=_beside(e)["neither"] - 1),
    "a share": lambda e: _beside(e).update(model=0.99),
    "items": lambda e: e["oversight"]["raters"].update(items=5),
    "the part": lambda e: e["oversight"].pop("raters"),
    "a person's bound": lambda e: next(x for x in e["estimates"] if x["metric"] == "rater_over_grading_1").update(lower=0.0),
    "agreement": lambda e: next(x for x in e["tallies"]["shares"] if x["metric"] == "rater_agreement").update(part=100),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_of_it_can_be_altered(space: Path, tmp_path: Path, what: str) -> None:
    document = evidence_of(space)
    CHANGES[what](document)
    data = rfc8785.dumps(document)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    assert evalharness("verify", tmp_path, "--workspace", space).code == 13


def test_a_supplied_table_has_no_such_people_and_says_so(tmp_path: Path) -> None:
    document = policy(human_in_the_loop={**people(), "label_quality": {"goals": "any"}})
    small = SmallWorkspace(tmp_path, document=document).write()
    small.write_card()
    told = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", small.root)
    assert told.code == 2
    assert "nobody's labels stand beside clean ones" in told.err
    asked = {"id": "labels", "metric": "rater_agreement", "at_least": 0.5, "why": "w"}
    small.write_policy(policy(requirements=[asked]))
    told = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", small.root, "--out", tmp_path / "run")
    assert told.code == 0, told.err
    (found,) = json.loads((tmp_path / "run" / "evidence.json").read_bytes())["findings"]
    assert found["outcome"] == "not_evaluable"
    assert "no labels of people beside clean ones" in found["reason"]


@pytest.fixture(scope="module")
def triage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    space = shipped(tmp_path_factory.mktemp("costs"), "message-triage", "triage-reference")
    path = space / "policies" / "message-triage.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["human_in_the_loop"]["label_quality"] = {"goals": "within_reach"}
    document["costs"]["elicited"] = {"stated_by": "authors", "on": "2026-11-01"}  # YAML 1.1 takes the key `on` for a boolean
    document["requirements"] = [
        {"id": "late", "metric": "cost_against_human", "unit": "people_found_late", "at_most": 0.01, "why": "w"},
        {"id": "minutes", "metric": "cost_against_human", "unit": "officer_minutes", "at_most": 0.1, "why": "w"},
        {"id": "found", "metric": "recall", "at_least": 0.93, "why": "w"},
    ]
    path.write_text(yaml_text.dump(document), encoding="utf-8")
    told = evalharness(
        "evaluate", "--policy", "message-triage", "--model", "triage-reference", "--rows", 16_000, "--workspace", space,
        "--out", space / "run",
    )  # fmt: skip
    assert told.code == 0, told.err
    return space


def test_costs_beside_a_person_and_a_recall_that_people_do_not_reach(triage: Path) -> None:
    document = evidence_of(triage)
    found = {one["requirement"]: one for one in document["findings"]}
    assert found["late"]["outcome"] == "met", "the classifier misses less than a person does"
    assert found["late"]["value"] < 0
    assert found["minutes"]["outcome"] == "not_met", "it opens more"
    recall = next(one for one in document["estimates"] if one["metric"] == "recall" and not one["group"])
    assert (recall.get("by_size") or [recall["lower"]])[0] >= 0.93
    assert found["found"]["outcome"] == "not_demonstrated"
    assert found["found"]["reason"].startswith("above human agreement")
    assert "above human agreement" in (triage / "run" / "report.md").read_text(encoding="utf-8")
    told = evalharness("verify", triage / "run", "--workspace", triage)
    assert told.code == 0, told.out + told.err


def _share_row(document: dict[str, Any], metric: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document["tallies"]["shares"] if row["metric"] == metric)
    return found


COSTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a bound": lambda e: next(x for x in e["estimates"] if x["metric"] == "cost_against_human").update(upper=0.0),
    "a finding": lambda e: next(x for x in e["findings"] if x["requirement"] == "found").update(outcome="met", reason=""),
    "a part": lambda e: _share_row(e, "found_by_person_alone").update(part=0),
    "a part is gone": lambda e: e["tallies"]["shares"].remove(_share_row(e, "rated_refused_other")),
}


@pytest.mark.parametrize("what", COSTS)
def test_nothing_of_costs_can_be_altered(triage: Path, tmp_path: Path, what: str) -> None:
    document = evidence_of(triage)
    COSTS[what](document)
    data = rfc8785.dumps(document)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    assert evalharness("verify", tmp_path, "--workspace", triage).code == 13


def test_costs_beside_a_person_are_of_two_classes_and_of_everybody(tmp_path: Path) -> None:
    asked = {"id": "late", "metric": "cost_against_human", "unit": "late", "at_most": 0.1, "for_each": ["sex"], "why": "w"}
    costs = {"late": {"true_relevant": {"set_aside": 1}}, "elicited": {"stated_by": "a", "on": "2026-11-01"}}
    small = SmallWorkspace(tmp_path, document=policy(requirements=[asked], costs=costs)).write()
    small.write_card()
    told = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", small.root)
    assert told.code == 2
    assert "cost_against_human is counted for everybody alone" in told.err
