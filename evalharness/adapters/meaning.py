"""What answers mean: the two labels of benchmark, card and model, whose order is read and never guessed, and the range of scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.errors import Problems
from evalharness.records import BenchmarkInfo, Card


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLabels:
    """Label texts of a binary task."""

    positive: str
    negative: str
    """Empty where neither the benchmark nor the card tells."""


def two_labels(info: BenchmarkInfo, card: Card) -> TwoLabels:
    """Labels of the benchmark; a negative label that its table never shows is taken from the card.

    Raises BadInput when card and benchmark disagree.
    """
    if not card.classes:
        return TwoLabels(positive=info.positive, negative=info.negative)
    problems = Problems()
    check_same(card.classes, TwoLabels(positive=info.positive, negative=info.negative), where=f"{card.path}: classes", problems=problems)
    problems.raise_if_any()
    return TwoLabels(positive=info.positive, negative=next(label for label in card.classes if label != info.positive))


def check_same(classes: Sequence[str], labels: TwoLabels, *, where: str, problems: Problems) -> None:
    """Notes a problem unless `classes` are the two labels, in any order."""
    fits = len(classes) == len(set(classes)) == 2 and labels.positive in classes and (not labels.negative or labels.negative in classes)
    if not fits:
        other = labels.negative or "one other label"
        expected = f"{labels.positive} and {other}"
        problems.add("the classes are not the benchmark's two labels", where=where, got=", ".join(classes), expected=expected)


def score_range(info: BenchmarkInfo, card: Card) -> str:
    """`any` when the benchmark or the card says so; `unit` otherwise."""
    return "any" if "any" in {info.score_range, card.score_range} else "unit"


def label_text(value: object) -> str | None:
    """A class of a model as label text: text as it is, integers in decimal, booleans `true|false`; None for anything else."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return str(plain) if isinstance(plain, str | int) else None
