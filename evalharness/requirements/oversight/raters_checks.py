"""Which tasks have people who labelled items one by one."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.raters import COST_AGAINST_HUMAN, RATED_TASKS, RATER_AGREEMENT
from evalharness.errors import Problems
from evalharness.files.document import KeyPath, YamlDocument
from evalharness.requirements.oversight.asked import lines_about


def check_raters(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Adds what asks about people who labelled where items are not decided one by one, and costs beside them of grades and of groups."""
    _check_cost(document, task, problems)
    if task is None or task in RATED_TASKS:
        return
    people: Any = document.data.get("human_in_the_loop")
    paths: list[KeyPath] = []
    if isinstance(people, dict) and people.get("label_quality") is not None:
        paths.append(("human_in_the_loop", "label_quality"))
    paths += [("requirements", at, "metric") for at, _, _ in lines_about(document, (RATER_AGREEMENT, COST_AGAINST_HUMAN))]
    for path in paths:
        problems.add(
            f"people who labelled are not counted for the task {task} in this version", where=document.where(path),
            expected="the task " + " or ".join(RATED_TASKS), hint="remove it",
        )  # fmt: skip


def _check_cost(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Only of items that are relevant or not, and of everybody."""
    for at, _, line in lines_about(document, (COST_AGAINST_HUMAN,)):
        if task == "ordinal":
            problems.add(
                f"{COST_AGAINST_HUMAN} is not reckoned of grades in this version", where=document.where(("requirements", at, "metric")),
                hint="ask each error apart, by relative_to: human with a margin",
            )  # fmt: skip
        if line.get("for_each") is not None:
            problems.add(
                f"{COST_AGAINST_HUMAN} is counted for everybody alone", where=document.where(("requirements", at, "for_each")),
                hint="remove for_each",
            )  # fmt: skip
