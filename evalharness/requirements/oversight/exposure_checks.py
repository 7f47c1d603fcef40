"""What the limits of exposure and the requirements on it mean together, and whether they fit a benchmark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evalharness.catalogue.oversight.exposure import NEEDS, OF_EXPOSURE
from evalharness.errors import Problems
from evalharness.files.document import KeyPath
from evalharness.files.shape import suggestion
from evalharness.files.yaml import YamlDocument
from evalharness.records import BenchmarkInfo, Policy
from evalharness.requirements.oversight.asked import lines_about

_BLOCK: KeyPath = ("human_in_the_loop", "exposure")
TASKS = ("binary", "ordinal", "ranking", "risk")


def check_exposure(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Severe is one thing; a requirement on exposure needs the block, and one on the cap needs the cap."""
    human: Any = document.data.get(_BLOCK[0])
    stated: Any = human.get(_BLOCK[1]) if isinstance(human, dict) else None
    if isinstance(stated, dict):
        _check_block(document, stated, task, problems)
    known = stated if isinstance(stated, dict) else {}
    for place, metric, line in lines_about(document, OF_EXPOSURE):
        needed = NEEDS.get(metric)
        if stated is None or (needed is not None and known.get(needed) is None):
            more = f", {needed}: NUMBER" if needed is not None else ""
            problems.add(
                f"requirement {line.get('id')}: {metric} is counted by what the policy does not state",
                where=document.where(("requirements", place, "metric")),
                hint=f"add human_in_the_loop: {{exposure: {{severe: relevant{more}}}}}",
            )  # fmt: skip
        if line.get("for_each") is not None:
            problems.add(
                f"requirement {line.get('id')}: {metric} is counted for everybody alone",
                where=document.where(("requirements", place, "for_each")), hint="remove for_each",
            )  # fmt: skip


def _check_block(document: YamlDocument, stated: dict[str, Any], task: str | None, problems: Problems) -> None:
    if task is not None and task not in TASKS:
        problems.add(
            f"exposure does not go with the task {task} in this version", where=document.where(_BLOCK),
            expected="the task " + " or ".join(TASKS), hint="remove it",
        )  # fmt: skip
    named = [key for key in ("severe", "severe_levels") if stated.get(key) is not None]
    if len(named) != 1:
        problems.add(
            "nothing says which items are severe" if not named else "severe items are said in two ways", where=document.where(_BLOCK),
            got=", ".join(named), expected="severe: relevant, or severe_levels: [LEVEL, …]",
        )  # fmt: skip
    levels = stated.get("severe_levels")
    if levels is not None and task not in {None, "ordinal"}:
        problems.add(
            f"items of the task {task} have no true levels", where=document.where((*_BLOCK, "severe_levels")), hint="use severe: relevant"
        )
    if isinstance(levels, list) and len({str(level) for level in levels}) < len(levels):
        problems.add("the same level twice", where=document.where((*_BLOCK, "severe_levels")), hint="keep one")


def check_exposure_fit(policy: Policy, benchmark: BenchmarkInfo, where: Callable[[KeyPath], str], problems: Problems) -> None:
    """Adds levels that the benchmark does not have, and graded items of which nobody says which are relevant."""
    human = policy.human_in_the_loop
    if human is None or human.exposure is None:
        return
    for level in human.exposure.severe_levels:
        if level not in benchmark.levels:
            problems.add(
                "the benchmark has no such level", where=where((*_BLOCK, "severe_levels")), got=level,
                expected="one of " + ", ".join(benchmark.levels), hint=suggestion(level, benchmark.levels),
            )  # fmt: skip
    if policy.task == "ordinal" and not human.relevant_from:
        problems.add(
            "exposure of graded items needs to know from which level on an item is relevant",
            where=where(_BLOCK), hint="add human_in_the_loop.relevant_from",
        )  # fmt: skip
