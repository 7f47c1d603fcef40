"""What one run in MLflow holds, and how it gets there. Optional, imported lazily; no failure of a server ever leaves this module."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

EXPERIMENT = "evalharness"
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_\-. /]")
_METRICS_A_BATCH = 900
_TAG_LIMIT = 4_000
_PARENT = "mlflow.parentRunId"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One run."""

    name: str
    created: str
    """ISO 8601."""
    params: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    metrics: tuple[tuple[str, float], ...]
    dataset: tuple[str, str]
    """Name and digest."""
    folder: Path | None = None
    """Only read; null: nothing is attached."""


def track(uri: str, runs: Sequence[Told], notice: Callable[[str], None], *, kept: str) -> None:
    """Logs the first run at `uri`, and the others as its children. Whatever goes wrong is told through `notice`; nothing is raised.

    kept: what is complete all the same, for the notice. Servers get two tries of ten seconds, unless MLflow's own environment variables say
    otherwise.
    """
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    try:
        run = _log(uri, runs)
    except ImportError as error:
        notice(f"not tracked: MLflow is not installed ({error}); {kept} is complete. Install it with: pip install 'evalharness[mlflow]'")
    except Exception as error:  # noqa: BLE001  any failure of a tracking server is a warning and never a failure of the evaluation
        notice(f"not tracked: MLflow at {uri} failed ({type(error).__name__}: {str(error)[:300]}); {kept} is complete and unchanged")
    else:
        notice(f"tracked in MLflow at {uri}: experiment '{EXPERIMENT}', run {run}")


def metrics_of(estimates: Iterable[dict[str, Any]], seen: set[str] | None = None) -> Iterator[tuple[str, float]]:
    """Overall, per single attribute and every gap, each under its condition: value and deciding bounds, under names that MLflow takes."""
    seen = set() if seen is None else seen
    for estimate in estimates:
        group = estimate.get("group", {})
        if len(group) > 1:
            continue
        parts = [estimate["metric"], estimate.get("unit", ""), *(f"{a}-{level}" for a, level in group.items())]
        parts += [".".join(estimate.get("between", ())), estimate.get("condition", "")]
        name = _unused("/".join(_NOT_ALLOWED.sub("_", part).replace("/", "_") for part in parts if part)[:200], seen)
        lower, upper = estimate.get("by_size") or (estimate["lower"], estimate["upper"])
        for ending, number in (("", estimate["value"]), (".lower", lower), (".upper", upper)):
            if number is not None:
                yield f"{name}{ending}", float(number)


def _unused(name: str, seen: set[str]) -> str:
    """`name`, or with a number behind it when two groups differ only in characters that MLflow refuses."""
    candidate, count = name, 2
    while candidate in seen:
        candidate, count = f"{name}.{count}", count + 1
    seen.add(candidate)
    return candidate


def _log(uri: str, runs: Sequence[Told]) -> str:
    from mlflow.tracking import MlflowClient  # noqa: PLC0415  heavy, optional

    logging.getLogger("mlflow").setLevel(logging.WARNING)  # the making of a first database is not news
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT)
    first = _log_one(client, experiment_id, runs[0], ())
    for told in runs[1:]:
        _log_one(client, experiment_id, told, ((_PARENT, first),))
    return first


def _log_one(client: Any, experiment_id: str, told: Told, more: tuple[tuple[str, str], ...]) -> str:
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag  # noqa: PLC0415  heavy, optional

    stamp = int(datetime.fromisoformat(told.created).timestamp() * 1000)
    run_id: str = client.create_run(experiment_id, start_time=stamp, run_name=told.name).info.run_id
    try:
        tags = [RunTag(k, v[:_TAG_LIMIT]) for k, v in (*told.tags, *more)]
        client.log_batch(run_id, params=[Param(k, v) for k, v in told.params], tags=tags)
        metrics = [Metric(name, value, stamp, 0) for name, value in told.metrics]
        for start in range(0, len(metrics), _METRICS_A_BATCH):
            client.log_batch(run_id, metrics=metrics[start : start + _METRICS_A_BATCH])
        name, digest = told.dataset
        dataset = Dataset(name=name, digest=digest.removeprefix("sha256:")[:36], source_type="evalharness", source=digest)
        client.log_inputs(run_id, datasets=[DatasetInput(dataset=dataset, tags=[InputTag("mlflow.data.context", "evaluation")])])
        if told.folder is not None:
            client.log_artifacts(run_id, str(told.folder), artifact_path="report")
        client.set_terminated(run_id, "FINISHED")
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    return run_id
