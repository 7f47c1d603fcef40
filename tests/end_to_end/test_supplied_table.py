"""A supplied table with string groups and a predictions CSV, without features."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

AT = "2026-11-22T09:00:00Z"


def evaluated(space: SmallWorkspace, name: str = "run") -> dict:
    answer = evalharness(
        "evaluate", "--policy", space.policy_file, "--model", f"predictions:{space.predictions}",
        "--benchmark", space.benchmark, "--workspace", space.root, "--out", space.root / name, "--at", AT,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    return json.loads((space.root / name / "evidence.json").read_bytes())


def confusion(evidence: dict) -> dict[tuple, dict[str, int]]:
    return {tuple(sorted(row["group"].items())): row for row in evidence["tallies"]["confusion"]}


def test_confusion_counts_of_every_subset_equal_crosstab(tmp_path: Path) -> None:
    rows = table()
    evidence = evaluated(SmallWorkspace(tmp_path, rows).write())
    counts = confusion(evidence)
    truth, chosen = rows["y_true"] == "1", rows["score"] >= 0.5
    outcome = np.select([truth & chosen, ~truth & chosen, truth & ~chosen], ["tp", "fp", "fn"], "tn")
    seen = 0
    for depth in range(3):
        for subset in combinations(("sex", "race"), depth):
            index = [rows[a] for a in subset] if subset else [pd.Series("all", index=rows.index)]
            crossed = pd.crosstab(index, outcome)
            for index_value, line in crossed.iterrows():
                levels = (index_value,) if isinstance(index_value, str) else index_value
                group = tuple(sorted(zip(subset, levels, strict=False)))
                for name in ("tp", "fp", "fn", "tn"):
                    assert counts[group][name] == line.get(name, 0)
                seen += 1
    assert seen == len(counts) == 1 + 2 + 3 + 6


def test_everything_that_a_run_promises_is_in_its_folder(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    evidence = evaluated(space)
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == ["SHA256SUMS", "evidence.json", "junit.xml", "report.html", "report.md"]
    assert evidence["created"] == AT
    assert evidence["claim"] == "rehearsal"
    assert evidence["verdict"]["outcome"] == "met"
    assert {f["requirement"] for f in evidence["findings"]} == {"recall", "everyone", "no-answer"}
    assert len(evidence["findings"]) == 1 + (2 + 6) + 1


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    evaluated(space, "one")
    evaluated(space, "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_order_of_the_predictions_changes_only_their_digest(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    first = evaluated(space, "one")
    space.write_predictions(space.rows[["item_id", "score"]].sample(frac=1, random_state=5))
    second = evaluated(space, "two")
    assert first["model"].pop("digest") != second["model"].pop("digest")
    for changing in ("digests",):
        first.pop(changing), second.pop(changing)
    assert first == second


def test_missing_duplicate_invalid_and_unknown_predictions_are_counted_and_never_help(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    rows = space.rows[["item_id", "score"]].astype({"score": object}).copy()
    positives = space.rows.index[(space.rows["y_true"] == "1") & (space.rows["score"] >= 0.5)]
    rows.loc[positives[0], "score"] = "not a number"
    rows.loc[positives[1], "score"] = "nan"
    broken = pd.concat([rows.drop(positives[2]), rows.loc[[positives[3]]], pd.DataFrame({"item_id": ["stranger"], "score": [0.9]})])
    space.write_predictions(broken)
    evidence = evaluated(space)
    told = evidence["predictions"]
    assert (told["missing"], told["duplicate"], told["invalid"], told["extra"]) == (1, 1, 2, 1)
    assert confusion(evidence)[()]["no_answer_positive"] == 4
    recall = next(e for e in evidence["estimates"] if e["metric"] == "recall" and not e["group"])
    truth = (space.rows["y_true"] == "1").sum()
    assert recall["n"] == truth


def test_a_run_id_names_time_model_benchmark_and_evidence(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    answer = evalharness(
        "evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", tmp_path, "--at", AT, "--json"
    )
    assert answer.code == 0, answer.err
    result = json.loads(answer.out)
    digest = result["digest"].removeprefix("sha256:")
    assert Path(result["run"]).name == f"20261122T090000Z-predictions-small-{digest[:12]}"


@pytest.mark.parametrize("level", ["<script>alert(1)</script>", "a,b", 'quo"te', "ünï", "(missing)x", "=1+1"])
def test_any_text_can_be_a_group_level_and_stays_text(tmp_path: Path, level: str) -> None:
    rows = table(600)
    rows.loc[rows["sex"] == "M", "sex"] = level
    space = SmallWorkspace(tmp_path, rows).write()
    evidence = evaluated(space)
    assert (("sex", level),) in confusion(evidence)
    html = (tmp_path / "run" / "report.html").read_text()
    assert "<script" not in html


def test_a_null_group_value_is_a_level_and_is_judged(tmp_path: Path) -> None:
    rows = table(900)
    rows.loc[rows.index[:100], "sex"] = None
    space = SmallWorkspace(tmp_path, rows).write()
    evidence = evaluated(space)
    assert (("sex", "(missing)"),) in confusion(evidence)
    assert any(f["group"] == {"sex": "(missing)"} for f in evidence["findings"])


def test_rows_without_a_label_are_in_no_tally_and_are_named_in_the_limits(tmp_path: Path) -> None:
    rows = table(900)
    rows.loc[rows.index[:50], "y_true"] = None
    evidence = evaluated(SmallWorkspace(tmp_path, rows).write())
    assert sum(confusion(evidence)[()][k] for k in ("tp", "fp", "fn", "tn", "no_answer_positive", "no_answer_negative")) == 850
    assert any("50 rows" in limit for limit in evidence["limits"])


def test_scores_that_are_reversed_constant_or_tied_are_told_on_page_one(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    rows = space.rows[["item_id", "score"]]
    space.write_predictions(rows.assign(score=1 - rows["score"]))
    assert "reversed_scores" in [n["kind"] for n in evaluated(space, "reversed")["notices"]]
    space.write_predictions(rows.assign(score=0.5))
    assert {"constant_scores", "tied_scores"} <= {n["kind"] for n in evaluated(space, "constant")["notices"]}
    page = (tmp_path / "constant" / "report.html").read_text()
    assert "exactly at the threshold" in page


def test_labels_instead_of_scores_are_judged_by_the_rule_label(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path, document=policy(operating_point={"rule": "label"})).write()
    labels = np.where(space.rows["score"] >= 0.5, "1", "0")
    space.write_predictions(space.rows[["item_id"]].assign(label=labels))
    evidence = evaluated(space)
    assert evidence["operating_point"]["rule"] == "label"
    assert evidence["score_summary"] is None
    assert evidence["verdict"]["outcome"] == "met"
    assert evalharness("verify", tmp_path / "run").code == 0
