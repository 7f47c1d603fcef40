"""Dials of severity-grading for tests: the shipped recipe with few rows, every harm on, or every harm off."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from evalharness.benchmarks.families.severity_grading.dials import SeverityGradingDials
from evalharness.files.yaml import parse_yaml

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "datasets_synthetic" / "severity-grading" / "benchmark.yaml"
SHIPPED: dict[str, Any] = parse_yaml(RECIPE.read_bytes(), RECIPE.name).data["generate"]
OFF = {f"harms.{name}.size": 0 for name in SHIPPED["harms"]}
ON = {
    "harms.base_rate.size": 0.2,
    "harms.separability.size": 0.3,
    "harms.label_noise.size": 0.1,
    "harms.under_representation.size": 0.5,
    "harms.proxy.size": 1.0,
    "harms.annotator_bias.size": 0.1,
    "harms.drift.size": 0.4,
    "harms.prevalence_shift.size": 0.3,
    "harms.duplicates.size": 0.1,
}


def recipe(**changes: Any) -> dict[str, Any]:
    """The shipped recipe with 2,000 rows and other values; `{"harms.drift.size": 0.1}` changes what stands deeper."""
    found = copy.deepcopy(SHIPPED)
    for at, value in {"rows": 2_000, **changes}.items():
        *path, last = at.split(".")
        place = found
        for step in path:
            place = place[step]
        place[last] = value
    return found


def dials(**changes: Any) -> SeverityGradingDials:
    """The same, checked as a file is."""
    return SeverityGradingDials.model_validate_json(json.dumps(recipe(**changes)), strict=True)


def faults(**changes: Any) -> dict[str, str]:
    """Place -> what is wrong."""
    return {".".join(map(str, fault.at)): f"{fault.what}: {fault.got}, not {fault.expected}" for fault in dials(**changes).faults()}
