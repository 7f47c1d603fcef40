"""Write one comparison to MLflow: a run for the whole, with its pages, and below it one for each model, so that they stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from evalharness.tracking.server import Told, metrics_of, track


def track_comparison(uri: str, comparison: dict[str, Any], folder: Path | None, notice: Callable[[str], None]) -> None:
    """Logs compare.json's document at `uri`. Whatever goes wrong is told through `notice`; nothing is raised.

    folder: the pages, attached to the run of the whole; null where none were written.
    """
    models = comparison["models"]
    whole = Told(
        name=f"comparison of {len(models)} models on {comparison['benchmark']['name']}",
        created=comparison["created"],
        params=tuple(_params(comparison)),
        tags=tuple(_tags(comparison)),
        metrics=tuple(_paired(comparison, None)),
        dataset=_dataset(comparison),
        folder=folder,
    )
    track(uri, [whole, *(_model(comparison, model) for model in models)], notice, kept="the comparison")


def _model(comparison: dict[str, Any], model: dict[str, Any]) -> Told:
    outcome = {each["challenger"]: each["outcome"] for each in comparison["together"]["findings"]}
    tags = [("evalharness.verdict", model["verdict"]), ("evalharness.model.digest", model["digest"])]
    tags += [("evalharness.not_worse", outcome[model["name"]])] if model["name"] in outcome else []
    return Told(
        name=model["name"],
        created=comparison["created"],
        params=(("model", model["name"]), ("incumbent", str(model["incumbent"]).lower()), ("level", str(model["level"]))),
        tags=(*_tags(comparison), *tags),
        metrics=(*metrics_of(model["estimates"]), *_paired(comparison, model["name"])),
        dataset=_dataset(comparison),
    )


def _params(comparison: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "models", ", ".join(model["name"] for model in comparison["models"])[:500]
    yield "incumbent", comparison["incumbent"]
    yield "policy", f"{comparison['policy']['name']} v{comparison['policy']['version']}"
    yield "benchmark", comparison["benchmark"]["name"]
    yield "split", comparison["benchmark"]["split"]
    yield "margin", str(comparison["margin"]["value"])
    yield "margin_stated", str(comparison["margin"]["stated"]).lower()
    yield "confidence", str(comparison["confidence"])
    yield "attempt", str(comparison["attempt"])


def _tags(comparison: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "evalharness.kind", "comparison"
    yield "evalharness.evidence", "false"
    yield "evalharness.policy.digest", comparison["policy"]["digest"]
    yield "evalharness.benchmark.digest", comparison["benchmark"]["digest"]


def _paired(comparison: dict[str, Any], challenger: str | None) -> Iterator[tuple[str, float]]:
    """Differences and the bounds of what is lost: of one challenger; null: of all, where there is but one."""
    found = [f for f in comparison["paired"] if challenger in {None, f["challenger"]}]
    if challenger is None and len({f["challenger"] for f in found}) > 1:
        return
    for finding in found:
        for end in ("difference", "upper", "lower"):
            if finding[end] is not None:
                yield f"paired/{finding['metric']}.{end}", float(finding[end])


def _dataset(comparison: dict[str, Any]) -> tuple[str, str]:
    return comparison["benchmark"]["name"], comparison["benchmark"]["digest"]
