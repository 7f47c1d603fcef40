"""How much larger a sample must be before a share at a stated prevalence would clear its goal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evalharness.stats.planning import LIMIT, POWER
from evalharness.stats.planning_clusters import Clusters
from evalharness.stats.planning_gaps import DRAWS, FEW_DRAWS, drawn_limits, order
from evalharness.stats.search import smallest_drawn

Floats = NDArray[np.float64]
Pair = tuple[float, float]
Two = tuple[Clusters | None, Clusters | None]
Clear = Callable[[tuple[Floats, Floats], tuple[Floats, Floats]], NDArray[np.bool_]]
"""Whether the goal is cleared (draws,), from the lower and the upper limits of both rates."""


def power_of_classes(
    rates: Pair, sizes: Pair, alpha: float, clear: Clear, *, draws: int = DRAWS, clusters: Two = (None, None)
) -> float:  # fmt: skip
    """Probability that limits of two independent rates, of classes of `sizes` independent units (rounded), clear a goal.

    By a Latin hypercube of `draws` from a fixed seed, as in `planning_gaps.power_of_gap`; so are `clusters`, of each class.
    """
    ((_, a_low, a_high),), ((_, b_low, b_high),) = (
        drawn_limits(rates[k], sizes[k], (alpha,), order(k, draws), clusters[k]) for k in (0, 1)
    )
    return float(clear((a_low, b_low), (a_high, b_high)).mean())


def needed_for_classes(
    rates: Pair, sizes: Pair, alpha: float, clear: Clear, *, power: float = POWER, clusters: Two = (None, None)
) -> float | None:  # fmt: skip
    """Factor by which the effective `sizes` of both classes must be multiplied to clear the goal with probability `power`.

    To one per cent, from above. None where a class would need more than LIMIT units. The caller knows that the truth clears the goal.
    """

    def enough(factor: float, draws: int) -> bool:
        larger = sizes[0] * factor, sizes[1] * factor
        return power_of_classes(rates, larger, alpha, clear, draws=draws, clusters=clusters) >= power

    return smallest_drawn(enough, 1.0, 1.0 / max(sizes), LIMIT / max(sizes), FEW_DRAWS, DRAWS)
