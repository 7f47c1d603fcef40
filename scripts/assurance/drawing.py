"""Items in clusters, thousands of runs at once: counts and the sums of products over clusters that the bounds need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]

_CELLS_AT_A_TIME = 3_000_000
_FEW = 30
"""Where one cluster in ten is large, one sample in twenty of about so many holds none of the large ones (0.9^28 = .052)."""
_POOL = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """R runs, O outcomes."""

    counts: Floats
    """[R, O]."""
    second: Floats | None
    """[R, O, O]: sum over clusters of outer(n, n); null where items are independent."""
    clusters: Floats | None
    """[R, D]: clusters with a part above zero in each denominator asked for; null likewise."""
    everything: Floats | None = None
    """[R]: clusters with an item; null likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How items fall into clusters."""

    clusters: int
    sizes: str = "one"
    """`one` (independent items), `equal`, `near` (1 + Poisson), `geometric`, `lognormal`, `two` (one in ten is 20 times as large),
    `pareto 2.5`, `pareto 1.5` (tails without a third, or a second, moment), `rare` (one in 40 is five times as large), `rarer` (one in 100
    is ten times as large)."""
    mean: int = 8
    correlation: float = 0.0
    """0: items of a cluster are independent; 1: all items of a cluster have one outcome; between: Dirichlet-multinomial."""
    growth: str = ""
    """Whole clusters are missed, the chance growing with their size: `root`, `linear`, `square`, `step` (only the largest tenth),
    `largest` (only those of the largest size)."""
    bad: tuple[int, ...] = ()
    """With `growth`, the outcomes whose chance grows; empty: the last that has a share."""
    classes: tuple[tuple[int, ...], ...] = ()
    """With `growth`, the outcomes of each true class. The size of a cluster tells nothing of its class. Empty: one class of all."""
    fate: str = ""
    """With `classes`: empty, each cluster is of one class; `alike`, clusters hold items of all, which are missed together; `opposite`,
    the second class is spared where the first is missed, as far as their rates allow."""

    @property
    def words(self) -> str:
        """For the table."""
        if self.sizes == "one":
            return "independent"
        inside = {0.0: "independent inside", 1.0: "one outcome each"}.get(self.correlation, f"correlation {self.correlation:g}")
        return f"{self.sizes} clusters, " + (f"missed whole, {self.growth} in size" if self.growth else inside)

    def hides(self, clusters: float) -> bool:
        """Whether a sample of so many may well hold none of the large clusters while those are missed more often: nobody can see that."""
        return bool(self.growth) and (self.sizes.startswith("pareto") or (self.sizes == "two" and clusters < _FEW))

    def can_miss(self, share: float) -> bool:
        """Whether the largest tenth holds so large a share of the items, where only they are to be missed."""
        return self.growth != "step" or share <= _largest(self.pool())[1]

    @property
    def effect(self) -> float:
        """True design effect of a proportion: 1 + (size-weighted mean size - 1) x correlation."""
        pool = self.pool().astype(np.float64)
        return 1.0 if self.sizes == "one" else 1 + (float((pool**2).sum() / pool.sum()) - 1) * self.correlation

    def pool(self) -> NDArray[np.int64]:
        """All cluster sizes that there are: runs draw from these, so what is true of them is known exactly."""
        rng = np.random.default_rng([77, self.mean])
        shapes = {
            "one": lambda: np.ones(_POOL),
            "equal": lambda: np.full(_POOL, self.mean),
            "near": lambda: 1 + rng.poisson(self.mean - 1, _POOL),
            "geometric": lambda: rng.geometric(1 / self.mean, _POOL),
            "lognormal": lambda: np.maximum(1, np.round(self.mean * np.exp(rng.normal(-0.72, 1.2, _POOL)))),
            "pareto 2.5": lambda: np.round(self.mean * (rng.pareto(2.5, _POOL) + 1) / 2),
            "pareto 1.5": lambda: np.round(self.mean * (rng.pareto(1.5, _POOL) + 1) / 2),
            "rare": lambda: np.where(np.arange(_POOL) < _POOL / 40, 5 * self.mean, self.mean),
            "rarer": lambda: np.where(np.arange(_POOL) < _POOL / 100, 10 * self.mean, self.mean),
            "two": lambda: np.where(np.arange(_POOL) < _POOL / 10, 5 * self.mean, max(1, self.mean // 4)),
        }
        return np.asarray(shapes[self.sizes](), dtype=np.int64)

    def draw(self, rng: np.random.Generator, runs: int, shares: Floats, denominators: Floats) -> Drawn:
        """`shares` [O] are the expected shares of items with each outcome."""
        if self.sizes == "one":
            return Drawn(counts=rng.multinomial(self.clusters, shares, size=runs).astype(np.float64), second=None, clusters=None)
        step = max(1, _CELLS_AT_A_TIME // (self.clusters * len(shares)))
        parts = [self._part(rng, min(step, runs - at), shares, denominators) for at in range(0, runs, step)]
        return Drawn(
            counts=np.concatenate([part.counts for part in parts]),
            second=np.concatenate([part.second for part in parts if part.second is not None]),
            clusters=np.concatenate([part.clusters for part in parts if part.clusters is not None]),
            everything=np.full(runs, float(self.clusters)),
        )

    def _part(self, rng: np.random.Generator, runs: int, shares: Floats, denominators: Floats) -> Drawn:
        used = np.flatnonzero(shares > 0)
        pool = self.pool()
        sizes = pool[rng.integers(len(pool), size=(runs, self.clusters))]
        inside = self._grown(rng, sizes, shares)[..., used] if self.growth else self._outcomes(rng, sizes, shares[used])
        cells = inside.astype(np.float64)
        counts, second = np.zeros((runs, len(shares))), np.zeros((runs, len(shares), len(shares)))
        counts[:, used] = cells.sum(axis=1)
        second[:, used[:, None], used[None, :]] = np.matmul(cells.transpose(0, 2, 1), cells)
        inside_denominators = (cells @ denominators[:, used].T > 0).sum(axis=1)
        return Drawn(counts=counts, second=second, clusters=inside_denominators.astype(np.float64))

    def _grown(self, rng: np.random.Generator, sizes: NDArray[np.int64], shares: Floats) -> NDArray[np.int64]:
        """[..., O] of clusters of these sizes: in each class all right, or all wrong with a chance that grows with the cluster's size."""
        cells = np.zeros((*sizes.shape, len(shares)), dtype=np.int64)
        classes = self.classes or (tuple(range(len(shares))),)
        bad = self.bad or (int(np.flatnonzero(shares > 0)[-1]),)
        parts = self._by_class(rng, sizes, np.array([shares[list(members)].sum() for members in classes]))
        fate = rng.random(sizes.shape)
        for place, (members, part) in enumerate(zip(classes, parts, strict=True)):
            some = [k for k in members if shares[k] > 0]
            wrong = [k for k in some if k in bad]
            if wrong:
                chance = chances(self.pool(), self.growth, float(shares[wrong].sum() / shares[some].sum()))(sizes)
                missed = (1 - fate if place and self.fate == "opposite" else fate) < chance
            else:
                missed = np.zeros(sizes.shape, dtype=bool)
            _one_outcome(rng, cells, (wrong, np.where(missed, part, 0)), shares)
            _one_outcome(rng, cells, ([k for k in some if k not in bad], np.where(missed, 0, part)), shares)
        return cells

    def _by_class(self, rng: np.random.Generator, sizes: NDArray[np.int64], shares: Floats) -> list[NDArray[np.int64]]:
        """Items of each class in every cluster."""
        if len(shares) == 1:
            return [sizes]
        if not self.fate:
            chosen = np.searchsorted(np.cumsum(shares)[:-1], rng.random(sizes.shape), side="right")
            return [np.where(chosen == place, sizes, 0) for place in range(len(shares))]
        parts = rng.multinomial(sizes, shares / shares.sum())
        return [parts[..., place] for place in range(len(shares))]

    def _outcomes(self, rng: np.random.Generator, sizes: NDArray[np.int64], shares: Floats) -> NDArray[np.int64]:
        """[..., used outcomes] of clusters of these sizes."""
        if self.correlation == 1:
            chosen = np.searchsorted(np.cumsum(shares)[:-1], rng.random(sizes.shape), side="right")
            return np.asarray(sizes[..., None] * (chosen[..., None] == np.arange(len(shares))))
        parts = np.zeros((*sizes.shape, len(shares)), dtype=np.int64)
        left, after = sizes.copy(), 1.0
        spread = 0.0 if self.correlation == 0 else 1 / self.correlation - 1
        for at, share in enumerate(shares[:-1]):
            chance = np.full(sizes.shape, min(share / after, 1.0)) if not spread else _beta(rng, share, after - share, spread, sizes.shape)
            parts[..., at] = rng.binomial(left, chance)
            left, after = left - parts[..., at], after - share
        parts[..., -1] = left
        return parts


def _one_outcome(
    rng: np.random.Generator, cells: NDArray[np.int64], items: tuple[list[int], NDArray[np.int64]], shares: Floats
) -> None:  # fmt: skip
    """Gives the items of each cluster to one of the outcomes, drawn by their shares."""
    among, part = items
    if len(among) == 1:
        cells[..., among[0]] = part
    elif among:
        chosen = np.searchsorted(np.cumsum(shares[among] / shares[among].sum())[:-1], rng.random(part.shape), side="right")
        for place, outcome in enumerate(among):
            cells[..., outcome] = np.where(chosen == place, part, 0)


def _beta(rng: np.random.Generator, share: float, rest: float, spread: float, shape: tuple[int, ...]) -> Floats:
    """The next part of a Dirichlet vector, as a share of what is left (stick breaking)."""
    return np.ones(shape) if rest <= 1e-12 else rng.beta(share * spread, rest * spread, size=shape)


_GROWTH = {
    "root": lambda sizes, a: np.minimum(1.0, a * np.sqrt(sizes)),
    "linear": lambda sizes, a: np.minimum(1.0, a * sizes),
    "square": lambda sizes, a: np.minimum(1.0, a * sizes * sizes),
}


def chances(pool: NDArray[np.int64], growth: str, missed: float) -> Callable[[NDArray[np.int64]], Floats]:
    """Chance that a cluster of a size is missed, so that `missed` of the items of `pool` are expected to be."""
    sizes = pool.astype(np.float64)
    if growth in {"step", "largest"}:
        large, held = _largest(pool, 0.9 if growth == "step" else 1.0)
        rate = missed / held
        if rate > 1:
            raise ValueError("the largest clusters hold fewer items than are to be missed")
        return lambda some: np.where(some >= large, rate, 0.0)
    shape = _GROWTH[growth]
    a = float(optimize.brentq(lambda x: float((sizes * shape(sizes, x)).sum() / sizes.sum()) - missed, 1e-12, 10.0, xtol=1e-15))
    return lambda some: shape(some.astype(np.float64), a)


def _largest(pool: NDArray[np.int64], quantile: float = 0.9) -> tuple[float, float]:
    """The least size of the largest tenth, and their share of all items."""
    sizes = pool.astype(np.float64)
    large = float(np.quantile(sizes, quantile))
    return large, float(sizes[sizes >= large].sum() / sizes.sum())


def batches(runs: int, step: int) -> Iterator[int]:
    """Sizes of the parts of `runs`."""
    for at in range(0, runs, step):
        yield min(step, runs - at)
