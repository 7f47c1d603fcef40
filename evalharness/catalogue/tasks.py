"""What is counted for each kind of decision: the outcomes of an item, and the metrics over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import get_args

from evalharness.catalogue.binary import BINARY_METRICS
from evalharness.catalogue.complete import complete_metrics
from evalharness.catalogue.linkage import LINKAGE_METRICS
from evalharness.catalogue.metric import OUTCOMES, Metric, Weights
from evalharness.catalogue.ordinal import MOST_LEVELS, above_lowest, ordinal_metrics, ordinal_outcomes
from evalharness.catalogue.oversight import oversight_metrics
from evalharness.catalogue.ranking import RANKING_METRICS
from evalharness.errors import Fault
from evalharness.records import Task

TASKS: tuple[str, ...] = get_args(Task)

ABOVE_LOWEST = "items above the lowest level"
"""What one unit of a denominator of no metric is: the items of an ordinal task that can be graded too low."""

_RELEVANT_OR_NOT = {"binary": BINARY_METRICS, "risk": BINARY_METRICS, "ranking": RANKING_METRICS, "linkage": LINKAGE_METRICS}
_CEILINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ordinal": {"review_rate": ("over_grading_1",)},
    "ranking": {"review_rate": ()},
}
"""What stands for a ceiling of the other tasks: grading everything high flatters grades, and a daily budget is a ceiling by itself."""
_TWO_ANSWERS = ((OUTCOMES.index("tp"), OUTCOMES.index("fn")), (OUTCOMES.index("fp"), OUTCOMES.index("tn")))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMetrics:
    """The outcomes and metrics of one task. Made by `task_metrics` only; two are equal when task and levels are."""

    task: str
    levels: tuple[str, ...]
    """Rising levels of an ordinal task, or bands of a risk task; empty for the others."""
    outcomes: tuple[str, ...] = field(compare=False)
    """Names of the outcomes, in the order of every count vector."""
    metrics: Mapping[str, Metric] = field(compare=False)
    """By name, in the catalogue's order. Their weights are as long as `outcomes`."""
    denominators: tuple[Weights, ...] = field(compare=False)
    """Distinct denominators of the metrics, in order of first appearance there; of an ordinal task also that of ABOVE_LOWEST."""
    denominator_names: tuple[str, ...] = field(compare=False)
    """What one unit of each denominator is, in words; distinct."""
    refused: tuple[int, ...] = field(compare=False)
    """Outcomes of items without an answer."""
    answers: tuple[tuple[int, ...], ...] = field(compare=False)
    """For each of `refused`: the outcomes that such an item would have had, had it been answered."""

    @property
    def ordinal(self) -> bool:
        """Whether outcomes are true by predicted level, not the six of an item that is relevant or not."""
        return self.task == "ordinal"


@cache
def task_metrics(task: str, levels: tuple[str, ...] = ()) -> TaskMetrics:
    """The outcomes and metrics of a task. An ordinal one without levels has the names of its metrics, and no outcomes or weights.

    Raises Fault for a task or for levels that no checked file can have.
    """
    if task not in TASKS:
        raise Fault(f"there is no task {task!r}")
    if levels and (problem := level_problem(task, levels)):
        raise Fault(f"the levels of the task {task}: {problem}")
    ordinal = task == "ordinal"
    size = len(levels)
    outcomes = ordinal_outcomes(levels) if ordinal else OUTCOMES
    metrics = (
        *(ordinal_metrics(size) if ordinal else _RELEVANT_OR_NOT[task]),
        *complete_metrics(len(outcomes)),
        *(_with_ceilings(metric, task) for metric in oversight_metrics(len(outcomes))),
    )
    rows = tuple(tuple(range(true * size, (true + 1) * size)) for true in range(size))
    answers = rows if ordinal else _TWO_ANSWERS
    denominators = _denominators(metrics)
    if ordinal and size:
        denominators.setdefault(above_lowest(size), ABOVE_LOWEST)
    return TaskMetrics(
        task=task,
        levels=levels,
        outcomes=outcomes,
        metrics={metric.name: metric for metric in metrics},
        denominators=tuple(denominators),
        denominator_names=tuple(denominators.values()),
        refused=tuple(range(len(outcomes) - len(answers), len(outcomes))),
        answers=answers,
    )


def _with_ceilings(metric: Metric, task: str) -> Metric:
    """With those of the task."""
    instead = _CEILINGS.get(task, {})
    return replace(metric, needs_ceiling_on=tuple(name for own in metric.needs_ceiling_on for name in instead.get(own, (own,))))


def level_problem(task: str, levels: tuple[str, ...]) -> str:
    """What is wrong with the levels of a task; empty when nothing is. A risk task may leave its bands unsaid."""
    if task not in {"ordinal", "risk"}:
        return "it has none" if levels else ""
    if task == "risk" and not levels:
        return ""
    if not 2 <= len(levels) <= MOST_LEVELS:
        return f"{len(levels)} levels, and 2 to {MOST_LEVELS} can be counted"
    return "a level stands there twice" if len(set(levels)) < len(levels) else ""


def _denominators(metrics: Iterable[Metric]) -> dict[Weights, str]:
    named: dict[Weights, str] = {}
    for metric in metrics:
        if any(metric.denominator):
            named.setdefault(metric.denominator, metric.denominator_name)
    return named
