"""Sums of squares over clusters, from the recorded second moments. Integer sums; no statistics."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evalharness.catalogue import TaskMetrics, Weights
from evalharness.records import Group

Counts = tuple[int, ...]


class Squares:
    """Sums over clusters of the square of their part of a denominator, each computed once; infinite where the moments have none."""

    def __init__(self, known: TaskMetrics, second: Mapping[Group, Counts]) -> None:
        outcomes = range(len(known.outcomes))
        pairs = [(i, j) for i in outcomes for j in outcomes[i:]]
        self._second = second
        self._weights = {
            d: [(at, d[i] * d[j] * (1 if i == j else 2)) for at, (i, j) in enumerate(pairs) if d[i] * d[j]] for d in known.denominators
        }
        self._found: dict[tuple[Group, Weights], float] = {}

    def of(self, group: Group, denominator: Weights) -> float:
        key = group, denominator
        if key not in self._found:
            numbers = self._second[group]
            self._found[key] = sum(weight * numbers[at] for at, weight in self._weights[denominator]) or math.inf
        return self._found[key]
