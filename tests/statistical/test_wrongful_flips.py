"""How often a model whose decisions change more than a policy allows is said to meet the limit, where changes come in whole clusters."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.catalogue import copy_metrics
from evalharness.metrics.arrays import limits, rates

RUNS, ALPHA = 4_000, 0.05
OF = copy_metrics("binary")


def _wrongful(goal: float, clusters: int, most: int, *, whole: bool, metric: str) -> float:
    """Share of runs in which the upper bound reaches the goal, with the truth exactly there. Sizes 1 to `most`, equally likely."""
    rng = np.random.default_rng(11)
    outcomes = len(OF.outcomes)
    changed, same = OF.outcomes.index("set_aside_relevant"), OF.outcomes.index("same_relevant")
    sizes = rng.integers(1, most + 1, (RUNS, clusters))
    flips = sizes * (rng.random(sizes.shape) < goal) if whole else rng.binomial(sizes, goal)
    by_cluster = np.zeros((RUNS, clusters, outcomes))
    by_cluster[..., changed], by_cluster[..., same] = flips, sizes - flips
    weights = OF.metrics[metric]
    second = np.einsum("rci,rcj->rij", by_cluster, by_cluster)
    of = rates(by_cluster.sum(axis=1), second, np.array([weights.numerator]), np.array([weights.denominator]))
    return float((limits(of, ALPHA)[1] <= goal).mean())


@pytest.mark.parametrize("metric", ["flip_rate", "newly_missed_rate"])
@pytest.mark.parametrize("goal", [0.02, 0.05, 0.2])
@pytest.mark.parametrize(("clusters", "most"), [(60, 1), (60, 5), (400, 5)])
@pytest.mark.parametrize("whole", [True, False])
def test_a_limit_is_met_wrongly_in_at_most_one_run_of_twenty(metric: str, goal: float, clusters: int, most: int, whole: bool) -> None:
    assert _wrongful(goal, clusters, most, whole=whole, metric=metric) <= ALPHA


def test_the_limit_can_be_met_at_all() -> None:
    """Else it would never be met wrongly either."""
    assert _wrongful(0.05, 400, 1, whole=True, metric="flip_rate") > 0.02
