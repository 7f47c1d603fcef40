"""What the declared work and the requirements on it mean together."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.work import OF_WORK
from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument

_BLOCK = ("human_in_the_loop", "work")
TASKS = ("binary", "ordinal", "risk")


def check_work(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Work is reckoned from bands, of items that are decided one by one, for everybody."""
    human: Any = document.data.get(_BLOCK[0])
    human = human if isinstance(human, dict) else {}
    stated = human.get(_BLOCK[1]) is not None
    if stated and task is not None and task not in TASKS:
        problems.add(
            f"work does not go with the task {task} in this version", where=document.where(_BLOCK),
            expected="the task " + " or ".join(TASKS), hint="remove it",
        )  # fmt: skip
    elif stated and human.get("bands") is None:
        problems.add("work is reckoned from bands, and there are none", where=document.where(_BLOCK), hint="add human_in_the_loop.bands")
    asked: Any = document.data.get("requirements")
    for place, line in enumerate(asked if isinstance(asked, list) else ()):
        if not isinstance(line, dict) or line.get("metric") not in OF_WORK:
            continue
        if not stated:
            problems.add(
                f"requirement {line.get('id')}: {line['metric']} is reckoned from work that the policy does not declare",
                where=document.where(("requirements", place, "metric")),
                hint="add human_in_the_loop: {work: {officers: NUMBER, minutes_per_shift: NUMBER, shifts_per_week: NUMBER}}",
            )  # fmt: skip
        if line.get("for_each") is not None:
            problems.add(
                f"requirement {line.get('id')}: {line['metric']} is of all items together",
                where=document.where(("requirements", place, "for_each")), hint="remove for_each",
            )  # fmt: skip
