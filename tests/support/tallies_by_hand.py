"""Small tallies, policies and questions written out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.records import (
    Claim,
    Costs,
    CostUnit,
    Estimate,
    Group,
    HumanInTheLoop,
    OperatingPoint,
    Policy,
    Question,
    SignOff,
)
from evalharness.tally import ConfusionTally, Slices

LEVEL = 0.95
BINARY = task_metrics("binary")
Cells = Mapping[tuple[str, ...], Sequence[int]]


def independent(cells: Cells, attributes: tuple[str, ...] = ("group",), depth: int = 1, of: TaskMetrics = BINARY) -> ConfusionTally:
    """The tally of independent items from the counts of every joint cell."""
    levels = {a: tuple(dict.fromkeys(cell[i] for cell in cells)) for i, a in enumerate(attributes)}
    slices = Slices(attributes=attributes, levels=levels, depth=depth)
    counts = np.zeros((len(slices.groups), len(of.outcomes)), dtype=np.int64)
    for s, group in enumerate(slices.groups):
        for cell, numbers in cells.items():
            if set(group) <= set(zip(attributes, cell, strict=True)):
                counts[s] += numbers
    return ConfusionTally.of_independent(slices, counts, of)


def everybody(numbers: Sequence[int], of: TaskMetrics = BINARY) -> ConfusionTally:
    """One slice of independent items."""
    return ConfusionTally.of_independent(Slices(attributes=(), levels={}, depth=0), np.array([numbers], dtype=np.int64), of)


def clustered(clusters: Iterable[Sequence[int]], of: TaskMetrics = BINARY) -> ConfusionTally:
    """One slice from the counts of each cluster."""
    parts = np.array(list(clusters), dtype=np.int64)
    present = (parts @ np.array(of.denominators, dtype=np.int64).T > 0).sum(axis=0, dtype=np.int64)
    return ConfusionTally(
        slices=Slices(attributes=(), levels={}, depth=0),
        counts=parts.sum(axis=0)[None],
        second=(parts.T @ parts)[None],
        clusters=present[None],
        clustered=True,
        of=of,
    )


def clusters_of_groups(
    clusters: Iterable[Mapping[str, Sequence[int]]], of: TaskMetrics = BINARY, attribute: str = "group"
) -> ConfusionTally:
    """The tally of one attribute from the counts that each cluster has at each level."""
    parts = list(clusters)
    levels = tuple(sorted({level for part in parts for level in part}))
    slices = Slices(attributes=(attribute,), levels={attribute: levels}, depth=1)
    nothing = [0] * len(of.outcomes)
    cells = np.array([[part.get(level, nothing) for part in parts] for level in levels], dtype=np.int64)
    by_slice = [cells.sum(axis=0) if not group else cells[levels.index(group[0][1])] for group in slices.groups]
    return ConfusionTally(
        slices=slices,
        counts=np.array([numbers.sum(axis=0) for numbers in by_slice]),
        second=np.array([numbers.T @ numbers for numbers in by_slice]),
        clusters=np.array([(numbers @ np.array(of.denominators).T > 0).sum(axis=0) for numbers in by_slice]),
        clustered=True,
        of=of,
    )


PEOPLE = HumanInTheLoop(minutes_per_review=3.0, items_per_week=50_000, sensitivity_low=0.7, sensitivity_high=1.0, source="declared")
UNITS = (
    CostUnit(name="late", relevant_set_aside=1.0),
    CostUnit(name="minutes", relevant_review=3.0, not_relevant_review=3.0),
    CostUnit(name="mixed", relevant_review=1.0, relevant_set_aside=10.0, not_relevant_review=2.0),
    CostUnit(name="flat", relevant_review=0.7, relevant_set_aside=0.7, not_relevant_review=0.7, not_relevant_set_aside=0.7),
)


def policy(human: HumanInTheLoop | None = PEOPLE, units: tuple[CostUnit, ...] = UNITS) -> Policy:
    """A policy without requirements: what measuring needs of one."""
    return Policy(
        name="by-hand",
        version=1,
        title="By hand",
        claim=Claim.REHEARSAL,
        population="",
        intended_use="",
        prohibited_uses=(),
        stream="synthetic",
        task="binary",
        benchmark="by-hand",
        split="test",
        confidence=LEVEL,
        intersections=2,
        operating_point=OperatingPoint(rule="label", threshold=None),
        human_in_the_loop=human,
        costs=Costs(units=units, stated_by="nobody", stated_on=date(2026, 11, 1)) if units else None,
        requirements=(),
        sign_off=SignOff(roles=(), developers_may_not_sign=True, valid_for_days=1),
        example_of_bad_policy="",
        digest="sha256:" + "0" * 64,
        document={},
    )


def question(metric: str, comparison: str, bound: float, **more: object) -> Question:
    return Question(requirement="asked", metric=metric, comparison=comparison, bound=bound, **more)  # type: ignore[arg-type]


def named(estimates: Iterable[Estimate], metric: str, group: Group = (), **more: object) -> Estimate:
    """The only estimate of that name, group, and whatever else is given."""
    found = [e for e in estimates if e.metric == metric and e.group == group and all(getattr(e, k) == v for k, v in more.items())]
    assert len(found) == 1, (metric, group, more, len(found))
    return found[0]


def widest(estimate: Estimate) -> tuple[float | None, float | None]:
    """The pair of bounds that allows for misses that grow with the size of clusters."""
    return estimate.by_size or (estimate.lower, estimate.upper)


def farthest(estimate: Estimate) -> tuple[float | None, float | None]:
    """The same, whichever way items without an answer were answered."""
    return estimate.worst_case or widest(estimate)
