"""Metrics of other packages through a policy: in the report and the evidence, derived again by a replay, never required."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import evalharness
from installed_plugin import install_third_party
from sklearn.metrics import jaccard_score, matthews_corrcoef, roc_auc_score
from small_workspace import SmallWorkspace, policy, table


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallWorkspace]:
    install_third_party(tmp_path / "site", monkeypatch)
    yield SmallWorkspace(tmp_path / "w", rows=table(1_500)).write()
    for name in [name for name in sys.modules if name.partition(".")[0] == "evalharness_constant"]:
        sys.modules.pop(name)


def test_they_describe_and_a_replay_finds_them_again(space: SmallWorkspace):
    space.write_policy(policy(describe=["jaccard", "mcc_of_rows", "auc_of_rows"]))
    space.write_card()
    run = space.root / "run"
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", run)
    assert answer.code == 0, answer.err
    found = {e["metric"]: e for e in json.loads((run / "evidence.json").read_text())["described"] if not e["group"]}
    labels, said = (space.rows["y_true"] == "1").astype(int), (space.rows["score"] >= 0.5).astype(int)
    expected = {
        "custom:jaccard": jaccard_score(labels, said),
        "custom:mcc_of_rows": matthews_corrcoef(labels, said),
        "custom:auc_of_rows": roc_auc_score(labels, space.rows["score"]),
    }
    assert {name: found[name]["value"] for name in expected} == pytest.approx(expected)
    assert all(found[name]["lower"] < expected[name] < found[name]["upper"] for name in expected)
    assert not any(found[name]["decides"] for name in expected)
    assert "jaccard (of another package)" in (run / "report.md").read_text()
    assert evalharness("verify", run, "--replay", "--workspace", space.root).code == 0


def test_what_is_wrong_with_them_is_bad_input(space: SmallWorkspace):
    for names, said in (
        (["jacard"], "there is no metric of this name"),
        (["one_number"], "another shape"),
        (["failing"], "the metric failed"),
    ):
        space.write_policy(policy(describe=names))
        answer = evalharness("evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root)
        assert answer.code == 2
        assert said in answer.err
    requirement = {"id": "r", "metric": "custom:jaccard", "at_least": 0.5, "why": "w"}
    space.write_policy(policy(describe=["jaccard"], requirements=[requirement]))
    answer = evalharness("evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root)
    assert answer.code == 2
    assert "metrics of other packages only describe" in answer.err
