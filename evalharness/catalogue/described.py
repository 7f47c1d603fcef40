"""Metrics that no counts of outcomes hold: of scores, of an order, of linked records. They describe, by task; a policy cannot require them.

What they are computed from is not in the evidence, so their estimates stand apart there (`described`) and only a replay derives them again.
"""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.catalogue.linkage_described import LINKAGE_DESCRIBED
from evalharness.catalogue.metric import Metric
from evalharness.catalogue.ranking_described import RANKING_DESCRIBED
from evalharness.catalogue.scores import BAND_METRICS, SCORE_METRICS

_BY_TASK: dict[str, tuple[Metric, ...]] = {
    "binary": SCORE_METRICS,
    "risk": (*SCORE_METRICS, *BAND_METRICS),
    "ranking": RANKING_DESCRIBED,
    "linkage": LINKAGE_DESCRIBED,
}
_NAMED: dict[str, Mapping[str, Metric]] = {task: {metric.name: metric for metric in found} for task, found in _BY_TASK.items()}

DESCRIBED: Mapping[str, Metric] = {metric.name: metric for found in _BY_TASK.values() for metric in found if metric not in BAND_METRICS}
"""All of them by name, but those of bands: for the task ordinal they decide."""


def described_metrics(task: str) -> Mapping[str, Metric]:
    """Those of a task by name, in the order of a report; none for a task that has none."""
    return _NAMED.get(task, {})
