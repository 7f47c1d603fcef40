"""What answers mean: the labels of benchmark, card and model, whose order is read and never guessed, and the bands and range of a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.errors import Problems
from evalharness.predictions.reading import Reading
from evalharness.records import BenchmarkInfo, Card, OperatingPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What the answers of one card mean for one benchmark."""

    labels: tuple[str, ...]
    """Classes by code. Ordinal: the levels, rising; else the other label (empty where neither the benchmark nor the card tells) and the
    positive one."""
    cuts: tuple[float, ...] = ()
    """Risk: where each band begins on the score, rising; empty where the card does not say."""


def meaning_of(info: BenchmarkInfo, card: Card) -> Meaning:
    """Labels and bands of the benchmark; a negative label that its table never shows is taken from the card.

    Raises BadInput when card and benchmark disagree.
    """
    problems = Problems()
    labels = info.levels if info.task == "ordinal" else (info.negative, info.positive)
    states_bands = info.task == "risk" and set(card.classes) == set(info.levels)  # stored answers: their classes are the bands
    if card.classes and not states_bands:
        check_same(card.classes, labels, where=f"{card.path}: classes", problems=problems)
    cuts = _cuts(info, card, problems) if info.task == "risk" else ()
    problems.raise_if_any()
    if card.classes and not states_bands and not all(labels):
        labels = (next(label for label in card.classes if label != info.positive), info.positive)
    return Meaning(labels=labels, cuts=cuts)


def reading_of(info: BenchmarkInfo, card: Card, operating_point: OperatingPoint) -> Reading:
    """How stored answers are read. Raises BadInput when card and benchmark disagree."""
    meaning = meaning_of(info, card)
    return Reading(
        task=info.task,
        rule=operating_point.rule,
        labels=info.levels if info.task == "risk" else meaning.labels,
        score_range=score_range(info, card),
        cuts=meaning.cuts,
    )


def check_same(classes: Sequence[str], labels: Sequence[str], *, where: str, problems: Problems) -> None:
    """Notes a problem unless `classes` are the labels, in any order; an empty label stands for any one other."""
    known = [label for label in labels if label]
    if len(classes) == len(set(classes)) == len(labels) and set(known) <= set(classes):
        return
    if len(labels) == 2:
        what, expected = "the classes are not the benchmark's two labels", f"{labels[1]} and {labels[0] or 'one other label'}"
    else:
        what, expected = "the classes are not the benchmark's levels", ", ".join(labels)
    problems.add(what, where=where, got=", ".join(classes), expected=expected)


def score_range(info: BenchmarkInfo, card: Card) -> str:
    """`any` when the benchmark or the card says so; `unit` otherwise."""
    return "any" if "any" in {info.score_range, card.score_range} else "unit"


def label_text(value: object) -> str | None:
    """A class of a model as label text: text as it is, integers in decimal, booleans `true|false`; None for anything else."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return str(plain) if isinstance(plain, str | int) else None


def _cuts(info: BenchmarkInfo, card: Card, problems: Problems) -> tuple[float, ...]:
    bands = tuple(name for name, _ in card.bands)
    if bands and bands != info.levels:
        hint = "name every band once, from the least to the gravest"
        expected = ", ".join(info.levels)
        problems.add(
            f"the bands are not those of {info.name}", where=f"{card.path}: bands", got=", ".join(bands), expected=expected, hint=hint
        )
    return tuple(cut for _, cut in card.bands)
