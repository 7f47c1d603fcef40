"""The two shapes of benchmark.yaml, and what a supplied table of each task must declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from evalharness.catalogue import MOST_LEVELS
from evalharness.errors import Problems, shown
from evalharness.files.fields import Count, Label, Name, Text
from evalharness.files.shape import Shape, suggestion
from evalharness.files.yaml import YamlDocument
from evalharness.records import Task

MOST_RISING = MOST_LEVELS
"""Levels of an ordinal or risk task."""


class TableColumns(Shape):
    """Roles of a supplied table's columns."""

    id: Label
    label: Label | None = None
    features: tuple[Label, ...] = ()
    groups: tuple[Label, ...] = ()
    cluster: Label | None = None
    split: Label | None = None
    queue: Label | None = None
    arrived: Label | None = None
    minutes: Label | None = None
    entity: Label | None = None
    band: Label | None = None
    inclusion: Label | None = None


class _File(Shape):
    schema_: Annotated[Literal["evalharness/benchmark/v1"], Field(alias="schema")]
    name: Name
    version: Count
    task: Task
    title: Text | None = None


class RecipeFile(_File):
    """`generate:` is checked apart, against the family it names."""

    generate: dict[str, Any]
    permitted: tuple[Label, ...] = ()
    """Protected attributes that a model may be told: a blind export holds them."""


class TableFile(_File):
    """A table that the organisation labelled, or any other that it has."""

    table: Label
    columns: TableColumns
    positive: Label | None = None
    """Of a task with two labels: the one that means `relevant`."""
    levels: tuple[Label, ...] | None = None
    """Of an ordinal or risk task, rising."""
    pairs: Label | None = None
    """Of a linkage task: the file of candidate pairs."""
    sampling: Text | None = None
    """How the items were drawn; without it evidence is a rehearsal."""
    synthetic: bool = False
    contains_content: bool = False
    score_range: Literal["unit", "any"] = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What the table of one task must and may declare."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    may: tuple[str, ...] = ()
    """Further columns."""


_TASKS: Mapping[str, _Task] = {
    "binary": _Task(columns=("label",), keys=("positive",), may=("inclusion",)),
    "ordinal": _Task(columns=("label",), keys=("levels",), may=("inclusion",)),
    "ranking": _Task(columns=("label", "queue", "arrived"), keys=("positive",), may=("minutes",)),
    "linkage": _Task(columns=("entity",), keys=("pairs",)),
    "risk": _Task(columns=("label",), keys=("positive", "levels"), may=("band", "inclusion")),
}
_KEYS = ("positive", "levels", "pairs")
SINGLE_ROLES = ("id", "label", "entity", "cluster", "split", "queue", "arrived", "minutes", "band", "inclusion")
"""Roles of one column, as they are named in the file."""
_MAY_BE_FEATURES = ("arrived", "minutes")
_OF_SOME_TASKS = ("label", "queue", "arrived", "minutes", "entity", "band", "inclusion")


def check_task_of_table(document: YamlDocument, file: TableFile, problems: Problems) -> None:
    """Adds a problem for whatever the task needs and the file lacks, and for whatever the task has no use for."""
    task = _TASKS[file.task]
    for at, names, needed, allowed in (
        (("columns",), _OF_SOME_TASKS, task.columns, (*task.columns, *task.may)),
        ((), _KEYS, task.keys, task.keys),
    ):
        part = file.columns if at else file
        for name in names:
            given = getattr(part, name) is not None
            if given and name not in allowed:
                what = f"the task {file.task} has no {'column ' if at else ''}'{name}'"
                problems.add(what, where=document.where((*at, name)), expected=", ".join(allowed), hint="remove it")
            elif not given and name in needed:
                where = document.where(at)
                problems.add(
                    f"the key '{name}' is missing", where=where, expected=f"what the task {file.task} needs", hint=f"add '{name}:'"
                )
    _check_levels(document, file, problems)


def _check_levels(document: YamlDocument, file: TableFile, problems: Problems) -> None:
    levels = file.levels
    if levels is None:
        return
    if not 2 <= len(levels) <= MOST_RISING:
        got, expected = str(len(levels)), f"2 to {MOST_RISING} levels, from the lowest to the highest"
        problems.add("the number of levels cannot be", where=document.where(("levels",)), got=got, expected=expected)
    for i, level in enumerate(levels):
        if level in levels[:i]:
            problems.add(f"the level '{level}' stands twice", where=document.where(("levels", i)), hint="name it once")


def check_roles(document: YamlDocument, columns: TableColumns, problems: Problems) -> None:
    """A column has one role; only a group, or when a lead arrived and what its review takes, may also be a feature. Each is named once."""
    for role in ("features", "groups"):
        names = getattr(columns, role)
        for i, name in enumerate(names):
            if name in names[:i]:
                problems.add(f"the column '{name}' is named twice", where=document.where(("columns", role, i)), hint="name it once")
    taken: dict[str, str] = {}
    for role in SINGLE_ROLES:
        name = getattr(columns, role)
        if name is not None and name in taken:
            problems.add(f"the column '{name}' has two roles", where=document.where(("columns", role)), got=f"{taken[name]} and {role}")
        elif name is not None:
            taken[name] = role
    for role in ("features", "groups"):
        for i, name in enumerate(getattr(columns, role)):
            if name in taken and not (role == "features" and taken[name] in _MAY_BE_FEATURES):
                hint = "a model must not receive it" if role == "features" else ""
                got = f"{taken[name]} and {role}"
                problems.add(f"the column '{name}' has two roles", where=document.where(("columns", role, i)), got=got, hint=hint)


def check_permitted(document: YamlDocument, problems: Problems) -> None:
    """Only an attribute of the recipe can be permitted, once. Reads the file as it stands, so that it is told beside all other problems."""
    generate = document.data["generate"]
    permitted, groups = document.data.get("permitted"), generate.get("groups") if isinstance(generate, dict) else None
    if not isinstance(permitted, list) or not isinstance(groups, dict):
        return  # reported by the shape of the file
    names = [str(name) for name in permitted]
    for i, name in enumerate(names):
        where = document.where(("permitted", i))
        if name in names[:i]:
            problems.add(f"the attribute '{shown(name)}' is permitted twice", where=where, hint="name it once")
        elif name not in groups:
            problems.add(
                "only an attribute under 'groups' can be permitted", where=where, got=shown(name), expected=", ".join(map(str, groups)),
                hint=suggestion(name, groups),
            )  # fmt: skip
