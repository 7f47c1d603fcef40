"""Tallies to estimates: every metric and gap with its bounds, what they mean in items, and what more data could show."""

from evalharness.metrics.claimed import check_claim
from evalharness.metrics.cost_ranges import cost_ranges
from evalharness.metrics.foreseen import too_often_right
from evalharness.metrics.group_context import group_context
from evalharness.metrics.measure import measure
from evalharness.metrics.prospects import prospects
from evalharness.metrics.translation import translation

__all__ = ["check_claim", "cost_ranges", "group_context", "measure", "prospects", "too_often_right", "translation"]
