"""Published test results, through `evaluate` on tables of their counts: what was shown, and what was only nearly shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy


def judged(
    root: Path, counts: dict[tuple[str, float], int], *requirements: dict[str, Any], confidence: float = 0.95
) -> dict[str, dict[str, Any]]:
    """Findings by id. counts: items by (true class, score)."""
    parts = [pd.DataFrame({"y_true": [true] * n, "score": [score] * n}) for (true, score), n in counts.items()]
    rows = pd.concat(parts, ignore_index=True)
    rows.insert(0, "item_id", [f"item-{i:05d}" for i in range(len(rows))])
    rows["sex"], rows["race"] = "F", "A"
    document = policy(requirements=[{**one, "why": "w"} for one in requirements], intersections=1, confidence=confidence)
    SmallWorkspace(root, rows=rows, document=document).write().write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", root, "--json")
    assert answer.code == 0, answer.err
    run = Path(json.loads(answer.out)["run"])
    assert evalharness("verify", run, "--workspace", root).code == 0
    return {f["requirement"]: f for f in json.loads((run / "evidence.json").read_bytes())["findings"]}


def test_a_diagnostic_trial_showed_its_goal_for_specificity_and_not_for_sensitivity(tmp_path: Path):
    """Abramoff 2018: 173 of 198 found against .85, 556 of 621 rightly left out against .825."""
    counts = {("1", 0.9): 173, ("1", 0.1): 25, ("0", 0.1): 556, ("0", 0.9): 65}
    sensitivity = {"id": "sensitivity", "metric": "recall", "at_least": 0.85}
    found = judged(tmp_path, counts, sensitivity, {"id": "specificity", "metric": "specificity", "at_least": 0.825})
    assert (found["sensitivity"]["outcome"], found["specificity"]["outcome"]) == ("not_demonstrated", "met")
    assert found["sensitivity"]["value"] == pytest.approx(0.8737, abs=5e-5)
    assert found["sensitivity"]["lower"] == pytest.approx(0.828, abs=5e-4)


@pytest.mark.parametrize(("confidence", "lower"), [(0.95, 0.00547), (0.975, 0.00536)])
def test_a_screening_trial_found_more_than_three_in_a_thousand(tmp_path: Path, confidence: float, lower: float):
    """Lang 2023: 244 found among 39,996 screened with machine and reader; the safety goal was more than 3 in 1,000."""
    rows = {("1", 0.9): 244, ("0", 0.1): 39_752}
    found = judged(tmp_path, rows, {"id": "found", "metric": "selection_rate", "at_least": 0.003}, confidence=confidence)["found"]
    assert (found["outcome"], found["n"], found["level"]) == ("met", 39_996, confidence)
    assert found["lower"] == pytest.approx(lower, abs=5e-6)
