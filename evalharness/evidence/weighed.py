"""Whether values at a stated prevalence, and complete counts, follow from what is counted. Integer sums and divisions; no statistics."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from evalharness.catalogue import Metric, Weights
from evalharness.catalogue.complete import COMPLETE_METRICS, UNUSABLE
from evalharness.catalogue.prevalence import IRRELEVANT, RELEVANT, class_part, shift_of
from evalharness.errors import shown
from evalharness.evidence.schema import Evidence
from evalharness.records import Group, group_from_json, group_text
from evalharness.records.condition import condition_of

Counts = tuple[int, ...]
_DIGITS = 1e-9


def weighed(evidence: Evidence, counts: Mapping[Group, Counts]) -> Iterator[str]:
    """What does not follow, in words."""
    known = evidence.benchmark.task_metrics.metrics
    for estimate in evidence.estimates:
        prevalence = condition_of(estimate.condition).prevalence
        if prevalence is None:
            continue
        metric, row = known.get(estimate.metric), counts.get(group_from_json(estimate.group))
        name = f"estimates: {shown(f'{estimate.metric} {estimate.condition}')}, {shown(group_text(group_from_json(estimate.group)))}"
        if metric is None or not shift_of(metric) or estimate.between or row is None:
            yield f"{name}: no such share of a group that is counted"
            continue
        if estimate.n != sum(row):
            yield f"{name}: n is {estimate.n} and the tallies count {sum(row)} items"
        expected = _value(metric, row, prevalence)
        if (estimate.value is None) != (expected is None) or not math.isclose(
            estimate.value or 0, expected or 0, rel_tol=_DIGITS, abs_tol=1e-12
        ):
            yield f"{name}: the value is {estimate.value} and the tallies give {expected!r}"


def counted_completely(evidence: Evidence) -> Iterator[str]:
    """Which complete counts do not follow from the account of the answers; their bounds are the value itself."""
    told = evidence.predictions
    complete = {metric.name for metric in COMPLETE_METRICS}
    for estimate in (e for e in evidence.estimates if e.metric in complete):
        counted = sum(getattr(told, part) for part in UNUSABLE)
        expected = counted / told.items if told.items else None
        same = estimate.lower == estimate.value == estimate.upper and estimate.n == told.items
        close = math.isclose(estimate.value or 0, expected or 0, rel_tol=_DIGITS)
        if not same or not close or (estimate.value is None) != (expected is None) or estimate.group or estimate.between:
            yield f"estimates: {shown(estimate.metric)}: the value is {estimate.value} and predictions give {expected!r}"


def _value(metric: Metric, row: Counts, prevalence: float) -> float | None:
    shift = shift_of(metric)
    entering = metric.numerator if shift == "mean" else metric.denominator
    rates = []
    for members in (RELEVANT, IRRELEVANT):
        whole = _sum(members, row)
        if not whole:
            return None
        rates.append(_sum(class_part(entering, members), row) / whole)
    relevant, irrelevant = prevalence * rates[0], (1 - prevalence) * rates[1]
    if shift == "mean":
        return relevant + irrelevant
    if not relevant + irrelevant:
        return None
    return (relevant if shift == "relevant part" else irrelevant) / (relevant + irrelevant)


def _sum(weights: Weights, row: Counts) -> int:
    return sum(w * c for w, c in zip(weights, row, strict=True))
