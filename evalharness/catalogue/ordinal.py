"""Metrics of the task `ordinal`: K levels that rise, and how far a predicted level lies below or above the true one.

Outcomes are true by predicted level, row by row, then the items without an answer by true level. Wherever an item without an answer could
have been wrong in the way that a metric counts, it counts as wrong: refusing to grade helps no metric. Precision alone leaves it out, and
so may be required only beside a ceiling on such items.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

from evalharness.catalogue.metric import Metric, Weights
from evalharness.catalogue.ordinal_indices import ordinal_indices

MOST_LEVELS = 9
"""Of an ordinal task: the outcomes, and with them what is kept of each group, grow with the square of the levels."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def ordinal_outcomes(levels: tuple[str, ...]) -> tuple[str, ...]:
    """`TRUE as PREDICTED`, row by row, then `no answer TRUE`."""
    return (*(f"{true} as {predicted}" for true in levels for predicted in levels), *(f"no answer {true}" for true in levels))


@cache
def ordinal_metrics(size: int) -> tuple[Metric, ...]:
    """The metrics for `size` levels; with none, those of the most levels there can be, without weights.

    Levels have numbers in the names, 1 for the lowest. With two levels nothing can be two levels off, so such metrics are left out.
    """
    ranks = range(size or MOST_LEVELS)
    steps = ranks[1:]
    return (
        _share(
            "exact_agreement",
            "Items given their true level",
            "Share of all items whose predicted level is the true one; an item without an answer is wrong.",
            better="higher",
            numerator=_weights(size, lambda true, predicted: true == predicted, lambda _: False),
            denominator=_everything(size),
        ),
        *(_within_one(size) if len(steps) > 1 else ()),
        *(_under_grading(size, step) for step in steps),
        *(_over_grading(size, step) for step in steps),
        _share(
            "critical_miss",
            "Top-level items graded as the lowest level",
            "Share of the items of the highest level that are given the lowest; an item without an answer is missed.",
            better="lower",
            numerator=_weights(size, lambda true, predicted: true == size - 1 and predicted == 0, lambda true: true == size - 1),
            denominator=_weights(size, lambda true, _: true == size - 1, lambda true: true == size - 1),
            of=_of_level(size, size - 1),
        ),
        *(_recall(size, rank) for rank in ranks),
        *(_precision(size, rank) for rank in ranks),
        _share(
            "no_answer_rate",
            "Items without an answer",
            "Share of all items for which the classifier gave no usable answer.",
            better="lower",
            numerator=_weights(size, lambda _true, _predicted: False, lambda _: True),
            denominator=_everything(size),
        ),
        Metric(
            name="expected_cost",
            title="Expected cost per item",
            kind="cost",
            better="lower",
            unit="cost",
            decides=True,
            definition="Mean cost per item in one unit, by true and given level; no answer takes the dearest grade of its true level.",
            numerator=(0,) * (size * size + size),
            denominator=_everything(size),
            denominator_name="items",
        ),
        *ordinal_indices(size),
    )


def above_lowest(size: int) -> Weights:
    """The denominator of the items that can be graded too low: those whose true level is not the lowest."""
    return _weights(size, lambda true, _predicted: true > 0, lambda true: true > 0)


def _share(
    name: str,
    title: str,
    definition: str,
    *,
    better: Literal["higher", "lower"],
    numerator: Weights,
    denominator: Weights,
    of: str = "items",
    needs_ceiling_on: tuple[str, ...] = (),
) -> Metric:
    return Metric(
        name=name,
        title=title,
        kind="proportion",
        better=better,
        unit="proportion",
        decides=True,
        definition=definition,
        numerator=numerator,
        denominator=denominator,
        denominator_name=of,
        gaps=True,
        needs_ceiling_on=needs_ceiling_on,
    )


def _within_one(size: int) -> tuple[Metric, Metric]:
    return (
        _share(
            "adjacent_agreement",
            "Items given their true level or one beside it",
            "Share of all items whose predicted level is at most one away from the true one; an item without an answer is wrong.",
            better="higher",
            numerator=_weights(size, lambda true, predicted: abs(true - predicted) <= 1, lambda _: False),
            denominator=_everything(size),
        ),
        _share(
            "gross_error",
            "Items graded two or more levels too low or too high",
            "Share of all items whose predicted level is at least two levels away from the true one, in either direction; "
            "an item without an answer counts where its true level has one that far away.",
            better="lower",
            numerator=_weights(size, lambda true, predicted: abs(true - predicted) >= 2, lambda true: max(true, size - 1 - true) >= 2),
            denominator=_everything(size),
        ),
    )


def _under_grading(size: int, step: int) -> Metric:
    return _share(
        f"under_grading_{step}",
        f"Items graded {_far(step)}too low",
        f"Share of all items whose predicted level is {_at_least(step)} below the true one; "
        "an item without an answer counts where its true level has that many below it.",
        better="lower",
        numerator=_weights(size, lambda true, predicted: true - predicted >= step, lambda true: true >= step),
        denominator=_everything(size),
    )


def _over_grading(size: int, step: int) -> Metric:
    return _share(
        f"over_grading_{step}",
        f"Items graded {_far(step)}too high",
        f"Share of all items whose predicted level is {_at_least(step)} above the true one; "
        "an item without an answer counts where its true level has that many above it.",
        better="lower",
        numerator=_weights(size, lambda true, predicted: predicted - true >= step, lambda true: size - 1 - true >= step),
        denominator=_everything(size),
    )


def _recall(size: int, rank: int) -> Metric:
    return _share(
        f"recall_level_{rank + 1}",
        f"Items of level {rank + 1} given that level",
        f"Share of the items of level {rank + 1}, counted from the lowest, that are given it; an item without an answer is missed.",
        better="higher",
        numerator=_weights(size, lambda true, predicted: true == predicted == rank, lambda _: False),
        denominator=_weights(size, lambda true, _: true == rank, lambda true: true == rank),
        of=_of_level(size, rank),
    )


def _precision(size: int, rank: int) -> Metric:
    return _share(
        f"precision_level_{rank + 1}",
        f"Items given level {rank + 1} that are of that level",
        f"Share of the items given level {rank + 1}, counted from the lowest, that are of it; items without an answer are left out.",
        better="higher",
        numerator=_weights(size, lambda true, predicted: true == predicted == rank, lambda _: False),
        denominator=_weights(size, lambda _, predicted: predicted == rank, lambda _: False),
        of=f"items given level {rank + 1}",
        needs_ceiling_on=("no_answer_rate",),
    )


def _of_level(size: int, rank: int) -> str:
    return "top-level items" if rank == size - 1 else f"items of level {rank + 1}"


def _far(step: int) -> str:
    return "" if step == 1 else f"{_NUMBERS[step]} or more levels "


def _at_least(step: int) -> str:
    return f"at least {_NUMBERS[step]} level{'' if step == 1 else 's'}"


def _everything(size: int) -> Weights:
    return (1,) * (size * size + size)


def _weights(size: int, graded: Callable[[int, int], bool], refused: Callable[[int], bool]) -> Weights:
    """1 for the outcomes that count: `graded(true, predicted)`, and `refused(true)`."""
    ranks = range(size)
    return (*(int(graded(true, predicted)) for true in ranks for predicted in ranks), *(int(refused(true)) for true in ranks))
