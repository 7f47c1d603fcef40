"""The metrics as data: what each counts, over what, in which unit, and whether it may decide."""

from evalharness.catalogue.binary import BINARY_METRICS
from evalharness.catalogue.metric import OUTCOMES, Metric, Weights

__all__ = ["BINARY_METRICS", "METRICS", "OTHER_NAMES", "OUTCOMES", "Metric", "Weights"]

METRICS: dict[str, Metric] = {metric.name: metric for metric in BINARY_METRICS}
OTHER_NAMES: dict[str, Metric] = {
    **{metric.fairlearn: metric for metric in BINARY_METRICS if metric.fairlearn and metric.fairlearn not in METRICS},
    "mcc": METRICS["matthews_corrcoef"],
    "fpr": METRICS["false_positive_rate"],
    "fnr": METRICS["false_negative_rate"],
    "fdr": METRICS["false_discovery_rate"],
    "npv": METRICS["negative_predictive_value"],
    "recall_score": METRICS["recall"],
    "sensitivity": METRICS["recall"],
}
"""Names under which people know a metric, for messages; a policy uses the catalogue's own."""
