"""Write one evaluation to MLflow: parameters, estimates and bounds, verdict and digests, the data set, the run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from evalharness.tracking.server import Told, metrics_of, track


def track_run(uri: str, evidence: dict[str, Any], folder: Path, notice: Callable[[str], None]) -> None:
    """Logs the evaluation as one MLflow run at `uri`. Whatever goes wrong is told through `notice`; nothing is raised.

    The run folder is only read.
    """
    model, benchmark = evidence["model"], evidence["benchmark"]
    told = Told(
        name=f"{model['name']} on {benchmark['name']}",
        created=evidence["created"],
        params=tuple(_params(evidence)),
        tags=tuple(_tags(evidence, folder)),
        metrics=tuple(metrics_of([*evidence["estimates"], *evidence.get("described", ())])),
        dataset=(benchmark["name"], benchmark["digest"]),
        folder=folder,
    )
    track(uri, [told], notice, kept="the report")


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
