"""Whether estimates, and what the model is said to have reached, agree with the counts of one evidence. One division; no statistics."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from evalharness.catalogue import Metric, described_metrics
from evalharness.errors import shown
from evalharness.evidence.schema import EstimatePart, Evidence
from evalharness.records import CUSTOM, Group, group_from_json, group_text

Counts = tuple[int, ...]
DIGITS = 1e-9
"""Relative: values are rounded to 10 significant digits."""


def estimates_agree(evidence: Evidence, counts: dict[Group, Counts], estimates: Sequence[EstimatePart]) -> Iterator[str]:
    """Value and n of each of `estimates` are those of the counts of its group, in words where they are not. Gaps have none of their own."""
    known = evidence.benchmark.task_metrics.metrics
    for estimate in estimates:
        metric = known.get(estimate.metric)
        if estimate.between:
            continue
        if metric is None:
            yield f"estimates: {shown(estimate.metric)} is not a metric of this task that this version knows"
            continue
        row = counts.get(group_from_json(estimate.group))
        if row is None:
            yield f"estimates: {named(estimate)}: that group is not in the tallies"
        elif any(metric.denominator):
            yield from _against_counts(estimate, metric, row, weighted=len(evidence.tallies.strata) > 1)


def described_agree(evidence: Evidence, counts: dict[Group, Counts]) -> Iterator[str]:
    """What no counts hold never decides, and is about groups that are counted."""
    known = described_metrics(evidence.benchmark.task)
    custom = {CUSTOM + str(name) for name in evidence.policy.document.get("describe") or ()}
    keys = [key_of(e) for e in evidence.described]
    if len(set(keys)) < len(keys):
        yield "described: the same metric and group stand there more than once"
    for estimate in evidence.described:
        if estimate.metric not in known and estimate.metric not in custom:
            yield f"described: {shown(estimate.metric)} is not a describing metric of this task that this version knows"
        if estimate.decides:
            yield f"described: {named(estimate)}: what the tallies do not hold decides nothing"
        if group_from_json(estimate.group) not in counts:
            yield f"described: {named(estimate)}: that group is not in the tallies"
        if not _ordered(estimate):
            yield f"described: {named(estimate)}: the value does not lie between its bounds"


def _against_counts(estimate: EstimatePart, metric: Metric, row: Counts, *, weighted: bool) -> Iterator[str]:
    denominator = _weighted(metric.denominator, row)
    if estimate.n != denominator:
        yield f"estimates: {named(estimate)}: n is {estimate.n} and the tallies count {denominator} {metric.denominator_name}"
        return
    if denominator == 0 and estimate.value is not None:
        yield f"estimates: {named(estimate)}: there is a value and nothing to divide by"
    if denominator == 0 or metric.kind != "proportion":
        return
    expected = _weighted(metric.numerator, row) / denominator
    exact = estimate.value is not None and math.isclose(estimate.value, expected, rel_tol=DIGITS, abs_tol=1e-15)
    if not weighted and not exact:  # the value of a weighted sample follows from its strata
        yield f"estimates: {named(estimate)}: the value is {estimate.value} and the tallies give {expected!r}"
    if not _ordered(estimate):
        yield f"estimates: {named(estimate)}: the value does not lie between its bounds"


def attainable_agrees(evidence: Evidence, counts: dict[Group, Counts]) -> Iterator[str]:
    """What the model is said to have reached is what was counted."""
    known = evidence.benchmark.task_metrics.metrics
    for row in evidence.attainable or ():
        told = {row.metric: row.value} if row.metric else {"recall": row.recall, "false_positive_rate": row.false_positive_rate}
        counted = counts.get(group_from_json(row.group))
        if counted is None or not told.keys() <= known.keys():
            yield f"attainable: {who(group_from_json(row.group))}: not a group and metric that are counted"
            continue
        sizes = {row.metric: row.n} if row.metric else {"recall": row.positives, "false_positive_rate": row.negatives}
        for name, value in told.items():
            if sizes[name] not in (None, _weighted(known[name].denominator, counted)):
                yield f"attainable: {name}, {who(group_from_json(row.group))}: not the {known[name].denominator_name} that are counted"
            expected = _share(known[name], counted)
            if (value is None) != (expected is None) or not math.isclose(value or 0, expected or 0, rel_tol=DIGITS):
                yield f"attainable: {name}, {who(group_from_json(row.group))}: {value} is recorded and the tallies give {expected!r}"


def _share(metric: Metric, row: Counts) -> float | None:
    denominator = _weighted(metric.denominator, row)
    return _weighted(metric.numerator, row) / denominator if denominator else None


def _ordered(estimate: EstimatePart) -> bool:
    slack = DIGITS
    known = [x for x in (estimate.lower, estimate.value, estimate.upper) if x is not None]
    return all(a <= b + slack for a, b in pairwise(known))


def _weighted(weights: tuple[int, ...], row: Counts) -> int:
    return sum(w * count for w, count in zip(weights, row, strict=True))


def key_of(estimate: EstimatePart) -> tuple[object, ...]:
    """What an estimate is of: no two are of the same."""
    excluded = tuple(group_from_json(g) for g in estimate.excluded)
    return estimate.metric, group_from_json(estimate.group), estimate.between, estimate.unit, excluded, estimate.condition


def named(estimate: EstimatePart) -> str:
    """Metric, condition and group, for a sentence."""
    asked = f"{estimate.metric} {estimate.condition}".rstrip()
    return f"{shown(asked)}, {who(group_from_json(estimate.group))}"


def who(group: Group) -> str:
    """The group, for a sentence."""
    return shown(group_text(group))
