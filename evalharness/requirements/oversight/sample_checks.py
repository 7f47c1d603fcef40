"""What requirements on a coded sample need beside them."""

from __future__ import annotations

from collections.abc import Iterable

from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.requirements.context import Line

_SAMPLED = frozenset(metric.name for metric in SAMPLE_METRICS)
_WRITTEN = "sampling: {coder_sensitivity: {low: NUMBER, source: declared}, expected: {set_aside: NUMBER, …}}"


def check_sampling(document: YamlDocument, lines: Iterable[Line], problems: Problems) -> None:
    """Adds every problem of requirements on a sample: a policy without the block, and groups, which no sample is drawn by."""
    people = document.data.get("human_in_the_loop")
    stated = isinstance(people, dict) and people.get("sampling") is not None
    for line in lines:
        if line.shape.metric not in _SAMPLED:
            continue
        name = f"requirement {line.shape.id}"
        if not stated:
            where = document.where((*line.path, "metric"))
            hint = f"add to human_in_the_loop: {_WRITTEN}"
            problems.add(f"{name}: {line.shape.metric} needs human_in_the_loop.sampling", where=where, hint=hint)
        if line.shape.for_each is not None:
            where = document.where((*line.path, "for_each"))
            problems.add(f"{name}: a sample is drawn of all items together, not of groups", where=where, hint="remove for_each")
