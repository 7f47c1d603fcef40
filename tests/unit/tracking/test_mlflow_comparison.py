"""MLflow gets one run for a comparison and one below it for each model; whatever fails there is a notice and touches nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, table

from evalharness.tracking import track_comparison

# MLflow 3.17 on SQLAlchemy 2.1 warns of its own deprecations; they are not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    space = SmallWorkspace(tmp_path_factory.mktemp("workspace"), rows=table(600, recall=0.9)).write()
    scores = space.rows[["item_id", "score"]]
    for name, kept in (("old", scores), ("new", scores.assign(score=scores.score * 0.99))):
        kept.to_csv(space.root / f"{name}.csv", index=False)
    named = [part for name in ("old", "new") for part in ("--model", f"predictions:{space.root / name}.csv")]
    out = space.root / "out"
    answer = evalharness("compare", "--policy", "small", *named, "--workspace", space.root, "--out", out)
    assert answer.code == 0, answer.err
    return out


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "compare.json").read_bytes())


def test_a_run_for_the_whole_and_one_below_it_for_each_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path, document: dict[str, Any]
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="MLflow is an optional extra")
    monkeypatch.chdir(tmp_path)  # artefacts of a database store go to ./mlruns
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    told: list[str] = []
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    track_comparison(uri, document, folder, told.append)
    assert len(told) == 1
    assert told[0].startswith("tracked in MLflow")
    client = mlflow.MlflowClient(tracking_uri=uri)
    runs = {run.info.run_name: run for run in client.search_runs([client.get_experiment_by_name("evalharness").experiment_id])}
    whole = runs.pop("comparison of 2 models on small")
    assert set(runs) == {"old", "new"}
    assert {run.data.tags["mlflow.parentRunId"] for run in runs.values()} == {whole.info.run_id}
    assert {run.info.status for run in (whole, *runs.values())} == {"FINISHED"}
    assert {run.data.tags["evalharness.evidence"] for run in (whole, *runs.values())} == {"false"}
    for model in document["models"]:
        recall = next(e for e in model["estimates"] if e["metric"] == "recall")
        assert runs[model["name"]].data.metrics["recall.lower"] == recall["lower"]
    finding = next(f for f in document["paired"] if f["metric"] == "recall")
    assert runs["new"].data.metrics["paired/recall.upper"] == finding["upper"]
    assert not any(name.startswith("paired") for name in runs["old"].data.metrics)
    assert whole.data.params["margin_stated"] == "false"
    assert {Path(item.path).name for item in client.list_artifacts(whole.info.run_id, "report")} == set(before)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_failure_is_one_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]) -> None:
    pytest.importorskip("mlflow", reason="MLflow is an optional extra")
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    track_comparison("nonsense://x", document, None, told.append)
    assert len(told) == 1
    assert told[0].startswith("not tracked")
    assert "the comparison is complete" in told[0]
