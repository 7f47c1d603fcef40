"""An evidence document of clusters of unequal size, where the second pair of bounds decides otherwise than the first would."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tallies_by_hand import clusters_of_groups
from task_evidence import NO_ANSWER, build

from evalharness.tally import ConfusionTally

REQUIREMENTS: list[dict[str, Any]] = [
    {"id": "recall", "metric": "recall", "at_least": 0.95, "why": "A missed message is a person found late."},
    {"id": "recall-everyone", "metric": "recall", "at_least": 0.885, "for_each": ["sex"]},
    {"id": "recall-gap", "metric": "recall", "max_difference": 0.06, "between": "sex"},
    {"id": "minutes", "metric": "expected_cost", "unit": "minutes", "at_most": 2.0},
    NO_ANSWER,
]
FEW = (5, 100, 200)
"""Clusters that are missed: so few that the narrower bound of recall clears .95, and the wider does not."""
MANY = range(0, 288, 12)
"""So many that the narrower bound shows recall below .95, and the wider does not."""


def uneven_tally(missed: Collection[int] = FEW) -> ConfusionTally:
    """300 clusters of 1 to 19 relevant items, eleven of them larger by 40, each found or missed as a whole."""
    clusters = []
    for number in range(300):
        size = 1 + number * 7 % 19 + (40 if number % 29 == 0 else 0)
        lost = size if number in missed else 0
        clusters.append({"F" if number % 3 else "M": [size - lost, size // 4, lost, size * 3 - size // 4, 0, 0]})
    return clusters_of_groups(clusters, attribute="sex")


def uneven(missed: Collection[int] = FEW, **more: Any) -> dict[str, Any]:
    """The document, judged by today's rules unless `more` says otherwise."""
    return build("binary", tally=uneven_tally(missed), policy={"requirements": REQUIREMENTS}, **more)
