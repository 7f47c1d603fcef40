"""Write one evaluation to MLflow: parameters, estimates and bounds, verdict and digests, the data set, the run folder."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

EXPERIMENT = "evalharness"
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_\-. /]")
_METRICS_A_BATCH = 900
_TAG_LIMIT = 4_000


def track_run(uri: str, evidence: dict[str, Any], folder: Path, notice: Callable[[str], None]) -> None:
    """Logs the evaluation as one MLflow run at `uri`. Whatever goes wrong is told through `notice`; nothing is raised.

    The run folder is only read. Servers get two tries of ten seconds, unless MLflow's own environment variables say otherwise.
    """
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    try:
        run = _log(uri, evidence, folder)
    except ImportError as error:
        notice(
            f"not tracked: MLflow is not installed ({error}); the report is complete. Install it with: pip install 'evalharness[mlflow]'"
        )
    except Exception as error:  # noqa: BLE001  any failure of a tracking server is a warning and never a failure of the evaluation
        notice(f"not tracked: MLflow at {uri} failed ({type(error).__name__}: {str(error)[:300]}); the report is complete and unchanged")
    else:
        notice(f"tracked in MLflow at {uri}: experiment '{EXPERIMENT}', run {run}")


def _log(uri: str, evidence: dict[str, Any], folder: Path) -> str:
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag  # noqa: PLC0415  heavy, optional
    from mlflow.tracking import MlflowClient  # noqa: PLC0415

    logging.getLogger("mlflow").setLevel(logging.WARNING)  # the making of a first database is not news
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT)
    model, benchmark = evidence["model"], evidence["benchmark"]
    created = datetime.fromisoformat(evidence["created"])
    stamp = int(created.timestamp() * 1000)
    run_id: str = client.create_run(experiment_id, start_time=stamp, run_name=f"{model['name']} on {benchmark['name']}").info.run_id
    try:
        client.log_batch(
            run_id, params=[Param(k, v) for k, v in _params(evidence)], tags=[RunTag(k, v[:_TAG_LIMIT]) for k, v in _tags(evidence, folder)]
        )
        metrics = [Metric(name, value, stamp, 0) for name, value in _metrics(evidence)]
        for start in range(0, len(metrics), _METRICS_A_BATCH):
            client.log_batch(run_id, metrics=metrics[start : start + _METRICS_A_BATCH])
        digest = benchmark["digest"].removeprefix("sha256:")[:36]
        dataset = Dataset(name=benchmark["name"], digest=digest, source_type="evalharness", source=benchmark["digest"])
        client.log_inputs(run_id, datasets=[DatasetInput(dataset=dataset, tags=[InputTag("mlflow.data.context", "evaluation")])])
        client.log_artifacts(run_id, str(folder), artifact_path="report")
        client.set_terminated(run_id, "FINISHED")
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    return run_id


def _params(evidence: dict[str, Any]) -> Iterator[tuple[str, str]]:
    point = evidence["operating_point"]
    yield "model", evidence["model"]["name"]
    yield "adapter", evidence["model"]["adapter"]
    yield "policy", f"{evidence['policy']['name']} v{evidence['policy']['version']}"
    yield "benchmark", f"{evidence['benchmark']['name']} v{evidence['benchmark']['version']}"
    yield "split", evidence["benchmark"]["split"]
    yield "rows", str(evidence["benchmark"]["rows"])
    yield "seed", str(evidence["benchmark"]["seed"])
    yield "rule", point["rule"]
    yield "threshold", str(point["threshold"])
    for name in ("budget_per_day", "top_band"):
        if name in point:
            yield name, str(point[name])
    yield "confidence", str(evidence["policy"]["document"].get("confidence"))


def _tags(evidence: dict[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    yield "evalharness.verdict", evidence["verdict"]["outcome"]
    yield "evalharness.claim", evidence["claim"]
    yield "evalharness.run", folder.name
    yield "evalharness.reasons", "; ".join(evidence["verdict"]["reasons"])
    for name in ("model", "policy", "benchmark"):
        yield f"evalharness.{name}.digest", evidence[name]["digest"]


def _metrics(evidence: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Overall, per single attribute and every gap: value, lower and upper, under names that MLflow accepts."""
    seen: set[str] = set()
    for estimate in evidence["estimates"]:
        if len(estimate["group"]) > 1:
            continue
        parts = [estimate["metric"], estimate.get("unit", ""), *(f"{a}-{level}" for a, level in estimate["group"].items())]
        parts += [".".join(estimate.get("between", ())), estimate.get("condition", "")]
        name = _unused("/".join(_NOT_ALLOWED.sub("_", part).replace("/", "_") for part in parts if part)[:200], seen)
        for end in ("value", "lower", "upper"):
            if estimate[end] is not None:
                yield (name if end == "value" else f"{name}.{end}"), float(estimate[end])


def _unused(name: str, seen: set[str]) -> str:
    """`name`, or with a number behind it when two groups differ only in characters that MLflow refuses."""
    candidate, count = name, 2
    while candidate in seen:
        candidate, count = f"{name}.{count}", count + 1
    seen.add(candidate)
    return candidate
