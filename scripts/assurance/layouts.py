"""Groups side by side: how large each is, and how its items fall into clusters."""

from __future__ import annotations

from collections.abc import Sequence
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


def designs(layout: str, dependence: str) -> list[Design]:
    """One a group."""
    return [Design(clusters=n, **DEPENDENCE[dependence]) for n in LAYOUTS[layout]]  # type: ignore[arg-type]


def recall_of(parts: Sequence[Drawn]) -> Rates:
    """[runs, groups] recall."""
    counts = np.stack([part.counts for part in parts], axis=1)
    clustered = [part.second for part in parts if part.second is not None]
    of = rates(counts, np.stack(clustered, axis=1) if clustered else None, *_WEIGHTS)
    return Rates(value=of.value[..., 0], total=of.total[..., 0], n_eff=of.n_eff[..., 0], successes=of.successes[..., 0])


def drawn(groups: Sequence[Design], truths: Sequence[float], runs: int, rng: np.random.Generator) -> list[Drawn]:
    """One a group, drawn independently."""
    shares = [np.array([rate, 0.0, 1 - rate, 0.0, 0.0, 0.0]) for rate in truths]
    return [group.draw(rng, runs, share, _WEIGHTS[1].astype(np.float64)) for group, share in zip(groups, shares, strict=True)]


def enumerated(sizes: tuple[int, int], truths: Sequence[float]) -> tuple[list[Drawn], Floats]:
    """Every pair of numbers found, and its chance."""
    found = np.array(list(product(range(sizes[0] + 1), range(sizes[1] + 1))), dtype=np.float64)
    parts = []
    for group, size in enumerate(sizes):
        counts = np.zeros((len(found), 6))
        counts[:, 0], counts[:, 2] = found[:, group], size - found[:, group]
        parts.append(Drawn(counts=counts, second=None, clusters=None))
    return parts, np.prod([stats.binom.pmf(found[:, g], sizes[g], truths[g]) for g in (0, 1)], axis=0)
