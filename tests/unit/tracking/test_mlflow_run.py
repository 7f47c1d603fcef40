"""MLflow gets one complete run; whatever fails there is a notice and touches nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import evalharness
from small_workspace import SmallWorkspace

from evalharness.tracking import track_run
from evalharness.tracking.server import metrics_of

# MLflow 3.17 on SQLAlchemy 2.1 warns of its own deprecations; they are not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    space = SmallWorkspace(tmp_path_factory.mktemp("workspace")).write()
    answer = evalharness(
        "evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root, "--json"
    )
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


@pytest.fixture(scope="module")
def evidence(run: Path) -> dict:
    return json.loads((run / "evidence.json").read_bytes())


def test_one_run_with_parameters_metrics_tags_data_set_and_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Path, evidence: dict
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="MLflow is an optional extra")
    monkeypatch.chdir(tmp_path)  # artefacts of a database store go to ./mlruns
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    told: list[str] = []
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    track_run(uri, evidence, run, told.append)
    assert len(told) == 1
    assert told[0].startswith("tracked in MLflow")
    client = mlflow.MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name("evalharness")
    (tracked,) = client.search_runs([experiment.experiment_id])
    assert tracked.info.status == "FINISHED"
    assert tracked.data.tags["evalharness.verdict"] == evidence["verdict"]["outcome"]
    assert tracked.data.tags["evalharness.benchmark.digest"] == evidence["benchmark"]["digest"]
    assert tracked.data.params["threshold"] == "0.5"
    recall = next(e for e in evidence["estimates"] if e["metric"] == "recall" and not e["group"])
    assert tracked.data.metrics["recall"] == recall["value"]
    assert tracked.data.metrics["recall.lower"] == recall["lower"]
    assert "recall/sex-F.lower" in tracked.data.metrics
    described = {e["metric"]: e["value"] for e in evidence["described"] if not e["group"] and e["value"] is not None}
    assert described
    assert described.items() <= tracked.data.metrics.items()
    assert tracked.inputs.dataset_inputs[0].dataset.name == "small"
    names = {Path(item.path).name for item in client.list_artifacts(tracked.info.run_id, "report")}
    assert names == set(before)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_what_holds_under_a_condition_has_a_name_of_its_own() -> None:
    plain = {"metric": "recall", "group": {}, "value": 0.9, "lower": 0.8, "upper": 1.0}
    flips = {"metric": "flip_rate", "group": {"sex": "F"}, "condition": "under noise", "value": 0.1, "lower": 0.0, "upper": None}
    named = dict(metrics_of([plain, {**plain, "condition": "under noise", "value": 0.7}, flips]))
    assert named["recall"] == 0.9
    assert named["recall/under noise"] == 0.7
    assert {name for name in named if name.startswith("flip")} == {"flip_rate/sex-F/under noise", "flip_rate/sex-F/under noise.lower"}


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "nonsense://x", "sqlite:///{file}/m.db"])
def test_a_failure_is_one_notice_and_the_report_is_untouched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Path, evidence: dict, uri: str
) -> None:
    pytest.importorskip("mlflow", reason="MLflow is an optional extra")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    (tmp_path / "file").write_text("not a folder")
    told: list[str] = []
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    track_run(uri.format(file=tmp_path / "file"), evidence, run, told.append)
    assert len(told) == 1
    assert told[0].startswith("not tracked")
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
