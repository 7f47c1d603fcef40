"""What a policy may say depends on its task: how answers become decisions, and which blocks stand beside."""

from __future__ import annotations

from typing import Any, get_args

from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.records import Task
from evalharness.requirements.shape import POINT_KEYS

NOT_UNITS = frozenset({"elicited", "exchange"})
"""Keys under `costs` that name no unit."""

POINTS: dict[str, tuple[str, ...]] = {
    "binary": ("threshold", "rule", "certify"),
    "ordinal": ("rule",),
    "ranking": ("budget_per_day",),
    "linkage": ("threshold", "rule"),
    "risk": ("top_band",),
}
"""Keys of the operating point that a task knows: exactly one of them is given."""
WRITTEN = {
    "threshold": "{threshold: NUMBER}",
    "rule": "{rule: label}",
    "budget_per_day": "{budget_per_day: NUMBER}",
    "top_band": "{top_band: LEVEL}",
    "certify": "{certify: {targets: […]}}",
}
CHANGES = {"threshold": ("binary", "linkage"), "budget": ("ranking",)}
"""Lines of a change plan that only some tasks have a use for."""
ABOUT_TWO_CLASSES = ("binary", "risk")
"""Tasks whose items are relevant or not, and are reviewed or set aside: what the people and the costs are declared for."""
WITH_COSTS = (*ABOUT_TWO_CLASSES, "ordinal")
"""Tasks that costs can be stated for: an ordinal one by true and given level."""
_BLOCKS = {"costs": WITH_COSTS}
_BY_FATE = ("true_relevant", "true_not_relevant")


def task_of(data: dict[str, Any]) -> Task | None:
    """The task that a policy names; null where it is none."""
    task = data.get("task")
    return next((known for known in get_args(Task) if known == task), None)


def check_task(document: YamlDocument, problems: Problems) -> None:
    """Adds every problem of the operating point, and blocks that the task has no use for."""
    data: dict[str, Any] = document.data
    task = task_of(data)
    _check_operating_point(document, data.get("operating_point"), task, problems)
    for block, tasks in _BLOCKS.items():
        if task is not None and task not in tasks and data.get(block) is not None:
            problems.add(
                f"{block} does not go with the task {task} in this version", where=document.where((block,)),
                expected="the task " + " or ".join(tasks), hint="remove the block, and the requirements that need it",
            )  # fmt: skip
    _check_units(document, data.get("costs"), task, problems)


def _check_units(document: YamlDocument, costs: Any, task: Task | None, problems: Problems) -> None:
    """Grades cost by true and given level; items that are relevant or not by what happens to them."""
    foreign, own = (_BY_FATE, ("by_level",)) if task == "ordinal" else (("by_level",), _BY_FATE)
    for name, unit in costs.items() if isinstance(costs, dict) and task in WITH_COSTS else ():
        for key in foreign if isinstance(unit, dict) and name not in NOT_UNITS else ():
            if key in unit:
                problems.add(
                    f"the task {task} has no costs of this kind", where=document.where(("costs", name, key)), got=key,
                    expected=" and ".join(own),
                )  # fmt: skip


def check_agreed(document: YamlDocument, problems: Problems) -> None:
    """Adds lines of the change plan that are about an operating point that the task does not have."""
    lines, task = document.data.get("change_plan"), task_of(document.data)
    for position, line in enumerate(lines if isinstance(lines, list) and task else ()):
        what = line.get("what") if isinstance(line, dict) else None
        if isinstance(what, str) and task not in CHANGES.get(what, (task,)):
            where = document.where(("change_plan", position, "what"))
            problems.add(f"the task {task} has no {what} that could change", where=where, got=what, hint="remove the line")


def _check_operating_point(document: YamlDocument, point: Any, task: Task | None, problems: Problems) -> None:
    if not isinstance(point, dict) or set(point) - set(POINT_KEYS):
        return  # reported as such
    given = [key for key, value in point.items() if value is not None]
    allowed = POINTS[task] if task else POINT_KEYS
    expected = " or ".join(WRITTEN[key] for key in allowed)
    foreign = [key for key in given if key not in allowed]
    for key in foreign:
        where = document.where(("operating_point", key))
        hint = NOT_CERTIFIED.get(task or "", "") if key == "certify" else ""
        problems.add(f"the task {task} has no {_called(key)}", where=where, got=key, expected=expected, hint=hint)
    if not foreign and len(given) != 1:
        where, got = document.where(("operating_point",)), ", ".join(given) or ("neither" if len(allowed) == 2 else "nothing")
        problems.add("the operating point is not one rule", where=where, got=got, expected=expected)


NOT_CERTIFIED: dict[str, str] = {
    "ordinal": "grades have several cuts, and a search goes along one",
    "ranking": "the day's budget says how many leads are worked, whatever their scores",
    "linkage": "one threshold joins whole chains of records, so each candidate would be a linkage of its own",
    "risk": "the top band is what the classifier says, and no threshold of the harness",
}
"""By task: why no threshold is certified."""


def _called(key: str) -> str:
    named = {"rule": "rule 'label'", "budget_per_day": "daily budget", "top_band": "top band", "certify": "certified threshold"}
    return named.get(key, key)
