"""Plans of earlier evidence over clusters of unequal size: new ones are taken to be exactly as those at hand, so `needed` is short.

Evidence that was made by them follows from its tallies by them; nothing is planned by them today.
"""

from __future__ import annotations

from scipy import special

from evalharness.stats.planning_clusters import Clusters, three

_CLOSE = 1e-4


def earlier_needed_for_misses(
    missed: float, allowed: float, alpha: float, power: float, clusters: Clusters, *, most: float
) -> float | None:  # fmt: skip
    """Fewest effective units with that power, to one in ten thousand from above; None where more than `most` would be needed.

    For each number of misses the fewest units that clear, and the first of these with enough power.
    """

    least = _fewest(0.0, allowed, alpha, clusters)  # at strict levels more than for a miss of less than a cluster

    def tried(misses: float) -> tuple[float, float, bool]:
        units = max(least, _fewest(misses, allowed, alpha, clusters))
        return misses, units, _at_most(misses, units, missed) >= power

    low, high = tried(0.0), tried(1.0)
    if low[2]:
        return low[1]
    while not high[2]:
        if not high[1] <= most:
            return None
        low, high = high, tried(2 * high[0])
    while high[1] - low[1] > max(_CLOSE * high[1], 1 / 4):
        middle = tried((low[0] + high[0]) / 2)
        low, high = (low, middle) if middle[2] else (middle, high)
    return high[1]


def _at_most(misses: float, n: float, rate: float) -> float:
    """Chance of at most so many misses: clusters of unequal size add up to more than whole numbers, so half-way between two of them.

    That of Binomial(n, rate), continued, at `misses` - 1/2.
    """
    return float(special.betainc(n - misses + 0.5, misses + 0.5, 1.0 - rate)) if misses < n else 1.0


def _fewest(misses: float, allowed: float, alpha: float, clusters: Clusters) -> float:
    """Real n at which `misses` misses are just few enough."""
    return misses + max(float(special.btdtria(alpha, a, 1.0 - allowed)) / scale for a, scale in three(misses, clusters))
