"""What requirements on a coded sample need beside them."""

from __future__ import annotations

from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument

_SAMPLED = frozenset(metric.name for metric in SAMPLE_METRICS)
_WRITTEN = "sampling: {coder_sensitivity: {low: NUMBER, source: declared}, expected: {set_aside: NUMBER, …}}"


def check_sampling(document: YamlDocument, problems: Problems) -> None:
    """Adds every problem of requirements on a sample: a policy without the block, and groups, which no sample is drawn by."""
    people = document.data.get("human_in_the_loop")
    stated = isinstance(people, dict) and people.get("sampling") is not None
    lines = document.data.get("requirements")
    for position, line in enumerate(lines if isinstance(lines, list) else ()):
        metric = line.get("metric") if isinstance(line, dict) else None
        if not isinstance(metric, str) or metric not in _SAMPLED:
            continue
        name = f"requirement {line.get('id')}"
        if not stated:
            where = document.where(("requirements", position, "metric"))
            problems.add(f"{name}: {metric} needs human_in_the_loop.sampling", where=where, hint=f"add to human_in_the_loop: {_WRITTEN}")
        if line.get("for_each") is not None:
            where = document.where(("requirements", position, "for_each"))
            problems.add(f"{name}: a sample is drawn of all items together, not of groups", where=where, hint="remove for_each")
