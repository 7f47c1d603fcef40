"""What describes a linking of records, beyond pairs."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric

LINKAGE_DESCRIBED: tuple[Metric, ...] = ()
