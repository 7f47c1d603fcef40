"""How often a gap to everybody is bounded wrongly: at most 5 %, given the groups' parts of the denominator and with parts drawn anew.

As `test_wrongful_met_of_gaps`: 1,500 seeded runs a cell through `metrics.everyone_else`.
"""

from __future__ import annotations

import numpy as np
import pytest
from simulated_tallies import Design, beyond_target

from evalharness.metrics.everyone_else import Against, against, differences_from_rest, differences_to_overall, ratios_to_overall

RUNS = 1500
LAYOUTS = {
    "two of 50": [50, 50],
    "30 and 1,000": [30, 1000],
    "1,000 and 8": [1000, 8],
    "five of 20 to 400": [60, 400, 100, 20, 250],
    "nineteen of 40": [40] * 19,
}
TRUTHS = [(0.95, 0.9), (0.9, 0.95), (1.0, 0.95), (0.7, 0.6), (0.5, 0.2), (0.02, 0.05), (0.9, 0.9), (0.99, 0.8)]


def held(parts: np.ndarray, totals: np.ndarray, squares: np.ndarray | None = None, *, spanned: bool = False) -> Against:
    """Parts and totals (runs, G) with everybody in front; squares (runs, 1 + G) where items hang together."""
    x, n = (np.concatenate([v.sum(axis=1, keepdims=True), v], axis=1) for v in (parts, totals))
    return against(x, n, n if squares is None else squares, np.arange(1, n.shape[1]), 0, spanned=spanned)


def wrong(of: Against, gap: np.ndarray | float, share: np.ndarray | float) -> dict[str, np.ndarray]:
    difference, ratio = differences_to_overall(of, 0.05), ratios_to_overall(of, 0.05)
    return {
        "difference_met": difference.upper < gap - 1e-12,
        "difference_not_met": difference.lower > gap + 1e-12,
        "ratio_met": ratio.lower > share + 1e-12,
        "ratio_not_met": ratio.upper < share - 1e-12,
    }


def truth(rate: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """max |p_g - p|, and the smallest of p_g / p and p / p_g."""
    overall = float((rate * weights).sum() / weights.sum())
    shares = rate / overall
    return float(np.abs(rate - overall).max()), float(np.minimum(shares, 1 / shares).min())


def rates_of(first: float, other: float, groups: int) -> np.ndarray:
    return np.array([first] + [other] * (groups - 1))


@pytest.mark.parametrize("who", LAYOUTS)
@pytest.mark.parametrize(("first", "other"), TRUTHS)
def test_a_gap_to_everybody_is_rarely_bounded_wrongly(who: str, first: float, other: float, request: pytest.FixtureRequest):
    rng = np.random.default_rng([301, list(LAYOUTS).index(who), TRUTHS.index((first, other))])
    sizes = np.array(LAYOUTS[who])
    rate = rates_of(first, other, len(sizes))
    for parts in ("given", "drawn"):
        totals = np.tile(sizes, (RUNS, 1)) if parts == "given" else rng.multinomial(sizes.sum(), sizes / sizes.sum(), size=RUNS)
        for name, found in wrong(held(rng.binomial(totals, rate), totals), *truth(rate, sizes)).items():
            request.node.user_properties.append((f"wrongful_{name}_{parts}", float(found.mean())))
            assert not beyond_target(found), (name, parts)


@pytest.mark.parametrize("design", [Design(40, "equal", 8, 1.0), Design(80, "geometric", 8, 1.0), Design(150, "lognormal", 8, 0.2)])
@pytest.mark.parametrize(("first", "other"), TRUTHS[:4])
def test_clusters_of_one_group_each_are_allowed_for(design: Design, first: float, other: float):
    rng = np.random.default_rng([302, design.clusters, TRUTHS.index((first, other))])
    drawn = [design.draw(rng, RUNS, rate) for rate in (first, other, other)]
    right = np.stack([r.sum(axis=1) for r, _ in drawn], axis=1)
    totals = np.stack([(r + w).sum(axis=1) for r, w in drawn], axis=1)
    squares = np.stack([((r + w) ** 2).sum(axis=1) for r, w in drawn], axis=1)
    of = held(right, totals, np.concatenate([squares.sum(axis=1, keepdims=True), squares], axis=1))
    gaps, shares = zip(*(truth(np.array([first, other, other]), row) for row in totals), strict=True)
    for name, found in wrong(of, np.array(gaps), np.array(shares)).items():
        assert not beyond_target(found), name


@pytest.mark.parametrize(("first", "other"), [(0.55, 0.45), (0.30, 0.20), (0.85, 0.75)])
def test_clusters_that_are_shared_are_allowed_for(first: float, other: float):
    """One item of each of two groups in every cluster, as negatively correlated as two rates allow."""
    clusters = 400
    both, neither = max(0.0, first + other - 1), max(0.0, 1 - first - other)
    cells = np.random.default_rng([303, round(100 * first)]).multinomial(clusters, [both, first - both, other - both, neither], size=RUNS)
    right = np.stack([cells[:, 0] + cells[:, 1], cells[:, 0] + cells[:, 2]], axis=1)
    totals = np.full(right.shape, clusters)
    squares = np.tile([4.0 * clusters, clusters, clusters], (RUNS, 1))
    of = held(right, totals, squares, spanned=True)
    for name, found in wrong(of, *truth(np.array([first, other]), np.array([1, 1]))).items():
        assert not beyond_target(found), name


def _cells(design: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Right, totals, squares (runs, cells) of 24 equal cells with everybody in front; and whether clusters are shared."""
    if design == "independent":
        totals = np.tile(rng.integers(5, 200, size=24), (RUNS, 1))
        right, squares = rng.binomial(totals, 0.93), totals
        return _with_everybody(right), _with_everybody(totals), _with_everybody(squares), False
    if design == "clusters of one cell":
        drawn = [Design(int(m), "geometric", 5, 1.0).draw(rng, RUNS, 0.93) for m in rng.integers(8, 60, size=24)]
        right = np.stack([r.sum(axis=1) for r, _ in drawn], axis=1)
        totals = np.stack([(r + w).sum(axis=1) for r, w in drawn], axis=1)
        squares = np.stack([((r + w) ** 2).sum(axis=1) for r, w in drawn], axis=1)
        return _with_everybody(right), _with_everybody(totals), _with_everybody(squares), False
    clusters = 80  # each missed whole, with one item in four cells next to one another
    found = rng.random((RUNS, clusters)) < 0.93
    at = (rng.integers(0, 24, size=clusters)[:, None] + np.arange(4)) % 24
    member = np.zeros((clusters, 24))
    np.add.at(member, (np.repeat(np.arange(clusters), 4), at.ravel()), 1)
    right, totals = found @ member, np.tile(member.sum(axis=0), (RUNS, 1))
    squares = np.concatenate([np.full((RUNS, 1), 16.0 * clusters), np.tile((member**2).sum(axis=0), (RUNS, 1))], axis=1)
    return _with_everybody(right), _with_everybody(totals), squares, True


def _with_everybody(cells: np.ndarray) -> np.ndarray:
    return np.concatenate([cells.sum(axis=1, keepdims=True), cells], axis=1)


@pytest.mark.parametrize("design", ["independent", "clusters of one cell", "shared clusters"])
def test_of_equal_cells_the_worst_rarely_stands_out(design: str, request: pytest.FixtureRequest):
    """Holm's first step over all cells, as `metrics.worst_cells` takes it: in all cells together at most 5 % of runs."""
    right, totals, squares, spanned = _cells(design, np.random.default_rng([305, len(design)]))
    of = against(right, totals, squares, np.arange(1, 25), 0, spanned=spanned)
    _, upper = differences_from_rest(of, 0.05 / 24)
    alarms = (upper < 0).any(axis=1)
    request.node.user_properties.append(("wrongful_worst_cell", float(alarms.mean())))
    assert not beyond_target(alarms)


def test_equal_groups_rarely_show_a_gap_and_a_true_one_is_found():
    rng = np.random.default_rng(304)
    equal = np.full((RUNS, 19), 200)
    assert not beyond_target(differences_to_overall(held(rng.binomial(equal, 0.9), equal), 0.05).lower > 0)
    far = np.full((RUNS, 2), 400)
    assert (differences_to_overall(held(rng.binomial(far, [0.95, 0.75]), far), 0.05).lower > 0.05).mean() > 0.8
    near = np.full((RUNS, 2), 2000)
    assert (differences_to_overall(held(rng.binomial(near, 0.95), near), 0.05).upper <= 0.015).mean() > 0.8
