"""Weighted proportions from strata: R's point, exact bounds that hold in simulation, monotone in errors and level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.stratified import Strata, stratified_limits, stratified_ratio

STRATA = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 400), st.integers(1, 5000)), min_size=1, max_size=4)


def alone(totals: object, shares: object) -> Strata:
    sizes, parts = np.array(totals, dtype=float), np.array(shares, dtype=float)
    return Strata(totals=sizes, n_eff=sizes, shares=parts / parts.sum())


def arrays(strata: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, np.ndarray, Strata]:
    parts, rest, outside, population = (np.array(column, dtype=float) for column in zip(*strata, strict=True))
    return parts, rest, alone(np.maximum(parts + rest + outside, 1), population)


def test_points_are_those_of_r_s_survey_package() -> None:
    """svyratio with strata (oracle stratified_review_ratio): recall and precision of a two-phase review."""
    strata = alone([40, 40, 60], [200, 1000, 8800])
    assert float(stratified_ratio([30, 6, 0], [0, 0, 1], strata)) == pytest.approx(0.671641791, abs=1e-9)
    assert float(stratified_ratio([30, 6, 0], [10, 34, 0], strata)) == pytest.approx(0.25, abs=1e-9)


@given(STRATA)
def test_a_weight_of_two_is_a_row_counted_twice(strata: list[tuple[int, int, int, int]]) -> None:
    parts, rest, sample = arrays(strata)
    times = np.arange(1, len(parts) + 1)
    doubled = stratified_ratio(parts, rest, alone(sample.totals, sample.totals * times))
    by_hand = (parts * times).sum(), ((parts + rest) * times).sum()
    assert float(doubled) == pytest.approx(by_hand[0] / by_hand[1], nan_ok=True) if by_hand[1] else np.isnan(doubled)


@given(STRATA, st.floats(0.001, 0.3))
def test_the_point_lies_between_its_limits_and_a_stricter_level_is_wider(strata: list[tuple[int, int, int, int]], alpha: float) -> None:
    parts, rest, sample = arrays(strata)
    point = float(stratified_ratio(parts, rest, sample))
    lower, upper = (float(x) for x in stratified_limits(parts, rest, sample, alpha, whole=False))
    wider = [float(x) for x in stratified_limits(parts, rest, sample, alpha / 2, whole=False)]
    if np.isnan(point):
        assert np.isnan([lower, upper]).all()
    else:
        assert wider[0] <= lower <= point + 1e-12
        assert point - 1e-12 <= upper <= wider[1]


@given(STRATA, st.integers(0, 3))
def test_one_more_error_never_raises_the_lower_limit(strata: list[tuple[int, int, int, int]], at: int) -> None:
    parts, rest, sample = arrays(strata)
    h = at % len(parts)
    if parts[h] < 1:
        return
    worse, more = parts.copy(), rest.copy()
    worse[h], more[h] = worse[h] - 1, more[h] + 1
    before, after = (stratified_limits(p, r, sample, 0.05, whole=False) for p, r in ((parts, rest), (worse, more)))
    assert float(after[0]) <= float(before[0]) + 1e-12
    assert float(after[1]) <= float(before[1]) + 1e-12


def test_a_share_of_all_items_takes_one_bound_a_stratum() -> None:
    parts, totals, shares = np.array([18.0, 3.0]), np.array([20.0, 50.0]), np.array([0.3, 0.7])
    lower, upper = stratified_limits(parts, totals - parts, alone(totals, shares), 0.05, whole=True)
    assert float(lower) == pytest.approx(float(clopper_pearson_lower(parts, totals, 0.025) @ shares))
    assert float(upper) == pytest.approx(float(clopper_pearson_upper(parts, totals, 0.025) @ shares))


@pytest.mark.parametrize("sizes", [(60, 40, 60), (400, 100, 30)])
@pytest.mark.parametrize("rates", [(0.5, 0.05, 0.001), (0.3, 0.3, 0.3), (0.9, 0.02, 0.0005)])
@pytest.mark.parametrize("found", [(0.99, 0.9, 0.2), (0.95, 0.95, 0.95)])
def test_the_truth_is_seldom_outside(sizes: tuple[int, ...], rates: tuple[float, ...], found: tuple[float, ...]) -> None:
    """Recall from three strata: the least likely ones hold the misses. 5 % at the most each way, beyond noise."""
    rng, runs = np.random.default_rng(7), 4_000
    shares, relevant, caught = np.array([0.02, 0.08, 0.9]), np.array(rates), np.array(found)
    truth = (shares * relevant * caught).sum() / (shares * relevant).sum()
    cells = np.stack([relevant * caught, relevant * (1 - caught), 1 - relevant], axis=1)
    drawn = np.stack([rng.multinomial(n, p, runs) for n, p in zip(sizes, cells, strict=True)], axis=1)
    lower, upper = stratified_limits(drawn[..., 0], drawn[..., 1], alone(sizes, shares), 0.05, whole=False)
    seen = ~np.isnan(lower)
    most = binom.isf(1e-4, runs, 0.05)
    assert (lower[seen] > truth).sum() <= most
    assert (upper[seen] < truth).sum() <= most
