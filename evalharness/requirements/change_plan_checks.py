"""What a line of the change plan may say: a requirement that exists, a range only for numbers, nothing agreed twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

from evalharness.errors import Problems
from evalharness.files.shape import suggestion
from evalharness.files.yaml import KeyPath, YamlDocument
from evalharness.requirements.shape import ChangeKind

NAMED = "requirement"
"""What may be changed one by one, by name."""
NUMBERS = ("threshold", "budget", "requirement")
"""What a range can be agreed for."""


def check_change_plan(document: YamlDocument, known: Collection[str], problems: Problems) -> None:
    """Adds every problem; `known` is the ids of the policy's requirements. What has the wrong shape is reported as such."""
    lines = document.data.get("change_plan")
    seen: dict[tuple[str, str], str] = {}
    for position, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict) and line.get("what") in get_args(ChangeKind):
            _check_line(document, ("change_plan", position), line, known, problems)
            _check_once(document, ("change_plan", position), line, seen, problems)


def _check_line(document: YamlDocument, at: KeyPath, line: dict[str, Any], known: Collection[str], problems: Problems) -> None:
    what, name, within = line["what"], line.get("name"), line.get("within")
    if name is not None and what != NAMED:
        problems.add(f"name does not go with {what}", where=document.where((*at, "name")), hint="remove it; only a requirement has a name")
    elif isinstance(name, str) and name not in known:
        hint = suggestion(name, known) or "name a requirement of this policy, or leave the name out for any"
        problems.add("the policy has no such requirement", where=document.where((*at, "name")), got=name, hint=hint)
    if within is None:
        return
    if what not in NUMBERS:
        where = document.where((*at, "within"))
        problems.add(
            f"within does not go with {what}", where=where, hint="remove it; a range is for a threshold, a budget or a requirement's goal"
        )
    elif isinstance(within, list) and len(within) == 2 and all(map(_number, within)) and within[0] > within[1]:
        where, got = document.where((*at, "within")), f"{within[0]} to {within[1]}"
        problems.add("the range is upside down", where=where, got=got, expected="[least, greatest]", hint="swap the two numbers")


def _check_once(document: YamlDocument, at: KeyPath, line: dict[str, Any], seen: dict[tuple[str, str], str], problems: Problems) -> None:
    key, where = (str(line["what"]), str(line.get("name") or "")), document.where(at)
    if key in seen:
        problems.add(
            "the same change is agreed twice", where=where, got=" ".join(key).strip(), hint=f"the first is at {seen[key]}; keep one"
        )
    seen.setdefault(key, where)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
