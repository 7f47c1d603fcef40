"""What describes the scores of items that are relevant or not (binary, risk)."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric

SCORE_METRICS: tuple[Metric, ...] = ()
