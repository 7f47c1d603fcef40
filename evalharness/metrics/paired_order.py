"""The difference of two models' areas under the ROC curve, with limits that describe and never decide."""

from __future__ import annotations

import math
from dataclasses import replace

from scipy import special

from evalharness.metrics import methods
from evalharness.records.comparison import OrderPair
from evalharness.stats.rounding import outward
from evalharness.stats.transformed import FEWEST_UNITS
from evalharness.tally.orders import OrdersTogether

_NOTHING = 1e-24
"""A variance of a difference of areas below this is rounding: areas are sums of numbers from 0 to 1."""


def order_pair(challenger: str, found: OrdersTogether, level: float) -> OrderPair:
    """The challenger's area less the incumbent's, with limits each at `level` on the plain scale, kept inside -1 and 1.

    No limits with fewer than 20 independent units of a class, or where the variance is 0: that says nothing about the uncertainty.
    Source: DeLong, DeLong and Clarke-Pearson 1988; over clusters Obuchowski 1997.
    """
    alpha = methods.alpha_of(level)
    over = "clusters, obuchowski" if found.clustered else "items, delong"
    reason = _reason(found)
    areas = found.areas
    difference = None if areas is None else areas[1] - areas[0]
    described = OrderPair(
        challenger=challenger,
        items=found.items,
        left_out=found.left_out,
        incumbent_area=None if areas is None else outward(areas[0]),
        challenger_area=None if areas is None else outward(areas[1]),
        difference=None if difference is None else outward(difference),
        lower=None,
        upper=None,
        level=level,
        p=None,
        method=f"delta(difference of areas, one-sided, alpha={alpha!r}, variance over {over})",
        reason=reason,
    )
    if reason or difference is None or found.variance is None:
        return described
    error = math.sqrt(found.variance)
    reach = float(special.ndtri(1 - alpha)) * error
    return replace(
        described,
        lower=outward(max(difference - reach, -1.0), direction="down"),
        upper=outward(min(difference + reach, 1.0), direction="up"),
        p=outward(float(2 * special.ndtr(-abs(difference / error))), direction="up"),
    )


def _reason(found: OrdersTogether) -> str:
    """Why there are no limits; empty where there are."""
    if found.areas is None:
        return "all items are of one class, so there is no pair to order"
    if min(found.positives, found.negatives) < FEWEST_UNITS:
        return f"{min(found.positives, found.negatives)} independent units on one side; DeLong's limits need {FEWEST_UNITS} on each"
    if found.variance is None or found.variance <= _NOTHING:
        return "the variance of the difference is 0, which says nothing about the uncertainty"
    return ""
