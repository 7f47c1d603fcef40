"""Metrics of pairs: an item, and its copy with one thing changed. What is compared are the two decisions; their truth is the item's.

A pair without an answer on either side counts as changed, and against the classifier: refusing helps no metric. Where recall, or the share
of false alarms, is asked of the copies themselves, the metrics are those of the task.
"""

from __future__ import annotations

from functools import cache

from evalharness.catalogue.metric import Metric, Weights
from evalharness.catalogue.tasks import TASKS, TaskMetrics
from evalharness.errors import Fault

DECIDED = ("same", "set_aside", "selected", "no_answer")
"""What became of a pair whose items are relevant or not: decided alike; selected and then set aside; the other way; not answered."""
GRADED = ("same", "lower", "higher", "no_answer")
"""The same where levels are given: the copy got the same level, a lower one, a higher one; or one side got none."""
NOT_PAIRED = "linkage"
"""The task whose decisions are about two records at once: its copies are not counted."""

_TWO_CLASSES = tuple(f"{fate}_{true}" for true in ("relevant", "irrelevant") for fate in DECIDED)
_ITEMS = "items with such a copy"


@cache
def copy_metrics(task: str) -> TaskMetrics:
    """The outcomes of a pair, and the metrics over them; none for linkage. Raises Fault for a task that no checked file can have."""
    if task not in TASKS:
        raise Fault(f"there is no task {task!r}")
    graded = task == "ordinal"
    metrics = () if task == NOT_PAIRED else _graded() if graded else _decided()
    named: dict[Weights, str] = {}
    for metric in metrics:
        named.setdefault(metric.denominator, metric.denominator_name)
    return TaskMetrics(
        task=f"copies of {task}",
        levels=(),
        outcomes=() if task == NOT_PAIRED else GRADED if graded else _TWO_CLASSES,
        metrics={metric.name: metric for metric in metrics},
        denominators=tuple(named),
        denominator_names=tuple(named.values()),
        refused=(),  # what has no answer counts as changed already
        answers=(),
    )


def _decided() -> tuple[Metric, ...]:
    relevant, irrelevant = (1, 1, 1, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 1, 1, 1)
    return (
        _share(
            "flip_rate", "Items decided differently once changed",
            "Share of the items with such a copy of which item and copy are decided differently; where either has no answer, they are.",
            ((0, 1, 1, 1, 0, 1, 1, 1), (1,) * 8), _ITEMS,
        ),
        _share(
            "newly_missed_rate", "Relevant items found, and missed once changed",
            "Share of the relevant items with such a copy that are selected and whose copy is not; where either has no answer, it counts. "
            "Recall drops by no more than this.",
            ((0, 1, 0, 1, 0, 0, 0, 0), relevant), f"relevant {_ITEMS}",
        ),
        _share(
            "newly_selected_rate", "Irrelevant items left alone, and selected once changed",
            "Share of the irrelevant items with such a copy that are not selected and whose copy is; where either has no answer, "
            "it counts. The share of false alarms rises by no more than this.",
            ((0, 0, 0, 0, 0, 0, 1, 1), irrelevant), f"irrelevant {_ITEMS}",
        ),
    )  # fmt: skip


def _graded() -> tuple[Metric, ...]:
    return (
        _share(
            "flip_rate", "Items graded differently once changed",
            "Share of the items with such a copy of which item and copy get different levels; where either has no answer, they do.",
            ((0, 1, 1, 1), (1,) * 4), _ITEMS,
        ),
        _share(
            "graded_lower_rate", "Items graded lower once changed",
            "Share of the items with such a copy whose copy gets a lower level; where either has no answer, it counts.",
            ((0, 1, 0, 1), (1,) * 4), _ITEMS,
        ),
        _share(
            "graded_higher_rate", "Items graded higher once changed",
            "Share of the items with such a copy whose copy gets a higher level; where either has no answer, it counts.",
            ((0, 0, 1, 1), (1,) * 4), _ITEMS,
        ),
    )  # fmt: skip


def _share(name: str, title: str, definition: str, over: tuple[Weights, Weights], of: str) -> Metric:
    return Metric(
        name=name,
        title=title,
        definition=definition,
        kind="proportion",
        better="lower",
        unit="proportion",
        decides=True,
        numerator=over[0],
        denominator=over[1],
        denominator_name=of,
    )


COPY_METRICS: dict[str, Metric] = {metric.name: metric for task in TASKS for metric in copy_metrics(task).metrics.values()}
"""All of them by name, for titles and units; which weights count, `copy_metrics` says."""
