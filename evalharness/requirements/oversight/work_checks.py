"""What the declared work and the requirements on it mean together."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.work import OF_WORK
from evalharness.errors import Problems
from evalharness.files.shape import suggestion
from evalharness.files.yaml import YamlDocument
from evalharness.records.oversight_bands import TO_A_PERSON
from evalharness.records.oversight_minutes import STEPS
from evalharness.requirements.oversight.asked import lines_about

_BLOCK = ("human_in_the_loop", "work")
TASKS = ("binary", "ordinal", "ranking", "risk")
_UNSEEN = "remove it: true links that no candidate pair holds are counted with the last band, and nobody can read them"


def check_work(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Work is reckoned from bands, of items that somebody can read, for everybody."""
    human: Any = document.data.get(_BLOCK[0])
    human = human if isinstance(human, dict) else {}
    stated = human.get(_BLOCK[1]) is not None
    if stated and task is not None and task not in TASKS:
        problems.add(
            f"work does not go with the task {task} in this version", where=document.where(_BLOCK),
            expected="the task " + " or ".join(TASKS), hint=_UNSEEN if task == "linkage" else "remove it",
        )  # fmt: skip
    elif stated and human.get("bands") is None:
        problems.add("work is reckoned from bands, and there are none", where=document.where(_BLOCK), hint="add human_in_the_loop.bands")
    if stated:
        _check_minutes(document, human, problems)
        _check_deadlines(document, human, problems)
    if stated and task == "ranking" and isinstance(human[_BLOCK[1]], dict) and human[_BLOCK[1]].get("minutes") == "measured":
        problems.add(
            "how much of a week's leads is within the budget hangs on how many come in on a day, and nobody has measured that",
            where=document.where((*_BLOCK, "minutes")), got="measured",
            hint="remove it: the work of leads is declared, and decides rehearsals",
        )  # fmt: skip
    for place, metric, line in lines_about(document, OF_WORK):
        if not stated:
            problems.add(
                f"requirement {line.get('id')}: {metric} is reckoned from work that the policy does not declare",
                where=document.where(("requirements", place, "metric")),
                hint="add human_in_the_loop: {work: {officers: NUMBER, minutes_per_shift: NUMBER, shifts_per_week: NUMBER}}",
            )  # fmt: skip
        if line.get("for_each") is not None:
            problems.add(
                f"requirement {line.get('id')}: {metric} is of all items together",
                where=document.where(("requirements", place, "for_each")), hint="remove for_each",
            )  # fmt: skip


def _check_deadlines(document: YamlDocument, human: dict[str, Any], problems: Problems) -> None:
    """Only what is read before anything is decided has hours; a pile has its days."""
    work, bands = human[_BLOCK[1]], human.get("bands")
    stated = work.get("deadline_hours") if isinstance(work, dict) else None
    if not isinstance(stated, dict) or not isinstance(bands, list):
        return
    readers = {band.get("name"): band.get("readers") for band in bands if isinstance(band, dict)}
    read = [*(str(name) for name, number in readers.items() if number), TO_A_PERSON]
    for name in stated:
        if name not in read:
            known = name in readers
            problems.add(
                f"the band '{name}' has no readers, so nobody opens its items within hours" if known else f"there is no band '{name}'",
                where=document.where((*_BLOCK, "deadline_hours", name)), expected="one of " + ", ".join(read),
                hint="state opened_within_days in the band, and remove it here" if known else suggestion(str(name), read) or "remove it",
            )  # fmt: skip


def _check_minutes(document: YamlDocument, human: dict[str, Any], problems: Problems) -> None:
    """Minutes that are measured have a longest reading, beyond the first step."""
    work, study = human[_BLOCK[1]], human.get("review_study")
    slowest = study.get("slowest_seconds") if isinstance(study, dict) else None
    if isinstance(work, dict) and work.get("minutes") == "measured" and isinstance(slowest, int | float) and slowest <= STEPS[0]:
        problems.add(
            "minutes cannot be measured of readings that are so short",
            where=document.where((_BLOCK[0], "review_study", "slowest_seconds")), got=f"{slowest:g}",
            expected=f"more than {STEPS[0]} seconds",
            hint="declare minutes_per_review, and remove minutes: measured",
        )  # fmt: skip
