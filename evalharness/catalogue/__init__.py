"""The metrics as data: what each counts, over what, in which unit, and whether it may decide."""

from evalharness.catalogue.binary import BINARY_METRICS
from evalharness.catalogue.compared import COMPARED, FALSE_LINKS, Compared, PairedMetric, paired_metrics, wrong_weights
from evalharness.catalogue.complete import COMPLETE_METRICS
from evalharness.catalogue.copies import COPY_METRICS, copy_metrics
from evalharness.catalogue.described import DESCRIBED, described_metrics
from evalharness.catalogue.earliest import came_later, denominators_that_came_later
from evalharness.catalogue.linkage import LINKAGE_METRICS
from evalharness.catalogue.metric import OUTCOMES, Metric, Weights
from evalharness.catalogue.notions import FAIRLEARN_HAS, NOTIONS
from evalharness.catalogue.ordinal import MOST_LEVELS, ordinal_metrics
from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.catalogue.ranking import RANKING_METRICS
from evalharness.catalogue.tasks import ABOVE_LOWEST, TASKS, TaskMetrics, level_problem, task_metrics

__all__ = [
    "ABOVE_LOWEST",
    "BINARY_METRICS",
    "COMPARED",
    "COPY_METRICS",
    "DESCRIBED",
    "EVERY_METRIC",
    "FAIRLEARN_HAS",
    "FALSE_LINKS",
    "METRICS",
    "MOST_LEVELS",
    "NOTIONS",
    "OTHER_NAMES",
    "OUTCOMES",
    "TASKS",
    "Compared",
    "Metric",
    "PairedMetric",
    "TaskMetrics",
    "Weights",
    "came_later",
    "copy_metrics",
    "denominators_that_came_later",
    "described_metrics",
    "level_problem",
    "paired_metrics",
    "task_metrics",
    "wrong_weights",
]


def _union(*metrics: Metric) -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    for metric in metrics:
        found.setdefault(metric.name, metric)
    return found


METRICS: dict[str, Metric] = _union(
    *BINARY_METRICS, *RANKING_METRICS, *LINKAGE_METRICS, *ordinal_metrics(0), *COMPLETE_METRICS, *OVERSIGHT_METRICS
)
"""Every metric of any task by name, for titles, units and kinds. The weights of `task_metrics` are those that count: they depend on the
task, and for an ordinal one on its levels, so here its metrics have none."""
EVERY_METRIC: dict[str, Metric] = {**METRICS, **COPY_METRICS}
"""Those, and the metrics of pairs of items and their copies: whatever a policy can name."""
OTHER_NAMES: dict[str, Metric] = {
    **{metric.fairlearn: metric for metric in BINARY_METRICS if metric.fairlearn and metric.fairlearn not in METRICS},
    "mcc": METRICS["matthews_corrcoef"],
    "f0_5": METRICS["fbeta_0_5"],
    "f2": METRICS["fbeta_2"],
    "informedness": METRICS["youden"],
    "fpr": METRICS["false_positive_rate"],
    "fnr": METRICS["false_negative_rate"],
    "fdr": METRICS["false_discovery_rate"],
    "npv": METRICS["negative_predictive_value"],
    "qwk": METRICS["quadratic_weighted_kappa"],
    "mae": METRICS["mean_absolute_error"],
    "macro_mae": METRICS["macro_averaged_mean_absolute_error"],
    "recall_score": METRICS["recall"],
    "sensitivity": METRICS["recall"],
}
"""Names under which people know a metric, for messages; a policy uses the catalogue's own."""
