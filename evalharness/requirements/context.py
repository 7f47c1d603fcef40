"""What the rest of a policy says that a requirement leans on, read as far as it can be read, so that all mistakes are told at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalharness.catalogue import COPY_METRICS, METRICS, Metric, copy_metrics, task_metrics
from evalharness.errors import Problems
from evalharness.files.document import KeyPath, YamlDocument
from evalharness.files.shape import check
from evalharness.requirements.shape import COMPARISONS, DEEPEST_INTERSECTION, RequirementShape
from evalharness.requirements.task_checks import NOT_UNITS, task_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The policy's other blocks."""

    task: str
    """Empty where the policy names none that is known."""
    metrics: Mapping[str, Metric]
    """What the task counts, of items and of pairs with copies; where it is not known, every metric of any task. Those of an ordinal task
    have no weights yet."""
    has_people: bool
    """Whether there is a `human_in_the_loop` block."""
    minutes_per_review: float
    """Infinite where it cannot be read."""
    dearest: dict[str, float]
    """The dearest cell of each cost unit; infinite where it cannot be read."""
    budget_per_day: int | None
    """Of the operating point; null where it has none, or none that can be read."""
    references: frozenset[str]
    """Names of the models that the policy refers to."""
    depth: int
    """How many attributes an intersection may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement of the file, as far as it could be read."""

    path: KeyPath
    shape: RequirementShape
    faulty: frozenset[str]
    """Keys that were left out because something is wrong with them; that has been reported."""

    def comparisons(self) -> dict[str, float]:
        """The comparisons it makes, by key."""
        found = {name: getattr(self.shape, name) for name in COMPARISONS}
        return {name: bound for name, bound in found.items() if bound is not None}


def context_of(data: dict[str, Any]) -> Context:
    """Reads leniently: what is wrong in these blocks is reported by their shape."""
    people = data.get("human_in_the_loop")
    costs = data.get("costs")
    units = costs if isinstance(costs, dict) else {}
    depth = data.get("intersections", 2)
    task = task_of(data) or ""
    point = data.get("operating_point")
    budget = point.get("budget_per_day") if isinstance(point, dict) else None
    return Context(
        task=task,
        metrics={**task_metrics(task).metrics, **copy_metrics(task).metrics} if task else {**METRICS, **COPY_METRICS},
        has_people=people is not None,
        minutes_per_review=_number(people.get("minutes_per_review") if isinstance(people, dict) else None),
        dearest={name: _dearest(unit) for name, unit in units.items() if name not in NOT_UNITS},
        budget_per_day=budget if type(budget) is int else None,
        references=frozenset(named if isinstance(named := data.get("references"), dict) else ()),
        depth=depth if type(depth) is int and depth > 0 else DEEPEST_INTERSECTION,
    )


def lines_of(document: YamlDocument) -> list[Line]:
    """The requirements, each without the keys that are at fault; those that cannot be read at all are left out."""
    items = document.data.get("requirements")
    lines = (_line(document, position) for position in range(len(items) if isinstance(items, list) else 0))
    return [line for line in lines if line is not None]


def _line(document: YamlDocument, position: int) -> Line | None:
    path: KeyPath = ("requirements", position)
    item = document.data["requirements"][position]
    if not isinstance(item, dict):
        return None
    faulty = frozenset(
        k for k, v in item.items() if k not in RequirementShape.model_fields or not _reads(k, v) or document.is_spoiled((*path, k))
    )
    kept = {key: value for key, value in item.items() if key not in faulty}
    shape = _checked({"id": f"requirement-{position + 1}", "metric": "", **kept})
    return None if shape is None else Line(path=path, shape=shape, faulty=faulty | ({"id", "metric"} - set(kept)))


def _reads(key: str, value: Any) -> bool:
    return _checked({"id": "x", "metric": "", key: value}) is not None


def _checked(item: dict[str, Any]) -> RequirementShape | None:
    """Without places and without reports: the whole file's check reports."""
    return check(YamlDocument(path_text="", raw=b"", data=item, places={}), RequirementShape, Problems())


def _dearest(unit: Any) -> float:
    if not isinstance(unit, dict):
        return math.inf
    return max((_number(cell) for by_fate in unit.values() for cell in _cells(by_fate)), default=0.0)


def _cells(stated: Any) -> list[Any]:
    """The costs of a true class by what happens to it, or of every true level by given level."""
    if not isinstance(stated, dict):
        return [None]
    return [cell for value in stated.values() for cell in (value.values() if isinstance(value, dict) else [value])]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.inf
