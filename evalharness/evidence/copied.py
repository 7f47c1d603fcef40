"""Pairs of items and their copies in an evidence document, and whether what is told of them agrees. Integer sums and one division."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Annotated

from pydantic import Field

from evalharness.catalogue import COPY_METRICS, Metric, TaskMetrics, copy_metrics
from evalharness.errors import shown
from evalharness.evidence.judged import EstimatePart
from evalharness.evidence.part import Count, GroupPart, Part
from evalharness.evidence.squares import Squares
from evalharness.records import Condition, Group, group_from_json, group_text

Counts = tuple[int, ...]
_DIGITS = 1e-9
"""Relative: values are rounded to 10 significant digits."""
LONGEST_KIND = 64


class PairPart(Part):
    """Pairs of one group, with the second moments of its clusters."""

    group: GroupPart
    counts: tuple[Count, ...]
    """In the order of the task's outcomes of pairs: relevant ones decided alike, newly set aside, newly selected, without an answer, then
    irrelevant ones; where levels are given: alike, lower, higher, without an answer."""
    second: tuple[Count, ...]
    """Upper triangle, row by row, of the sum over clusters of the outer product of the counts."""
    clusters: dict[str, Count]
    """Clusters with a pair in each denominator."""


class CopiesPart(Part):
    """One kind of copy: twins, of which only what tells of a group was changed, or disturbed copies."""

    kind: Annotated[str, Field(min_length=1, max_length=LONGEST_KIND)]
    of: tuple[str, ...]
    """The protected attributes that the changed thing tells of; empty for a disturbance."""
    changed: Annotated[str, Field(min_length=1, max_length=1000)]
    """What was changed, in words that stand behind `with`."""
    pairs: Annotated[tuple[PairPart, ...], Field(min_length=1)]
    """Everybody first."""

    @property
    def condition(self) -> str:
        """As in the estimates that follow from it: `under noise`."""
        return Condition(under=self.kind).text


def shape_of_copies(copies: Sequence[CopiesPart], task: str) -> str:
    """What is wrong with the lengths of what is counted; empty when nothing is."""
    size = len(copy_metrics(task).outcomes)
    fitting = all(len(row.counts) == size and len(row.second) == size * (size + 1) // 2 for part in copies for row in part.pairs)
    return "" if fitting and (size or not copies) else f"tallies.copies: not the pairs of the task {task}"


def copy_inconsistencies(
    copies: Sequence[CopiesPart], estimates: Sequence[EstimatePart], items: Mapping[Group, Counts], task: str, *, clustered: bool
) -> Iterator[str]:
    """What does not add up. `items`: the counts of the run as it stands; `estimates`: all of the evidence."""
    names = [part.kind for part in copies]
    if len(set(names)) < len(names):
        yield "tallies.copies: the same kind stands there more than once"
    of, by_condition = copy_metrics(task), defaultdict[str, list[EstimatePart]](list)
    for estimate in estimates:
        if estimate.metric in COPY_METRICS:
            by_condition[estimate.condition].append(estimate)
    for part in copies:
        yield from (f"tallies.copies: {shown(part.kind)}: {problem}" for problem in _pairs(part, items))
        yield from _estimates(part, by_condition.pop(part.condition, []), of, clustered=clustered)
    for estimate in chain.from_iterable(by_condition.values()):
        yield f"estimates: {_name(estimate)}: such pairs are not in the tallies"


def _pairs(part: CopiesPart, items: Mapping[Group, Counts]) -> Iterator[str]:
    """No more pairs than items, in groups that are counted, and groups that add up."""
    found = {group_from_json(row.group): row.counts for row in part.pairs}
    if len(found) < len(part.pairs) or () not in found or not found.keys() <= items.keys():
        yield "not the groups that are counted, each once"
        return
    sums: dict[tuple[str, ...], list[int]] = {}
    for group, counts in found.items():
        if sum(counts) > sum(items[group]):
            yield f"{sum(counts)} pairs of {shown(group_text(group))} are counted, and there are {sum(items[group])} items"
        of = tuple(attribute for attribute, _ in group)
        sums[of] = [a + b for a, b in zip(sums.get(of, [0] * len(counts)), counts, strict=True)]
    for of, total in sorted(sums.items()):
        if total != list(found[()]):
            yield f"the groups of {shown(' x '.join(of))} do not add up to everybody"


def _estimates(part: CopiesPart, estimates: Sequence[EstimatePart], of: TaskMetrics, *, clustered: bool) -> Iterator[str]:
    counts = {group_from_json(row.group): row.counts for row in part.pairs}
    squares = Squares(of, {group_from_json(row.group): row.second for row in part.pairs})
    for estimate in estimates:
        metric, row = of.metrics.get(estimate.metric), counts.get(group_from_json(estimate.group))
        if metric is None or row is None or estimate.between:
            yield f"estimates: {_name(estimate)}: not a metric and group of which pairs are counted"
            continue
        yield from (f"estimates: {_name(estimate)}: {problem}" for problem in _against(estimate, metric, row))
        if estimate.n:
            group = group_from_json(estimate.group)
            expected = estimate.n**2 / squares.of(group, metric.denominator) if clustered else estimate.n
            if not math.isclose(estimate.n_eff, expected, rel_tol=_DIGITS):
                yield f"estimates: {_name(estimate)}: n_eff is {estimate.n_eff} and the tallies give {expected!r}"


def _against(estimate: EstimatePart, metric: Metric, row: Counts) -> Iterator[str]:
    part, whole = (sum(w * n for w, n in zip(weights, row, strict=True)) for weights in (metric.numerator, metric.denominator))
    expected = part / whole if whole else None
    value = estimate.value
    if estimate.n != whole or (value is None) != (expected is None) or not math.isclose(value or 0, expected or 0, rel_tol=_DIGITS):
        yield f"{value} of {estimate.n} is recorded and the tallies give {expected!r} of {whole}"
    known = [x for x in (estimate.lower, value, estimate.upper) if x is not None]
    if any(a > b + _DIGITS for a, b in pairwise(known)):
        yield "the value does not lie between its bounds"


def _name(estimate: EstimatePart) -> str:
    return f"{shown(f'{estimate.metric} {estimate.condition}')}, {shown(group_text(group_from_json(estimate.group)))}"
