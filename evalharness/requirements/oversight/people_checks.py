"""What the limits for people in the items and the requirements on them mean together."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.people import IN_GROUPS, NEEDS, PEOPLE_METRICS
from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.records.oversight_bands import TO_A_PERSON
from evalharness.requirements.oversight.asked import lines_about

_BLOCK = ("human_in_the_loop", "people")
_HOURS = "open_within_hours"
_TASKS = ("binary", "ordinal", "ranking", "risk")
_OVERALL = frozenset(metric.name for metric in PEOPLE_METRICS) - frozenset(IN_GROUPS)


def check_people(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """A requirement on a time needs the time; most figures about people are of everybody."""
    human: Any = document.data.get(_BLOCK[0])
    stated = human.get(_BLOCK[1]) if isinstance(human, dict) else None
    if stated is not None and task is not None and task not in _TASKS:
        problems.add(
            f"people does not go with the task {task} in this version", where=document.where(_BLOCK),
            expected="the task " + " or ".join(_TASKS), hint="remove it",
        )  # fmt: skip
    known = stated if isinstance(stated, dict) else {}
    hours = known.get(_HOURS)
    if isinstance(hours, dict):
        _check_hours(document, hours, human.get("bands"), problems)
    for place, metric, line in lines_about(document, _OVERALL | NEEDS.keys()):
        needed, name = NEEDS.get(metric), line.get("id")
        number = "{BAND: NUMBER}" if needed == _HOURS else "NUMBER"
        if needed is not None and known.get(needed) is None:
            problems.add(
                f"requirement {name}: {metric} is counted by a limit that the policy does not state",
                where=document.where(("requirements", place, "metric")),
                hint=f"add human_in_the_loop: {{people: {{{needed}: {number}}}}}",
            )  # fmt: skip
        if metric in _OVERALL and line.get("for_each") is not None:
            problems.add(
                f"requirement {name}: {metric} is counted for everybody alone",
                where=document.where(("requirements", place, "for_each")), hint="remove for_each",
            )  # fmt: skip


def _check_hours(document: YamlDocument, hours: dict[str, Any], bands: Any, problems: Problems) -> None:
    """Every band with a reader has hours, and nothing else has that is no band: what had none could never be late."""
    where = document.where((*_BLOCK, _HOURS))
    stated = [band for band in bands if isinstance(band, dict)] if isinstance(bands, list) else []
    if not stated:
        problems.add("hours are of bands, and there are none", where=where, hint="add human_in_the_loop.bands")
        return
    names = [str(band.get("name")) for band in stated]
    for name in hours:
        if name not in (*names, TO_A_PERSON):
            problems.add("there is no such band", where=where, got=name, expected=", ".join((*names, TO_A_PERSON)))
    for band, name in zip(stated, names, strict=True):
        if band.get("readers") != 0 and name not in hours:
            problems.add(
                f"the band {name} has readers, and no hours within which they open its items", where=where, hint=f"add {name}: NUMBER"
            )
