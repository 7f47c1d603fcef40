"""Learn-then-Test at a threshold: what a share and its clusters are at every threshold, and which thresholds hold a promise.

Angelopoulos, Bates, Candes, Jordan and Lei, Learn then Test (Annals of Applied Statistics 19 (2025) 1641-1662). The p-value of a threshold
is the least alpha at which the deciding bound of every target clears, so that a threshold is certified by the very bounds that judge a
requirement: Clopper and Pearson's at Kish's effective number, and those of `stats.uneven` where clusters are of unequal size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import one_more_of, weighted_lower, weighted_upper

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_MOST_KEYS = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharesAtThresholds:
    """A share at T thresholds; exact whole numbers. Of a fixed denominator, or of one that moves with the threshold."""

    part: Ints
    """[T] units that count."""
    part2: Ints
    """[T] sum over clusters of the squares of the units that count."""
    rest2: Ints
    """[T] likewise of the units that do not."""
    total: int | Ints
    """Units of the denominator; [T] where it moves."""
    clusters: int | Ints
    """Clusters with one of them; likewise."""
    total2: int | Ints
    """Sum over clusters of the squares of all units; likewise."""

    def turned(self) -> SharesAtThresholds:
        """Of the units that do not count."""
        return SharesAtThresholds(
            part=self.total - self.part, part2=self.rest2, rest2=self.part2, total=self.total, clusters=self.clusters, total2=self.total2
        )  # fmt: skip


def steps_of(scores: ArrayLike, thresholds: ArrayLike) -> NDArray[np.int32]:
    """[N] how many of the rising thresholds each score reaches: an item is selected at the first so many. 0 for NaN, which is no answer."""
    s, t = np.asarray(scores, dtype=np.float64), np.asarray(thresholds, dtype=np.float64)
    if t.ndim != 1 or not np.all(np.diff(t) > 0):
        raise ValueError("thresholds must rise")
    reached: NDArray[np.int32] = np.searchsorted(t, s, side="right").astype(np.int32)
    reached[np.isnan(s)] = 0
    return reached


def selected_at(reached: NDArray[np.int32], clusters: NDArray[np.int32] | None, thresholds: int) -> SharesAtThresholds:
    """The share of N units that is selected at each of T thresholds, exactly, in one sort.

    reached: [N] as `steps_of` gives it. clusters: [N] codes, 0 and up; None: every unit is its own. In a cluster sorted by falling
    `reached` the unit at place r (from 0) raises the square of the number selected from r^2 to (r+1)^2 as soon as it is selected.
    """
    total = len(reached)
    counts = np.bincount(reached, minlength=thresholds + 1)
    part = total - np.cumsum(counts)[:thresholds]
    if clusters is None:
        return SharesAtThresholds(part=part, part2=part, rest2=total - part, total=total, clusters=total, total2=total)
    if not total:
        nothing = np.zeros(thresholds, dtype=np.int64)
        return SharesAtThresholds(part=nothing, part2=nothing, rest2=nothing, total=0, clusters=0, total2=0)
    bins = thresholds + 1
    wide = (int(clusters.max()) + 1) * bins > _MOST_KEYS
    keys = (clusters.astype(np.int64) if wide else clusters.astype(np.int32)) * bins + (thresholds - reached)
    keys.sort()
    codes, falling = keys // bins, keys % bins
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    sizes = np.diff(np.append(starts, total))
    place = np.arange(total) - np.repeat(starts, sizes)
    back = np.repeat(sizes, sizes) - 1 - place
    gained = np.bincount(falling, weights=2 * place + 1, minlength=bins).astype(np.int64)
    kept = np.bincount(falling, weights=2 * back + 1, minlength=bins).astype(np.int64)
    at = thresholds - 1 - np.arange(thresholds)  # selected at threshold j: reached > j, which is falling <= thresholds - 1 - j
    part2 = np.cumsum(gained)[at]
    rest2 = (kept.sum() - np.cumsum(kept))[at]
    return SharesAtThresholds(
        part=part, part2=part2, rest2=rest2, total=total, clusters=len(starts), total2=int((sizes.astype(np.int64) ** 2).sum())
    )  # fmt: skip


def selected_of(
    kinds: tuple[NDArray[np.int32], NDArray[np.int32]],
    clusters: tuple[NDArray[np.int32], NDArray[np.int32]] | None,
    thresholds: int,
    *,
    aside: bool = False,
) -> SharesAtThresholds:
    """Units of the first kind among those of both kinds that are selected at each of T thresholds, or that are set aside.

    kinds, clusters: as in `selected_at`, of units of the first kind and of the others. The denominator moves with the threshold.
    """
    both = np.concatenate(kinds)
    codes = None if clusters is None else np.concatenate(clusters)
    every = selected_at(both, codes, thresholds)
    first, rest = (selected_at(kind, None if clusters is None else clusters[place], thresholds) for place, kind in enumerate(kinds))
    if aside:
        every, first, rest = every.turned(), first.turned(), rest.turned()
    return SharesAtThresholds(
        part=first.part, part2=first.part2, rest2=rest.part2, total=every.part, total2=every.part2,
        clusters=every.part if codes is None else _clusters_at(both, codes, thresholds, aside=aside),
    )  # fmt: skip


def _clusters_at(reached: NDArray[np.int32], clusters: NDArray[np.int32], thresholds: int, *, aside: bool) -> Ints:
    """[T] clusters with a unit that is selected at each threshold, or one that is not."""
    nothing = np.zeros(thresholds, dtype=np.int64)
    if not len(reached):
        return nothing
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order], prepend=-1))
    extreme = (np.minimum if aside else np.maximum).reduceat(reached[order], starts)
    counts = np.bincount(extreme, minlength=thresholds + 1)
    least = np.cumsum(counts)[:thresholds]  # clusters of which no unit, or not every one, is selected there
    return np.asarray(least if aside else len(starts) - least, dtype=np.int64)


def share_limits(of: SharesAtThresholds, alpha: float) -> tuple[Floats, Floats]:
    """[T] lower and upper limit of the share at each threshold, each at confidence 1 - alpha; NaN without a unit."""
    return share_limit(of, alpha, lower=True), share_limit(of, alpha, lower=False)


def share_limit(of: SharesAtThresholds, alpha: float, *, lower: bool) -> Floats:
    """[T] one of them: as `uneven.limits_by_size` has it, in half the time. NaN where there is no unit."""
    if not np.any(of.total):
        return np.full(len(of.part), np.nan)
    some = np.asarray(of.total) > 0
    total, total2 = np.where(some, of.total, 1), np.where(some, of.total2, 1)
    n = total.astype(np.float64) ** 2 / total2
    scale = (n / total) ** 2
    k = np.where(of.part == total, n, of.part / total * n)
    left, more = np.maximum(n - k, 0.0), one_more_of(of.clusters, n)
    hits, misses = of.part2 * scale, of.rest2 * scale
    if lower:
        by_size = np.minimum(weighted_lower(k, hits, n, more, alpha), 1 - weighted_upper(left, misses, n, more, alpha))
        return np.where(some, np.minimum(by_size, clopper_pearson_lower(k, n, alpha)), np.nan)
    by_size = np.maximum(weighted_upper(k, hits, n, more, alpha), 1 - weighted_lower(left, misses, n, more, alpha))
    return np.where(some, np.maximum(by_size, clopper_pearson_upper(k, n, alpha)), np.nan)


def margins(of: SharesAtThresholds, goal: float, *, at_least: bool) -> Floats:
    """[T] how far the share lies on the right side of a goal, in standard errors of a share at the goal; NaN without a unit."""
    some = np.asarray(of.total) > 0
    total, total2 = np.where(some, of.total, 1), np.where(some, of.total2, 1)
    spread = np.sqrt(np.maximum(goal * (1 - goal), 1 / total) * total2) / total
    return np.where(some, (of.part / total - goal) * (1 if at_least else -1) / spread, np.nan)


def until_first_failure(passes: NDArray[np.bool_]) -> int:
    """How many of a fixed sequence hold before the first that does not: testing in an order fixed beforehand needs no correction."""
    failing = np.flatnonzero(~passes)
    return int(failing[0]) if len(failing) else len(passes)
