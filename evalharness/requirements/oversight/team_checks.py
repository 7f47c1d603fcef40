"""What the declared readers of a policy mean together, and with its bands."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.team import COST, TEAM_SHARES
from evalharness.errors import Problems
from evalharness.files.document import KeyPath, YamlDocument
from evalharness.requirements.oversight.asked import lines_about

_BLOCK: KeyPath = ("human_in_the_loop", "team")
TASKS = ("binary", "ordinal", "ranking", "risk")
_NAMES = frozenset(metric.name for metric in TEAM_SHARES)
_RANGES = ("fatigue_drop", "low_prevalence_drop")


def check_team(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Adds every problem of the declared readers. Nothing where the policy declares none."""
    people: Any = document.data.get("human_in_the_loop")
    for at, _, _ in lines_about(document, (COST,)) if task not in (None, "binary", "risk") else ():
        problems.add(
            f"{COST} is not reckoned for the task {task} in this version: what readers then decide is only known as relevant or not",
            where=document.where(("requirements", at, "metric")), hint="require expected_cost, or remove the requirement",
        )  # fmt: skip
    if task == "ordinal" and isinstance(people, dict) and people.get("relevant_from") is None:
        _check_relevant_from(document, people, problems)
    team: Any = people.get("team") if isinstance(people, dict) else None
    if not isinstance(team, dict):
        return
    if task is not None and task not in TASKS:
        problems.add(
            f"team does not go with the task {task} in this version", where=document.where(_BLOCK),
            expected=f"the task {', '.join(TASKS[:-1])} or {TASKS[-1]}", hint="remove it",
        )  # fmt: skip
    for name in _RANGES:
        _check_range(document, team.get(name), (*_BLOCK, name), problems)
    current: Any = team.get("current_process")
    for name in ("recall", "false_alarm_rate") if isinstance(current, dict) else ():
        _check_range(document, current.get(name), (*_BLOCK, "current_process", name), problems)
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    readers = team.get("readers")
    for position, one in enumerate(readers if isinstance(readers, list) else ()):
        if not isinstance(one, dict):
            continue
        path = (*_BLOCK, "readers", position)
        for name in ("recall", "specificity"):
            _check_range(document, one.get(name), (*path, name), problems)
        group = one.get("group") or {}
        key = str(one.get("shown")), frozenset((str(k), str(v)) for k, v in group.items()) if isinstance(group, dict) else frozenset()
        if key in seen:
            problems.add("the same readers are declared twice", where=document.where(path), hint="keep one")
        seen.add(key)
    if task != "ordinal":  # which grades are lower than others the benchmark says (`team_fit`)
        _check_bands(document, people, problems)


def _check_relevant_from(document: YamlDocument, people: dict[str, Any], problems: Problems) -> None:
    """Of grades it must be said which of them readers are to find."""
    paths: list[KeyPath] = [("requirements", at, "metric") for at, _, _ in lines_about(document, _NAMES)]
    if isinstance(people.get("team"), dict):
        paths.append(_BLOCK)
    for path in paths:
        problems.add(
            "of classifier and people together nothing can be said before it is known from which level on an item is relevant",
            where=document.where(path), hint="add relevant_from: LEVEL to human_in_the_loop",
        )  # fmt: skip


def _check_range(document: YamlDocument, told: Any, path: KeyPath, problems: Problems) -> None:
    low, high = (told.get("low"), told.get("high")) if isinstance(told, dict) else (None, None)
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        problems.add("the low end is above the high end", where=document.where((*path, "low")), got=f"low {low}, high {high}")


def _check_bands(document: YamlDocument, people: dict[str, Any], problems: Problems) -> None:
    """Readers are declared for items that are selected, or blind: of items set aside and read all the same nothing is said."""
    bands, data = people.get("bands"), document.data
    point = data.get("operating_point")
    threshold = point.get("threshold") if isinstance(point, dict) else None
    top = point.get("top_band") if isinstance(point, dict) else None
    for position, band in enumerate(bands if isinstance(bands, list) else ()):
        if not isinstance(band, dict) or not isinstance(band.get("readers"), int) or band["readers"] < 1:
            continue
        cut, levels = band.get("from"), band.get("levels")
        below = isinstance(cut, int | float) and isinstance(threshold, int | float) and cut < threshold
        other = isinstance(levels, list) and top is not None and set(map(str, levels)) - {str(top)}
        if below or other or band.get("rest") is True:
            problems.add(
                "people read items here that the classifier does not select, and team says nothing of such readings",
                where=document.where((_BLOCK[0], "bands", position)), hint="remove team, or let people read what is selected alone",
            )  # fmt: skip
