"""Groups side by side: how large each is, and how its items fall into clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from scipy import stats

from assurance.drawing import Design, Drawn, Floats
from evalharness.catalogue import task_metrics
from evalharness.metrics.arrays import Rates, rates

RECALL = task_metrics("binary").metrics["recall"]
_WEIGHTS = np.array([RECALL.numerator]), np.array([RECALL.denominator])

LAYOUTS: dict[str, tuple[int, ...]] = {
    "two equal": (150, 150),
    "five equal": (200,) * 5,
    "nineteen equal": (60,) * 19,
    "census-like": (2451, 279, 120, 87, 63),
    "large and small": (1000, 30),
    "tiny": (300, 20, 8),
}
"""Relevant items, or clusters of them, in each group."""

DEPENDENCE: dict[str, dict[str, object]] = {
    "independent": {"sizes": "one"},
    "equal, whole": {"sizes": "equal", "correlation": 1.0},
    "geometric, .2": {"sizes": "geometric", "correlation": 0.2},
    "lognormal, whole": {"sizes": "lognormal", "correlation": 1.0},
    "geometric, growing": {"sizes": "geometric", "growth": "linear"},
}
GROWING: dict[str, dict[str, object]] = {
    f"{sizes}, {growth}": {"sizes": sizes, "growth": growth}
    for sizes in ("near", "geometric", "lognormal", "two")
    for growth in ("root", "linear", "square", "step")
}
OF_CLUSTERS: dict[str, tuple[int, ...]] = {
    "two of 15": (15, 15),
    "two of 40": (40, 40),
    "two of 150": (150, 150),
    "two of 400": (400, 400),
    "many and few": (400, 40),
    "five of 150": (150,) * 5,
}
"""Clusters of relevant items in each group, for misses that grow with their size."""
EVERY = {**LAYOUTS, **OF_CLUSTERS}


def designs(layout: str, dependence: str) -> list[Design]:
    """One a group."""
    return [Design(clusters=n, **{**DEPENDENCE, **GROWING}[dependence]) for n in EVERY[layout]]  # type: ignore[arg-type]


def hidden(groups: Sequence[Design]) -> bool:
    """Whether the sample of some group may well hold none of its large clusters, while those are missed more often."""
    return any(group.hides(group.clusters) for group in groups)


def recall_of(parts: Sequence[Drawn]) -> Rates:
    """[runs, groups] recall."""
    second, clusters = ([array for array in arrays if array is not None] for arrays in
                        ([part.second for part in parts], [part.clusters for part in parts]))  # fmt: skip
    of = rates(
        np.stack([part.counts for part in parts], axis=1),
        np.stack(second, axis=1) if second else None,
        *_WEIGHTS,
        np.stack(clusters, axis=1) if clusters else None,
    )
    return of.each(lambda array: array[..., 0])


def drawn(groups: Sequence[Design], truths: Sequence[float], runs: int, rng: np.random.Generator) -> list[Drawn]:
    """One a group, drawn independently."""
    shares = [np.array([rate, 0.0, 1 - rate, 0.0, 0.0, 0.0]) for rate in truths]
    return [group.draw(rng, runs, share, _WEIGHTS[1].astype(np.float64)) for group, share in zip(groups, shares, strict=True)]


def shared(design: Design, truths: tuple[float, float], runs: int, rng: np.random.Generator) -> list[Drawn]:
    """Two groups of clusters that hold items of both; `design.fate` says whether both are missed together."""
    first, second = (t / 2 for t in truths)
    both = replace(design, bad=(1, 3), classes=((0, 1), (2, 3)))
    whole = np.array([[1, 1, 0, 0], [0, 0, 1, 1]], dtype=np.float64)
    found = both.draw(rng, runs, np.array([first, 0.5 - first, second, 0.5 - second]), whole)
    return [_of_group(found, group) for group in (0, 1)]


def _of_group(found: Drawn, group: int) -> Drawn:
    """Found and missed items of one group, as the outcomes of a tally."""
    if found.second is None or found.clusters is None:
        raise ValueError("items are independent, so groups share no cluster")
    counts, second = np.zeros((len(found.counts), 6)), np.zeros((len(found.counts), 6, 6))
    here, there = [2 * group, 2 * group + 1], [0, 2]
    counts[:, there] = found.counts[:, here]
    second[np.ix_(range(len(counts)), there, there)] = found.second[np.ix_(range(len(counts)), here, here)]
    return Drawn(counts=counts, second=second, clusters=found.clusters[:, [group]])


def enumerated(sizes: tuple[int, int], truths: Sequence[float]) -> tuple[list[Drawn], Floats]:
    """Every pair of numbers found, and its chance."""
    found = np.array(list(product(range(sizes[0] + 1), range(sizes[1] + 1))), dtype=np.float64)
    parts = []
    for group, size in enumerate(sizes):
        counts = np.zeros((len(found), 6))
        counts[:, 0], counts[:, 2] = found[:, group], size - found[:, group]
        parts.append(Drawn(counts=counts, second=None, clusters=None))
    return parts, np.prod([stats.binom.pmf(found[:, g], sizes[g], truths[g]) for g in (0, 1)], axis=0)
