"""Metrics of the task `ordinal`: K levels that rise, and how far a predicted level lies below or above the true one.

Outcomes are true by predicted level, row by row, then the items without an answer by true level. Wherever an item without an answer could
have been wrong in the way that a metric counts, it counts as wrong: refusing to grade helps no metric.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from evalharness.catalogue.metric import Metric, Weights

_FAR = {1: "", 2: "two or more levels "}
_AT_LEAST = {1: "at least one level", 2: "at least two levels"}


def ordinal_outcomes(levels: tuple[str, ...]) -> tuple[str, ...]:
    """`TRUE as PREDICTED`, row by row, then `no answer TRUE`."""
    return (*(f"{true} as {predicted}" for true in levels for predicted in levels), *(f"no answer {true}" for true in levels))


@cache
def ordinal_metrics(size: int) -> tuple[Metric, ...]:
    """The metrics for `size` levels; with none, all of them without weights. With two nothing can be two levels off: such are left out."""
    steps = [step for step in _FAR if step < size or not size]
    return (
        Metric(
            name="exact_agreement",
            title="Items given their true level",
            kind="proportion",
            better="higher",
            unit="proportion",
            decides=True,
            definition="Share of all items whose predicted level is the true one; an item without an answer is wrong.",
            numerator=_weights(size, lambda true, predicted: true == predicted, lambda _: False),
            denominator=_everything(size),
            denominator_name="items",
            gaps=True,
        ),
        *(_under_grading(size, step) for step in steps),
        *(_over_grading(size, step) for step in steps),
        Metric(
            name="critical_miss",
            title="Top-level items graded as the lowest level",
            kind="proportion",
            better="lower",
            unit="proportion",
            decides=True,
            definition="Share of the items of the highest level that are given the lowest; an item without an answer is missed.",
            numerator=_weights(size, lambda true, predicted: true == size - 1 and predicted == 0, lambda true: true == size - 1),
            denominator=_weights(size, lambda true, _: true == size - 1, lambda true: true == size - 1),
            denominator_name="top-level items",
            gaps=True,
        ),
        Metric(
            name="no_answer_rate",
            title="Items without an answer",
            kind="proportion",
            better="lower",
            unit="proportion",
            decides=True,
            definition="Share of all items for which the classifier gave no usable answer.",
            numerator=_weights(size, lambda _true, _predicted: False, lambda _: True),
            denominator=_everything(size),
            denominator_name="items",
            gaps=True,
        ),
    )


def above_lowest(size: int) -> Weights:
    """The denominator of the items that can be graded too low: those whose true level is not the lowest."""
    return _weights(size, lambda true, _predicted: true > 0, lambda true: true > 0)


def _under_grading(size: int, step: int) -> Metric:
    return Metric(
        name=f"under_grading_{step}",
        title=f"Items graded {_FAR[step]}too low",
        kind="proportion",
        better="lower",
        unit="proportion",
        decides=True,
        definition=(
            f"Share of all items whose predicted level is {_AT_LEAST[step]} below the true one; "
            "an item without an answer counts where its true level has that many below it."
        ),
        numerator=_weights(size, lambda true, predicted: true - predicted >= step, lambda true: true >= step),
        denominator=_everything(size),
        denominator_name="items",
        gaps=True,
    )


def _over_grading(size: int, step: int) -> Metric:
    return Metric(
        name=f"over_grading_{step}",
        title=f"Items graded {_FAR[step]}too high",
        kind="proportion",
        better="lower",
        unit="proportion",
        decides=True,
        definition=(
            f"Share of all items whose predicted level is {_AT_LEAST[step]} above the true one; "
            "an item without an answer counts where its true level has that many above it."
        ),
        numerator=_weights(size, lambda true, predicted: predicted - true >= step, lambda true: size - 1 - true >= step),
        denominator=_everything(size),
        denominator_name="items",
        gaps=True,
    )


def _everything(size: int) -> Weights:
    return (1,) * (size * size + size)


def _weights(size: int, graded: Callable[[int, int], bool], refused: Callable[[int], bool]) -> Weights:
    """1 for the outcomes that count: `graded(true, predicted)`, and `refused(true)`."""
    ranks = range(size)
    return (*(int(graded(true, predicted)) for true in ranks for predicted in ranks), *(int(refused(true)) for true in ranks))
