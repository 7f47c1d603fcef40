"""The metrics as data: what each counts, over what, in which unit, and whether it may decide."""

from evalharness.catalogue.binary import BINARY_METRICS
from evalharness.catalogue.metric import OUTCOMES, Metric, Weights

__all__ = ["BINARY_METRICS", "METRICS", "OUTCOMES", "Metric", "Weights"]

METRICS: dict[str, Metric] = {metric.name: metric for metric in BINARY_METRICS}
