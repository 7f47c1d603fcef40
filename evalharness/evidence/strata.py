"""Whether the strata of a weighted sample add up to its counts, and its values follow from them. Integer sums and one division."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from evalharness.catalogue import Metric, Weights
from evalharness.errors import shown
from evalharness.evidence.judged import EstimatePart
from evalharness.evidence.schema import Evidence
from evalharness.records import Group, group_from_json, group_text

_DIGITS = 1e-9
"""Relative: values are rounded to 10 significant digits."""


def strata_inconsistencies(evidence: Evidence) -> Iterator[str]:
    """What does not add up; nothing where the sample is not weighted."""
    strata = evidence.tallies.strata
    if bool(strata) != evidence.benchmark.weighted:
        yield "tallies.strata: not there exactly where the benchmark states with what chances items were drawn"
        return
    if not strata:
        return
    chances = [stratum.inclusion for stratum in strata]
    if chances != sorted(set(chances)):
        yield "tallies.strata: not in rising order of chances"
        return
    if evidence.benchmark.seed is not None:
        yield "tallies.strata: generated items are not drawn with different chances"
    whole = {group_from_json(row.group): row.counts for row in evidence.tallies.counted}
    parts = [{group_from_json(row.group): row.counts for row in stratum.counted} for stratum in strata]
    if any(part.keys() != whole.keys() for part in parts):
        yield "tallies.strata: not the groups that are counted"
        return
    for group, counts in whole.items():
        if tuple(map(sum, zip(*(part[group] for part in parts), strict=True))) != counts:
            yield f"tallies.strata: {shown(group_text(group))}: the strata do not add up to the counts"
    yield from _moments(evidence)
    yield from _values(evidence, parts, chances)


def _moments(evidence: Evidence) -> Iterator[str]:
    """No cluster is in two strata, so sums over clusters, and numbers of clusters, add up as counts do."""
    whole = {group_from_json(row.group): row for row in evidence.tallies.moments}
    parts = [{group_from_json(row.group): row for row in stratum.moments} for stratum in evidence.tallies.strata]
    if any(part.keys() != whole.keys() for part in parts):
        yield "tallies.strata: moments are not of the groups that are counted"
        return
    for group, row in whole.items():
        rows = [part[group] for part in parts]
        second = tuple(map(sum, zip(*(each.second for each in rows), strict=True)))
        clusters = {name: sum(each.clusters.get(name, 0) for each in rows) for name in row.clusters}
        if second != row.second or clusters != row.clusters or any(each.clusters.keys() != row.clusters.keys() for each in rows):
            yield f"tallies.strata: {shown(group_text(group))}: the moments of the strata do not add up to those of all"


def _values(evidence: Evidence, parts: Sequence[dict[Group, tuple[int, ...]]], chances: Sequence[float]) -> Iterator[str]:
    known = evidence.benchmark.task_metrics.metrics
    for estimate in evidence.estimates:
        metric, group = known.get(estimate.metric), group_from_json(estimate.group)
        if estimate.between or estimate.condition or metric is None or metric.kind != "proportion" or group not in parts[0]:
            continue
        expected = _weighted(metric, [part[group] for part in parts], chances)
        if not _agrees(estimate, expected):
            name = f"{shown(estimate.metric)}, {shown(group_text(group))}"
            yield f"estimates: {name}: the value is {estimate.value} and the strata give {expected!r}"


def _weighted(metric: Metric, counts: Sequence[tuple[int, ...]], chances: Sequence[float]) -> float | None:
    """Each item counted 1 / its chance times; null where nothing is counted."""
    total = sum(_sum(metric.denominator, row) / chance for row, chance in zip(counts, chances, strict=True))
    part = sum(_sum(metric.numerator, row) / chance for row, chance in zip(counts, chances, strict=True))
    return part / total if total else None


def _sum(weights: Weights, row: tuple[int, ...]) -> int:
    return sum(w * count for w, count in zip(weights, row, strict=True))


def _agrees(estimate: EstimatePart, expected: float | None) -> bool:
    if estimate.value is None or expected is None:
        return estimate.value is expected
    return math.isclose(estimate.value, expected, rel_tol=_DIGITS, abs_tol=1e-15)
