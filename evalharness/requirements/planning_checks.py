"""What a policy may state for planning: values of its own requirements that its metrics can take, shares where the task has them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from evalharness.errors import Problems
from evalharness.files.shape import suggestion
from evalharness.files.yaml import YamlDocument
from evalharness.requirements.context import Context, Line

GAPS = frozenset({"max_difference", "min_ratio"})
SELECTING = frozenset({"binary", "risk"})
"""Tasks where how much is selected is not fixed by the operating point or by the links there are."""


def check_planning(document: YamlDocument, lines: Iterable[Line], context: Context, problems: Problems) -> None:
    """Adds every problem of the block `planning`; what has the wrong shape is reported as such."""
    planning = document.data.get("planning")
    if not isinstance(planning, dict):
        return
    for key, tasks in (("prevalence", {"binary", "risk", "ranking", "linkage"}), ("selected", SELECTING)):
        if key in planning and context.task and context.task not in tasks:
            where = document.where(("planning", key))
            problems.add(
                f"{key} does not go with the task {context.task}", where=where, hint="remove it; the benchmark's own shares are used"
            )
    expected = planning.get("expected")
    known = {line.shape.id: line for line in lines if "id" not in line.faulty}
    for name, value in expected.items() if isinstance(expected, dict) else ():
        where = document.where(("planning", "expected", name))
        if name not in known:
            hint = suggestion(str(name), known)
            problems.add("the policy has no such requirement", where=where, got=name, expected="the id of a requirement", hint=hint)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            metric = context.metrics.get(known[name].shape.metric)
            most = most_of("" if metric is None else metric.unit, gap=bool(GAPS & known[name].comparisons().keys()))
            if metric is not None and not 0 <= value <= most:
                expected_text = f"a number from 0 to {most:g}" if math.isfinite(most) else "a number of at least 0"
                problems.add(f"planning: {name} can never have this value", where=where, got=value, expected=expected_text)


def most_of(unit: str, *, gap: bool) -> float:
    """The greatest value that a metric of this unit, or a gap of one, can have."""
    return 1.0 if gap or unit in {"proportion", "index"} else math.inf
