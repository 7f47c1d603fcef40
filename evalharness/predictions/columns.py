"""Which columns of a predictions file are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evalharness.errors import Fault, Problems
from evalharness.predictions.reading import Reading

DEFAULT_ID = "item_id"
SCORE = "score"
LABEL = "label"
ENTITY = "entity"
LEFT, RIGHT = "left_id", "right_id"

Kind = Literal["id", "score", "label"]
"""What a single column holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Columns that together give each row one value."""

    kind: Literal["score", "label", "levels", "entity"]
    """levels: a score for each level, of which the highest decides."""
    names: tuple[str, ...]

    @property
    def of(self) -> Kind:
        """What each of its columns holds."""
        return "score" if self.kind in {"score", "levels"} else "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns that are read, and those that are not."""

    id: str
    parts: tuple[Part, ...]
    """One, or for risk the score and the band."""
    ignored: tuple[str, ...]
    """Columns of the file that nobody asked for, in the file's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairColumns:
    """The columns of a file of scored pairs."""

    ignored: tuple[str, ...]
    """Columns of the file that nobody asked for, in the file's order."""


def choose_columns(names: Sequence[str], *, id_column: str, reading: Reading, where: Path) -> Columns:
    """Picks the columns that task and rule need. Raises BadInput naming all that is missing, repeated or ambiguous."""
    problems = Problems()
    _check_repeats(names, where, problems)
    identity = _identity(names, id_column, where, problems)
    choice = _Choice(names, identity or id_column, reading, where, problems)
    parts = choice.parts()
    problems.raise_if_any()
    read = {choice.identity, *(name for part in parts for name in part.names)}
    return Columns(id=choice.identity, parts=parts, ignored=tuple(name for name in names if name not in read))


def choose_pair_columns(names: Sequence[str], *, where: Path) -> PairColumns:
    """Checks for `left_id`, `right_id` and `score`. Raises BadInput naming all that is missing or repeated."""
    problems = Problems()
    _check_repeats(names, where, problems)
    wanted = (LEFT, RIGHT, SCORE)
    for name in wanted:
        if name not in names:
            hint = "write one row a pair; for entity labels, set operating_point: {rule: label} in the policy" if ENTITY in names else ""
            problems.add(
                f"there is no column '{name}'", where=where, got=", ".join(names), expected="left_id, right_id and score", hint=hint
            )
    problems.raise_if_any()
    return PairColumns(ignored=tuple(name for name in names if name not in wanted))


class _Choice:
    """The columns of one file, before it is known whether they will do."""

    def __init__(self, names: Sequence[str], identity: str, reading: Reading, where: Path, problems: Problems) -> None:
        self.identity = identity
        self._got = ", ".join(names)
        self._others = [name for name in names if name != identity]
        self._reading, self._where, self._problems = reading, where, problems

    def parts(self) -> tuple[Part, ...]:
        """What gives the values; every problem is noted."""
        match self._reading.task, self._reading.rule:
            case "binary", "score >= threshold":
                return self._threshold()
            case "binary", "label":
                return (self._named("label", LABEL),)
            case "ranking", "budget":
                return (self._named("score", SCORE),)
            case "ordinal", "label":
                return self._level()
            case "risk", "top_band":
                return self._risk()
            case "linkage", "label":
                return (self._named("entity", ENTITY),)
        raise Fault(f"no predictions of items for the task {self._reading.task} with the rule {self._reading.rule!r}")

    def _named(self, kind: Literal["score", "label", "entity"], name: str) -> Part:
        if name not in self._others:
            expected = f"{self.identity} and {name}"
            self._problem(f"there is no column '{name}'", expected=expected, hint=self._hint(name))
        return Part(kind=kind, names=(name,))

    def _threshold(self) -> tuple[Part, ...]:
        part = self._named("score", SCORE)
        if SCORE in self._others and LABEL in self._others:
            self._problem(
                "there are both a score and a label, and the policy does not say that the label decides",
                expected="one of them",
                hint="drop one, or set operating_point: {rule: label} in the policy",
            )
        return (part,)

    def _level(self) -> tuple[Part, ...]:
        """A column of labels, or a score for each level."""
        levels = self._reading.labels
        by_level = [] if {self.identity, SCORE, LABEL} & set(levels) else [level for level in levels if level in self._others]
        if LABEL in self._others:
            if by_level:
                self._problem(f"there are both a label and scores of levels ({', '.join(by_level)})", expected="one of them")
            return (Part(kind="label", names=(LABEL,)),)
        if missing := [level for level in levels if level not in by_level]:
            what = f"there is no score for {', '.join(missing)}" if by_level else "there is no column 'label', and none of scores of levels"
            hint = "or state `bands` in the card: where each begins on the score" if self._reading.task == "risk" and not by_level else ""
            self._problem(what, expected=f"label, or a score for every level: {', '.join(levels)}", hint=hint)
        return (Part(kind="levels", names=levels),)

    def _risk(self) -> tuple[Part, ...]:
        """The band, or a score for each; the score too, from which the card may make the band."""
        score = Part(kind="score", names=(SCORE,))
        if not self._reading.cuts:
            return (*((score,) if SCORE in self._others else ()), *self._level())
        stated = [name for name in (LABEL, *self._reading.labels) if name in self._others and name not in {self.identity, SCORE}]
        if stated:
            what = f"the card makes the band from the score, and the file states it ({', '.join(stated)})"
            self._problem(what, expected="one of them", hint="drop the columns, or `bands` from the card")
        return (self._named("score", SCORE),)

    def _hint(self, name: str) -> str:
        if name == SCORE and LABEL in self._others and self._reading.task == "binary":
            return "add the scores, or set operating_point: {rule: label} in the policy"
        if name == LABEL and SCORE in self._others:
            return "add the labels, or set operating_point: {threshold: …} in the policy"
        if name == ENTITY and LEFT in self._others:
            return "add the entities, or set operating_point: {threshold: …} in the policy"
        return f"rename the column that holds the {'entities' if name == ENTITY else name + 's'}"

    def _problem(self, what: str, *, expected: str, hint: str = "") -> None:
        self._problems.add(what, where=self._where, got=self._got, expected=expected, hint=hint)


def _check_repeats(names: Sequence[str], where: Path, problems: Problems) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add("a column name is repeated", where=where, got=name, expected="every column once")


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
    return found[0] if found else ""
