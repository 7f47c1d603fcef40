"""Ways in which an instrument could say *met* without grounds. None of them works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

ROOT = Path(__file__).resolve().parents[2]


def verdicts(space: SmallWorkspace, name: str = "run", policy_file: Path | None = None) -> dict[str, Any]:
    answer = evalharness(
        "evaluate", "--policy", policy_file or space.policy_file, "--model", f"predictions:{space.predictions}",
        "--benchmark", space.benchmark, "--workspace", space.root, "--out", space.root / name,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    return json.loads((space.root / name / "evidence.json").read_bytes())


def test_four_perfect_rows_meet_no_requirement_of_the_shipped_policy(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "item_id": list("abcd"), "y_true": list("1010"), "sex": list("FFMM"), "ethnicity": ["x", "y", "x", "y"],
            "age_band": ["p", "p", "q", "q"], "score": [0.9, 0.1, 0.9, 0.1],
        }
    )  # fmt: skip
    space = SmallWorkspace(tmp_path, rows).write()
    space.write_benchmark(columns={"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "ethnicity", "age_band"]})
    evidence = verdicts(space, policy_file=ROOT / "policies" / "message-triage.yaml")
    assert evidence["findings"]
    assert {f["outcome"] for f in evidence["findings"]} <= {"not_demonstrated", "not_evaluable", "not_met"}
    assert all(f["attainable"] is False for f in evidence["findings"] if f["outcome"] == "not_demonstrated")


LENIENT = {
    "precision": ("at_least", 0.7),
    "false_discovery_rate": ("at_most", 0.3),
    "negative_predictive_value": ("at_least", 0.97),
    "elusion": ("at_most", 0.03),
    "recall": ("at_least", 0.9),
    "false_positive_rate": ("at_most", 0.15),
    "accuracy": ("at_least", 0.85),
    "selection_rate": ("at_most", 0.4),
    "set_aside_rate": ("at_most", 0.7),
    "routed_recall": ("at_least", 0.9),
    "system_recall": ("at_least", 0.63),
    "reviews_per_find": ("at_most", 1.5),
}


@pytest.mark.parametrize("metric", sorted(LENIENT))
def test_refusing_the_hard_items_never_turns_a_finding_to_met(tmp_path: Path, metric: str) -> None:
    comparison, bound = LENIENT[metric]
    requirements = [
        {"id": "asked", "metric": metric, comparison: bound, "why": "w"},
        {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01, "why": "w"},
        {"id": "review", "metric": "review_rate", "at_most": 0.9, "why": "w"},
    ]
    human = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
    for recall in (0.88, 0.895, 0.905):
        space = SmallWorkspace(
            tmp_path / str(recall), table(8_000, recall=recall), policy(requirements=requirements, human_in_the_loop=human)
        )
        space.root.mkdir()
        space.write()
        honest = verdicts(space, "honest")
        if outcome(honest, "asked") == "met":
            continue
        wrong = space.rows[(space.rows["y_true"] == "1") != (space.rows["score"] >= 0.5)]
        for kind, hard in (("positives", wrong[wrong["y_true"] == "1"]), ("negatives", wrong[wrong["y_true"] == "0"]), ("both", wrong)):
            refused = space.rows["item_id"].isin(hard["item_id"].head(60))
            space.write_predictions(space.rows.loc[~refused, ["item_id", "score"]])
            assert outcome(verdicts(space, kind), "asked") != "met"


def outcome(evidence: dict[str, Any], requirement: str) -> str:
    return next(f["outcome"] for f in evidence["findings"] if f["requirement"] == requirement)


def test_refusing_every_item_meets_nothing(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    space.write_predictions(space.rows[["item_id"]].assign(score="refused"))
    evidence = verdicts(space)
    assert evidence["verdict"]["outcome"] == "not_met"
    assert evidence["predictions"]["answered"] == 0


def test_a_group_without_positives_is_not_evaluable(tmp_path: Path) -> None:
    rows = table()
    rows.loc[(rows["sex"] == "F") & (rows["race"] == "C"), "y_true"] = "0"
    space = SmallWorkspace(tmp_path, rows).write()
    evidence = verdicts(space)
    cell = next(f for f in evidence["findings"] if f["group"] == {"sex": "F", "race": "C"})
    assert cell["outcome"] == "not_evaluable"
    assert cell["value"] is None
    assert cell["reason"]
    assert evidence["verdict"]["outcome"] == "not_evaluable"


def test_a_cell_of_the_product_that_nobody_is_in_is_not_evaluable(tmp_path: Path) -> None:
    rows = table()
    rows = rows[~((rows["sex"] == "F") & (rows["race"] == "C"))]
    evidence = verdicts(SmallWorkspace(tmp_path, rows).write())
    assert next(f for f in evidence["findings"] if f["group"] == {"sex": "F", "race": "C"})["outcome"] == "not_evaluable"


def test_a_gap_with_one_group_is_not_evaluable_and_with_an_undefined_group_is_not_met_only_by_proof(tmp_path: Path) -> None:
    gap = [{"id": "gap", "metric": "recall", "max_difference": 0.2, "between": "sex", "why": "w"}]
    rows = table()
    one = SmallWorkspace(tmp_path / "one", rows.assign(sex="F"), policy(requirements=gap))
    one.root.mkdir()
    assert outcome(verdicts(one.write()), "gap") == "not_evaluable"
    rows.loc[rows.index[:30], "sex"] = "X"
    rows.loc[rows["sex"] == "X", "y_true"] = "0"
    undefined = SmallWorkspace(tmp_path / "undefined", rows, policy(requirements=gap))
    undefined.root.mkdir()
    assert outcome(verdicts(undefined.write()), "gap") == "not_evaluable"
    rows.loc[rows["sex"] == "M", "score"] = 0.1
    proved = SmallWorkspace(tmp_path / "proved", rows, policy(requirements=gap))
    proved.root.mkdir()
    assert outcome(verdicts(proved.write()), "gap") == "not_met"


def test_a_ratio_with_a_group_that_finds_nothing_is_never_met(tmp_path: Path) -> None:
    ratio = [{"id": "ratio", "metric": "recall", "min_ratio": 0.5, "between": "race", "why": "w"}]
    rows = table()
    rows.loc[rows["race"] == "C", "score"] = 0.1
    evidence = verdicts(SmallWorkspace(tmp_path, rows, policy(requirements=ratio)).write())
    assert outcome(evidence, "ratio") == "not_met"


def test_more_review_than_find_is_not_met_even_where_nothing_was_found(tmp_path: Path) -> None:
    requirements = [
        {"id": "asked", "metric": "reviews_per_find", "at_most": 3, "why": "w"},
        {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01, "why": "w"},
    ]
    rows = table()
    rows["score"] = (rows["y_true"] == "0") * 0.9
    evidence = verdicts(SmallWorkspace(tmp_path, rows, policy(requirements=requirements)).write())
    assert outcome(evidence, "asked") == "not_met"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"requirements": []}, "requirement"),
        ({"requirements": [{"id": "r", "metric": "recall", "at_least": 0.9, "for_each": ["colour"], "why": "w"}]}, "colour"),
        ({"requirements": [{"id": "r", "metric": "f1", "at_least": 0.9, "why": "w"}]}, "f1"),
        ({"requirements": [{"id": "r", "metric": "elusion", "at_most": 0.1, "why": "w"}]}, "no_answer_rate"),
    ],
)
def test_a_policy_that_could_not_fail_or_cannot_be_judged_is_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    space = SmallWorkspace(tmp_path, document=policy(**change)).write()
    answer = evalharness("evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", tmp_path)
    assert answer.code == 2
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert not space.reports.exists() or not list(space.reports.iterdir())
