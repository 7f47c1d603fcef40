"""Counts of the classifier beside another model on the same items, and whether they agree with its own. Integer sums; no statistics."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from evalharness.catalogue import Metric
from evalharness.errors import shown
from evalharness.evidence.part import Count, Digest, GroupPart, Part
from evalharness.records import Group, group_from_json, group_text
from evalharness.records.reference import HUMAN

Counts = tuple[int, ...]
Key = tuple[str, Group, str]
Told = tuple[float | None, int, float]
LOSS = "_loss"
_DIGITS = 1e-9
_KINDS = 5
_SQUARES = {0: 0, 1: 5, 2: 9, 3: 12, 4: 14}
"""Place of each kind's own square in the upper triangle."""


class PairedRowPart(Part):
    """One metric in one group. Kinds: both right, only the other model, only this one, neither, and unknown: this one is wrong and the
    other gave no answer."""

    group: GroupPart
    metric: str
    kinds: tuple[Count, ...] = Field(min_length=_KINDS, max_length=_KINDS)
    second: tuple[Count, ...] = Field(min_length=15, max_length=15)
    """Upper triangle of the sum over clusters of the outer product of the kinds."""
    clusters: Count


class BesidePart(Part):
    """The classifier beside one other model."""

    condition: Annotated[str, Field(min_length=1)]
    """`relative to incumbent`."""
    model: str
    """Name of the other model."""
    version: str
    digest: Digest
    """Of its artefact; for a person, of the benchmark that holds what was said."""
    card: Digest | None = None
    """Of its card; absent for a person."""
    rows: Annotated[tuple[PairedRowPart, ...], Field(min_length=1)]


def _there(value: tuple[BesidePart, ...]) -> tuple[BesidePart, ...]:
    """One way to say that nothing is beside it."""
    if not value:
        raise ValueError("counts beside no other model have no such name")
    return value


BesideParts = Annotated[tuple[BesidePart, ...], AfterValidator(_there)]


def beside_follows(
    parts: tuple[BesidePart, ...], estimates: Mapping[Key, Told], counts: Mapping[Group, Counts], metrics: Mapping[str, Metric], *,
    clustered: bool,
) -> Iterator[str]:  # fmt: skip
    """What does not follow, in words. estimates: (value, n, n_eff) by name, group and condition, of everything relative to a model."""
    known: set[Key] = set()
    for part in parts:
        for row in part.rows:
            group, metric = group_from_json(row.group), metrics.get(row.metric)
            where = f"tallies.beside: {shown(f'{row.metric} {part.condition}')}, {shown(group_text(group))}"
            key = f"{row.metric}{LOSS}", group, part.condition
            if key in known:
                yield f"{where}: stands there more than once"
            known.add(key)
            own = counts.get(group)
            if metric is None or own is None:
                yield f"{where}: not a metric and group that are counted"
                continue
            clean = part.condition == f"relative to {HUMAN}"  # those are against the clean label, and of items that the person labelled
            yield from (f"{where}: {problem}" for problem in (() if clean else _against_own(row, metric, own)))
            if clean and sum(row.kinds) > sum(own):
                yield f"{where}: more items are counted than there are"
            if key in estimates:
                yield from (f"{where}: {problem}" for problem in _against_estimate(row, estimates[key], clustered=clustered))
    nobody = {key for key, told in estimates.items() if told == (None, 0, 0.0) and key[2] == f"relative to {HUMAN}"}
    for name, group, condition in sorted(set(estimates) - known - nobody):
        yield f"estimates: {shown(f'{name} {condition}')}, {shown(group_text(group))}: nothing beside it was counted"


def _against_own(row: PairedRowPart, metric: Metric, own: Counts) -> Iterator[str]:
    """The classifier is right as often here as in its own counts."""
    total, inside = (sum(w * c for w, c in zip(weights, own, strict=True)) for weights in (metric.denominator, metric.numerator))
    right = inside if metric.better == "higher" else total - inside
    both, _, only, _, _ = row.kinds
    if sum(row.kinds) != total:
        yield f"{sum(row.kinds)} {metric.denominator_name} are counted and the tallies have {total}"
    elif both + only != right:
        yield f"{both + only} are decided rightly and the tallies have {right}"


def _against_estimate(row: PairedRowPart, told: Told, *, clustered: bool) -> Iterator[str]:
    value, n, n_eff = told
    total = sum(row.kinds)
    expected = (row.kinds[1] - row.kinds[2]) / total if total else None
    if (value is None) != (expected is None) or not math.isclose(value or 0, expected or 0, rel_tol=_DIGITS, abs_tol=1e-12) or n != total:
        yield f"the value is {value} of {n} and the counts give {expected!r} of {total}"
    squares = sum((1 if at in _SQUARES.values() else 2) * number for at, number in enumerate(row.second))
    size = (total**2 / squares if squares else 0.0) if clustered else float(total)
    if not math.isclose(n_eff, size, rel_tol=_DIGITS):
        yield f"n_eff is {n_eff} and the counts give {size!r}"
