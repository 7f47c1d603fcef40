"""Synthetic clusters to tallies, thousands of runs at once, for simulations of the error rate of the bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalharness.catalogue import OUTCOMES
from evalharness.stats.proportion import clopper_pearson_lower

TARGET = 0.05
"""Wrongful approvals that a deciding method may make."""

CERTAINTY = 0.001
"""A simulated rate counts as above the target when even its 99.9 % lower Clopper-Pearson limit is."""


@dataclass(frozen=True)
class Design:
    """How the items of one denominator fall into clusters."""

    clusters: int
    sizes: str
    """`one` (independent items), `equal`, `geometric` or `lognormal`."""
    mean: int = 1
    whole: float = 0.0
    """0: items of a cluster are independent; 1: a cluster is right or wrong as a whole; between: that beta-binomial correlation."""

    def draw_sizes(self, rng: np.random.Generator, runs: int) -> np.ndarray:
        """(runs, clusters) sizes, at least 1."""
        shape = (runs, self.clusters)
        if self.sizes in {"one", "equal"}:
            return np.full(shape, self.mean)
        if self.sizes == "geometric":
            return rng.geometric(1 / self.mean, size=shape)
        return np.maximum(1, np.round(self.mean * np.exp(rng.normal(-0.72, 1.2, size=shape)))).astype(np.int64)

    def draw(self, rng: np.random.Generator, runs: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
        """(right, wrong), each (runs, clusters), with expected share `rate` right and sizes that tell nothing of it."""
        sizes = self.draw_sizes(rng, runs)
        right = rng.binomial(sizes, self.draw_rates(rng, sizes.shape, rate))
        return right, sizes - right

    def tally(self, rng: np.random.Generator, runs: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
        """counts (runs, 6) and second (runs, 6, 6) of relevant items found (tp) with expected share `rate`, or missed (fn)."""
        if self.sizes == "one":
            right = rng.binomial(self.clusters, rate, size=runs)
            return of_independent(tp=right, fn=self.clusters - right)
        right, wrong = self.draw(rng, runs, rate)
        return tallies(tp=right, fn=wrong)

    def draw_rates(self, rng: np.random.Generator, shape: tuple[int, ...], rate: float) -> np.ndarray:
        """Each cluster's own rate, with mean `rate` and the design's correlation."""
        if self.whole == 0 or rate in {0.0, 1.0}:
            return np.full(shape, rate)
        if self.whole == 1:
            return (rng.random(shape) < rate).astype(np.float64)
        spread = 1 / self.whole - 1
        return rng.beta(rate * spread, (1 - rate) * spread, size=shape)


def tallies(**outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """counts (runs, 6) and second (runs, 6, 6) from the clusters' counts (runs, clusters) of the named outcomes."""
    shape = next(iter(outcomes.values())).shape
    cells = np.zeros((*shape, len(OUTCOMES)))
    for name, numbers in outcomes.items():
        cells[..., OUTCOMES.index(name)] = numbers
    return cells.sum(axis=1), np.matmul(cells.transpose(0, 2, 1), cells)


def of_independent(**outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same as `tallies` from total counts (runs,) of independent items."""
    counts = np.zeros((len(next(iter(outcomes.values()))), len(OUTCOMES)))
    for name, numbers in outcomes.items():
        counts[:, OUTCOMES.index(name)] = numbers
    return counts, counts[:, :, None] * np.eye(len(OUTCOMES))


def beyond_target(wrong: np.ndarray) -> bool:
    """Whether the share of wrong runs is above the target beyond Monte-Carlo doubt."""
    return bool(clopper_pearson_lower(wrong.sum(), wrong.size, CERTAINTY) > TARGET)
