"""Exactly how often the deciding bound of a gap is wrong, with the truth at the goal: every sample of two groups, weighed by its chance.

No cell may lie above alpha, neither for *met* nor for *not met*. Plain MOVER, by which the first evidence was judged, does not pass.
A thinned part of the search of docs/decisions/0030.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from evalharness.metrics.arrays import Rates, differences, ratios
from evalharness.stats.gap_rules import ADMISSIBLE, EARLIEST, GapRule, greatest_difference
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

SIZES = [(1, 1), (2, 1), (5, 5), (4, 40), (40, 4), (20, 60), (60, 20), (50, 200)]
RATES = [1.0, 0.9996, 0.995, 0.98, 0.93, 0.8, 0.5, 0.2, 0.07, 0.02, 0.005, 0.0]
LARGE = [((449, 1446), (0.9996, 0.6959)), ((174, 745), (0.99613, 0.10871)), ((70, 1000), (0.995, 0.8)), ((1000, 1000), (0.94, 0.01))]
DUST = 1e-11


def everything(first: int, second: int) -> Rates:
    """All samples of two groups; ((first + 1) (second + 1), 2)."""
    counts = np.stack(np.meshgrid(np.arange(first + 1.0), np.arange(second + 1.0), indexing="ij"), axis=-1).reshape(-1, 2)
    sizes = np.broadcast_to([float(first), float(second)], counts.shape)
    return Rates(value=counts / sizes, total=sizes, n_eff=sizes, successes=counts)


@cache
def chance(n: int, rate: float) -> np.ndarray:
    return np.asarray(stats.binom.pmf(np.arange(n + 1), n, rate))


@cache
def bounds(sizes: tuple[int, int], alpha: float, rule: GapRule) -> list[np.ndarray]:
    """Upper and lower bounds of the difference, lower and upper of the ratio; (first + 1, second + 1) each."""
    of = everything(*sizes)
    far, near = differences(of, alpha, rule=rule), ratios(of, alpha, rule=rule)
    found = far.upper, far.lower, np.nan_to_num(near.lower, nan=-1.0), np.nan_to_num(near.upper, nan=2.0)
    return [bound.reshape(sizes[0] + 1, sizes[1] + 1) for bound in found]


def wrong(sizes: tuple[int, int], truth: tuple[float, float], alpha: float, rule: GapRule) -> dict[str, float]:
    upper, lower, least, greatest = bounds(sizes, alpha, rule)
    gap, part = max(truth) - min(truth), min(truth) / max(truth)
    one, other = (chance(n, p) for n, p in zip(sizes, truth, strict=True))
    regions = {
        "difference met": upper <= gap + DUST if gap < 1 else np.zeros_like(upper),  # no gap is above 1
        "difference not met": lower > gap + DUST,
        "ratio met": least >= part - DUST if part > 0 else np.zeros_like(least),
        "ratio not met": greatest < part - DUST,
    }
    return {name: float(one @ region.astype(np.float64) @ other) for name, region in regions.items()}


@pytest.mark.parametrize("alpha", [0.05, 0.0304, 0.01])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_no_cell_lies_above_alpha(sizes: tuple[int, int], alpha: float):
    for high, low in combinations(RATES, 2):
        for truth in ((high, low), (low, high)):
            for name, share in wrong(sizes, truth, alpha, ADMISSIBLE).items():
                assert share <= alpha, (name, truth, share)


def wrongly_met(sizes: tuple[int, int], truth: tuple[float, float], alpha: float, rule: GapRule) -> float:
    """Of the ordered pair alone, from a table of the limits of each count."""
    sides = []
    for n in sizes:
        k = np.arange(n + 1.0)
        sides.append([(k / n, clopper_pearson_lower(k, n, a), clopper_pearson_upper(k, n, a)) for a in rule.alphas(alpha)])
    one, other = [[v[:, None] for v in three] for three in sides[0]], [[v[None] for v in three] for three in sides[1]]
    met = greatest_difference(one, other) <= truth[0] - truth[1] + DUST
    return float(chance(sizes[0], truth[0]) @ met.astype(np.float64) @ chance(sizes[1], truth[1]))


@pytest.mark.parametrize(("sizes", "truth"), LARGE, ids=str)
def test_no_cell_of_large_groups_lies_above_alpha(sizes: tuple[int, int], truth: tuple[float, float]):
    assert wrongly_met(sizes, truth, 0.05, ADMISSIBLE) <= 0.05


@pytest.mark.parametrize(
    ("sizes", "truth", "alpha", "share"),
    [
        ((50, 300), (0.995, 0.96), 0.05, 0.0534),
        ((70, 1000), (0.995, 0.8), 0.05, 0.0551),
        ((8, 8), (0.97, 0.05), 0.05, 0.0782),
        ((8, 200), (0.98, 0.5), 0.01, 0.0209),
        ((4, 4), (0.93, 0.07), 0.01, 0.0654),
    ],
)
def test_plain_mover_lies_above_alpha(sizes: tuple[int, int], truth: tuple[float, float], alpha: float, share: float):
    assert wrongly_met(sizes, truth, alpha, EARLIEST) == pytest.approx(share, abs=0.0002)
    assert wrongly_met(sizes, truth, alpha, ADMISSIBLE) <= alpha


def test_plain_mover_does_not_pass_what_is_asked_of_every_cell():
    assert max(max(wrong((50, 200), truth, 0.05, EARLIEST).values()) for truth in combinations(RATES, 2)) > 0.053


def test_nearly_as_much_is_shown_as_by_plain_mover():
    """Two equal groups of 200 at .93, goal .10: the price is less than three in a hundred runs."""
    one = chance(200, 0.93)
    shown = [float(one @ (bounds((200, 200), 0.05, rule)[0] <= 0.1).astype(np.float64) @ one) for rule in (EARLIEST, ADMISSIBLE)]
    assert shown[0] - 0.03 < shown[1] <= shown[0]
