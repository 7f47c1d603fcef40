"""What the limits for people in the items and the requirements on them mean together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evalharness.catalogue.oversight.people import IN_GROUPS, NEEDS, PEOPLE_METRICS
from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.requirements.context import Line

_BLOCK = ("human_in_the_loop", "people")
_TASKS = ("binary", "ordinal", "risk")
_OVERALL = frozenset(metric.name for metric in PEOPLE_METRICS) - frozenset(IN_GROUPS)


def check_people(document: YamlDocument, lines: Sequence[Line], task: str | None, problems: Problems) -> None:
    """A requirement on a time needs the time; most figures about people are of everybody."""
    human: Any = document.data.get(_BLOCK[0])
    stated = human.get(_BLOCK[1]) if isinstance(human, dict) else None
    if stated is not None and task is not None and task not in _TASKS:
        problems.add(
            f"people does not go with the task {task} in this version", where=document.where(_BLOCK),
            expected="the task " + " or ".join(_TASKS), hint="remove it",
        )  # fmt: skip
    known = stated if isinstance(stated, dict) else {}
    for line in lines:
        metric = line.shape.metric
        needed = NEEDS.get(metric)
        if needed is not None and known.get(needed) is None:
            problems.add(
                f"requirement {line.shape.id}: {metric} is counted by a limit that the policy does not state",
                where=document.where((*line.path, "metric")), hint=f"add human_in_the_loop: {{people: {{{needed}: NUMBER}}}}",
            )  # fmt: skip
        if metric in _OVERALL and line.shape.for_each is not None:
            problems.add(
                f"requirement {line.shape.id}: {metric} is counted for everybody alone",
                where=document.where((*line.path, "for_each")), hint="remove for_each",
            )  # fmt: skip
