"""Requirements of a policy file by their metrics, whatever else is wrong with the file."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from evalharness.files.yaml import YamlDocument


def lines_about(document: YamlDocument, metrics: Container[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """(place among the requirements, metric, line) of each requirement on one of `metrics`; what is no requirement is left to others."""
    lines: Any = document.data.get("requirements")
    for place, line in enumerate(lines if isinstance(lines, list) else ()):
        metric = line.get("metric") if isinstance(line, dict) else None
        if isinstance(metric, str) and metric in metrics:
            yield place, metric, line
