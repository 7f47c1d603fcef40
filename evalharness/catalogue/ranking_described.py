"""What describes an order of leads, beyond what its budget finds."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric

RANKING_DESCRIBED: tuple[Metric, ...] = ()
