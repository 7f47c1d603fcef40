"""What models of a task are compared on, as data: item by item, beside each other, and in the drawing.

Two models can be held against each other item by item in a proportion whose denominator depends on the truth alone: then every item in it
is decided rightly or wrongly by each of them. Precision is over what a model itself selects, so it can only stand beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from evalharness.catalogue.metric import OUTCOMES, Metric
from evalharness.catalogue.tasks import TaskMetrics
from evalharness.errors import Fault

NOT_COUNTED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMetric:
    """One metric on which two models are held against each other."""

    name: str
    items: str
    """What one item of the denominator is, in words."""
    together: bool
    """Whether a challenger must be shown to be not worse in it before it is called not worse."""
    right: tuple[tuple[int, ...], ...]
    """[true][decision + 1]: 1 decided rightly, 0 wrongly, NOT_COUNTED outside the denominator. A decision of -1 is no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is compared of the models of one task; names of metrics that the task lacks (two levels only) are passed over."""

    paired: tuple[str, ...]
    """Item by item."""
    together: tuple[str, ...]
    """Those of `paired` that must all be shown."""
    beside: tuple[str, ...]
    """Estimates that stand beside each other, model by model."""
    drawn: tuple[str, str]
    """Upward and across in the drawing; a model is dominated where another is as good in both and better in one."""
    errors: tuple[str, str] | None = None
    """Those of `paired` whose errors a cost ratio weighs: the miss, and the false alarm. Null where one follows from the other."""
    over_all: str = ""
    """The one of `paired` whose denominator holds every item of both errors; empty where there is none."""
    ordered: bool = False
    """Whether the areas under the ROC curve of models that give scores stand beside each other."""


FALSE_LINKS = Metric(
    name="false_link_rate",
    title="Pairs linked that do not belong together",
    kind="proportion",
    better="lower",
    unit="proportion",
    decides=False,
    why_not="how many pairs there are depends on the candidates that a benchmark proposes; require pairwise_precision",
    definition=(
        "Share of the pairs that do not belong together that are linked, or have no answer: the candidate pairs, and what the challenger "
        "alone links beyond them."
    ),
    numerator=(0, 1, 0, 0, 0, 1),
    denominator=(0, 1, 0, 1, 0, 1),
    denominator_name="pairs that do not belong together",
)
"""Of a comparison only."""

_TRIAGE = Compared(
    paired=("recall", "false_positive_rate", "accuracy"),
    together=("recall", "false_positive_rate"),
    beside=(
        "recall", "false_positive_rate", "precision", "review_rate", "review_minutes_per_1000", "reviews_per_find", "no_answer_rate",
        "expected_cost",
    ),
    drawn=("recall", "review_rate"),
    errors=("recall", "false_positive_rate"),
    over_all="accuracy",
    ordered=True,
)  # fmt: skip
COMPARED: dict[str, Compared] = {
    "binary": _TRIAGE,
    "risk": _TRIAGE,
    "ordinal": Compared(
        paired=("exact_agreement", "under_grading_1", "under_grading_2", "critical_miss", "over_grading_1"),
        together=("exact_agreement", "under_grading_1", "under_grading_2", "critical_miss"),
        beside=(
            "exact_agreement", "under_grading_1", "under_grading_2", "critical_miss", "over_grading_1", "quadratic_weighted_kappa",
            "mean_absolute_error", "no_answer_rate",
        ),
        drawn=("under_grading_1", "over_grading_1"),
        errors=("under_grading_1", "over_grading_1"),
        over_all="exact_agreement",
    ),
    "ranking": Compared(
        paired=("recall_at_budget",),
        together=("recall_at_budget",),
        beside=("recall_at_budget", "precision_at_budget", "no_answer_rate"),
        drawn=("recall_at_budget", "precision_at_budget"),
    ),
    "linkage": Compared(
        paired=("pairwise_recall", FALSE_LINKS.name),
        together=("pairwise_recall", FALSE_LINKS.name),
        beside=("pairwise_recall", "pairwise_precision", "no_answer_rate"),
        drawn=("pairwise_recall", "pairwise_precision"),
        errors=("pairwise_recall", FALSE_LINKS.name),
    ),
}  # fmt: skip
"""By task."""


@cache
def paired_metrics(of: TaskMetrics) -> tuple[PairedMetric, ...]:
    """The metrics on which models of a task are held against each other. Raises Fault for one whose denominator depends on the model."""
    compared = COMPARED[of.task]
    known = {**of.metrics, FALSE_LINKS.name: FALSE_LINKS}
    return tuple(
        PairedMetric(
            name=name,
            items=known[name].denominator_name,
            together=name in compared.together,
            right=right_of(known[name], of),
        )
        for name in compared.paired
        if name in known
    )


def wrong_weights(name: str, of: TaskMetrics) -> tuple[int, ...]:
    """How often each outcome is an error of this metric. Raises KeyError for a metric that is not compared."""
    metric = {**of.metrics, FALSE_LINKS.name: FALSE_LINKS}[name]
    if metric.better == "lower":
        return metric.numerator
    return tuple(d - n for n, d in zip(metric.numerator, metric.denominator, strict=True))


def right_of(metric: Metric, of: TaskMetrics) -> tuple[tuple[int, ...], ...]:
    """`PairedMetric.right` of a proportion. Raises Fault where its denominator depends on what the model says."""
    found = []
    for outcomes in _outcomes_by_truth(of):
        counted = {metric.denominator[outcome] for outcome in outcomes}
        if metric.kind != "proportion" or len(counted) != 1 or not counted <= {0, 1}:
            raise Fault(f"{metric.name} cannot be compared item by item: its denominator depends on the model")
        told = (int(bool(metric.numerator[outcome]) == (metric.better == "higher")) for outcome in outcomes)
        found.append(tuple(told) if counted == {1} else (NOT_COUNTED,) * len(outcomes))
    return tuple(found)


def _outcomes_by_truth(of: TaskMetrics) -> tuple[tuple[int, ...], ...]:
    """[true][decision + 1] place of the outcome, no answer first."""
    if of.ordinal:
        return tuple((refused, *answered) for refused, answered in zip(of.refused, of.answers, strict=True))
    return tuple(tuple(map(OUTCOMES.index, names)) for names in (("no_answer_negative", "tn", "fp"), ("no_answer_positive", "fn", "tp")))
