"""Which metrics depend on the share of relevant items, and how."""

from __future__ import annotations

from typing import Literal

from evalharness.catalogue.metric import OUTCOMES, Metric, Weights

#                    tp fp fn tn na+ na-
RELEVANT: Weights = (1, 0, 1, 0, 1, 0)
IRRELEVANT: Weights = (0, 1, 0, 1, 0, 1)
_ALL: Weights = (1, 1, 1, 1, 1, 1)

Shift = Literal["", "mean", "relevant part", "irrelevant part"]


def shift_of(metric: Metric) -> Shift:
    """How a metric follows from a rate a of the relevant items and a rate b of the irrelevant ones, at prevalence p.

    mean: p a + (1 - p) b. Relevant part: p a / (p a + (1 - p) b). Irrelevant part: 1 less that. Empty: it does not depend on p (it is about
    one class alone), or it is no such share.
    """
    if metric.kind != "proportion" or len(metric.denominator) != len(OUTCOMES):
        return ""
    if metric.denominator == _ALL:
        return "mean"
    inside, outside = class_part(metric.denominator, RELEVANT), class_part(metric.denominator, IRRELEVANT)
    if not any(inside) or not any(outside):
        return ""
    return {inside: "relevant part", outside: "irrelevant part"}.get(metric.numerator, "")  # type: ignore[return-value]


def class_part(weights: Weights, of: Weights) -> Weights:
    """The weights inside one class."""
    return tuple(w * c for w, c in zip(weights, of, strict=True))
