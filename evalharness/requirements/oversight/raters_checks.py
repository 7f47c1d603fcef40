"""Which tasks have people who labelled items one by one."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.raters import RATED_TASKS, RATER_AGREEMENT
from evalharness.errors import Problems
from evalharness.files.document import KeyPath, YamlDocument


def check_raters(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Adds what asks about people who labelled in a task whose items are not decided one by one."""
    if task is None or task in RATED_TASKS:
        return
    people: Any = document.data.get("human_in_the_loop")
    lines: Any = document.data.get("requirements")
    paths: list[KeyPath] = []
    if isinstance(people, dict) and people.get("label_quality") is not None:
        paths.append(("human_in_the_loop", "label_quality"))
    for at, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict) and line.get("metric") == RATER_AGREEMENT:
            paths.append(("requirements", at, "metric"))
    for path in paths:
        problems.add(
            f"people who labelled are not counted for the task {task} in this version", where=document.where(path),
            expected="the task " + " or ".join(RATED_TASKS), hint="remove it",
        )  # fmt: skip
