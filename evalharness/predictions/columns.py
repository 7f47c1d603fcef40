"""Which columns of a predictions file are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evalharness.errors import Problems

DEFAULT_ID = "item_id"
SCORE = "score"
LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The two columns that are read, and those that are not."""

    id: str
    value: str
    kind: Literal["score", "label"]
    ignored: tuple[str, ...]
    """Columns of the file that nobody asked for, in the file's order."""


def choose_columns(names: Sequence[str], *, id_column: str, rule: str, where: Path) -> Columns:
    """Picks the columns that the operating point's `rule` needs. Raises BadInput naming all that is missing, repeated or ambiguous."""
    problems = Problems()
    got = ", ".join(names)
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add("a column name is repeated", where=where, got=name, expected="every column once")
    identity = _identity(names, id_column, where, problems)
    value: Literal["score", "label"] = "label" if rule == "label" else "score"
    others = [name for name in names if name != identity]
    if value not in others:
        problems.add(f"there is no column '{value}'", where=where, got=got, expected=f"{id_column} and {value}", hint=_hint(others, value))
    if value == "score" and SCORE in others and LABEL in others:
        problems.add(
            "there are both a score and a label, and the policy does not say that the label decides",
            where=where,
            got=got,
            expected="one of them",
            hint="drop one, or set operating_point: {rule: label} in the policy",
        )
    problems.raise_if_any()
    return Columns(id=identity, value=value, kind=value, ignored=tuple(name for name in others if name != value))


def _identity(names: Sequence[str], id_column: str, where: Path, problems: Problems) -> str:
    accepted = tuple(dict.fromkeys((id_column, DEFAULT_ID)))
    found = [name for name in accepted if name in names]
    if len(found) > 1:
        problems.add("there are two columns of ids", where=where, got=" and ".join(found), expected="one of them", hint="drop one")
    if not found:
        expected = " or ".join(accepted)
        problems.add(
            "there is no column of ids", where=where, got=", ".join(names), expected=expected, hint="rename the column that holds the ids"
        )
    return found[0] if found else id_column


def _hint(others: Sequence[str], value: str) -> str:
    if value == "score" and LABEL in others:
        return "add the scores, or set operating_point: {rule: label} in the policy"
    if value == "label" and SCORE in others:
        return "add the labels, or set operating_point: {threshold: …} in the policy"
    return f"rename the column that holds the {value}s"
