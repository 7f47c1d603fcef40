"""Every threshold, net benefit, and figures at a stated prevalence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.stats.operating_curve import (
    PREVALENCE_SHIFT_ASSUMPTION,
    decision_curve,
    net_benefit,
    operating_curve,
    predictive_value,
    selected_share,
)
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

COUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=9)


def limits(k: int, n: int) -> tuple[float, float, float]:
    return k / n, float(clopper_pearson_lower(k, n, 0.05)), float(clopper_pearson_upper(k, n, 0.05))


@given(COUNTS)
def test_misses_rise_and_workload_falls_with_the_threshold(counts: list[tuple[int, int]]) -> None:
    positive, negative = np.array(counts).T
    curve = operating_curve(np.arange(len(counts)), positive, negative)
    assert (np.diff(curve.fn) >= 0).all()
    assert (curve.tp + curve.fn == positive.sum()).all()
    assert (curve.fp + curve.tn == negative.sum()).all()
    assert (curve.tp[-1], curve.fp[-1], curve.thresholds[-1]) == (0, 0, math.inf)
    if positive.sum() + negative.sum():
        assert (np.diff(curve.workload) <= 0).all()
        assert (curve.workload[0], curve.workload[-1]) == (1, 0)
    else:
        assert np.isnan(curve.workload).all()


def test_replicates_run_along_the_first_axes() -> None:
    positive, negative = np.random.default_rng(1).integers(0, 5, (2, 3, 4))
    curve = operating_curve([1, 2, 3, 4], positive, negative)
    assert curve.tp.shape == (3, 5)
    assert curve.fn[1].tolist() == operating_curve([1, 2, 3, 4], positive[1], negative[1]).fn.tolist()


def test_scores_out_of_order_are_refused() -> None:
    for function in (operating_curve, lambda *a: decision_curve(*a, [0.1])):
        with pytest.raises(ValueError, match="rising"):
            function([1.0, 1.0], [1, 1], [1, 1])


@given(COUNTS, st.floats(0.01, 0.99))
def test_net_benefit_is_vickers_and_elkin_s(counts: list[tuple[int, int]], at: float) -> None:
    positive, negative = np.array(counts).T
    scores = (np.arange(len(counts)) + 1) / 10
    curve = decision_curve(scores, positive, negative, [at])
    ones, zeros = int(positive.sum()), int(negative.sum())
    if not (ones and zeros):
        assert np.isnan(curve.model).all()
        return
    chosen = scores >= at
    price = at / (1 - at)
    n = ones + zeros
    assert float(curve.model[0]) == pytest.approx(positive[chosen].sum() / n - negative[chosen].sum() / n * price)
    assert float(curve.everybody[0]) == pytest.approx(ones / n - zeros / n * price)


def test_a_stated_prevalence_weighs_the_classes_anew() -> None:
    found = decision_curve([0.2, 0.8], [1, 3], [9, 1], [0.5], prevalence=0.01)
    assert float(found.model[0]) == pytest.approx(0.01 * 0.75 - 0.99 * 0.1)
    assert float(net_benefit(1, 1, 0.3, 0.3)) == pytest.approx(0)


@pytest.mark.parametrize("odds", [0.0, 1.0, -0.5, math.nan])
def test_no_price_of_a_false_alarm_gives_no_net_benefit(odds: float) -> None:
    assert math.isnan(net_benefit(0.9, 0.1, 0.1, odds))


def test_predictive_value_at_the_sample_s_own_prevalence_is_its_precision() -> None:
    value, lower, upper = predictive_value(*limits(90, 100), *limits(30, 900), 0.1)
    assert float(value) == pytest.approx(90 / 120)
    assert 0 < float(lower) < float(value) < float(upper) < 1


def test_predictive_value_rises_with_prevalence_and_so_do_its_limits() -> None:
    prevalence = np.array([0.001, 0.01, 0.1, 0.5])
    for part in predictive_value(*limits(90, 100), *limits(30, 900), prevalence):
        assert (np.diff(part) > 0).all()


def test_a_rate_that_may_be_0_leaves_the_limit_at_0_or_1() -> None:
    value, lower, upper = (float(x) for x in predictive_value(*limits(5, 10), *limits(0, 50), 0.1))
    assert (value, upper) == (1, 1)
    assert 0 < lower < 1
    value, lower, upper = (float(x) for x in predictive_value(*limits(0, 10), *limits(5, 50), 0.1))
    assert (value, lower) == (0, 0)
    assert 0 < upper < 1


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -0.1, math.nan])
def test_no_prevalence_and_nothing_selected_give_no_predictive_value(prevalence: float) -> None:
    assert np.isnan(predictive_value(*limits(9, 10), *limits(1, 10), prevalence)).all()
    assert np.isnan(predictive_value(0, 0, 0.3, 0, 0, 0.1, 0.2)).all()
    assert np.isnan(predictive_value(0.9, math.nan, math.nan, 0.1, 0.05, 0.2, 0.2)[1:]).all()


def test_the_limits_of_predictive_value_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    recall, alarms, prevalence, runs = 0.85, 0.04, 0.02, 4000
    tp, fp = rng.binomial(60, recall, runs), rng.binomial(500, alarms, runs)
    both = [(k / n, clopper_pearson_lower(k, n, 0.05), clopper_pearson_upper(k, n, 0.05)) for k, n in ((tp, 60), (fp, 500))]
    truth = prevalence * recall / (prevalence * recall + (1 - prevalence) * alarms)
    _, lower, upper = predictive_value(*both[0], *both[1], prevalence)
    assert np.mean(lower <= truth) >= 0.95
    assert np.mean(truth <= upper) >= 0.95
    _, lower, upper = selected_share(*both[0], *both[1], prevalence)
    assert np.mean(lower <= prevalence * recall + (1 - prevalence) * alarms) >= 0.95


def test_the_share_selected_adds_up_both_classes() -> None:
    value, lower, upper = (float(x) for x in selected_share(0.9, 0.8, 0.95, 0.1, 0.06, 0.15, 0.2))
    assert value == pytest.approx(0.26)
    assert lower == pytest.approx(0.26 - math.hypot(0.2 * 0.1, 0.8 * 0.04))
    assert upper == pytest.approx(0.26 + math.hypot(0.2 * 0.05, 0.8 * 0.05))


def test_the_assumption_is_stated_in_words() -> None:
    assert "only the share of positives differs" in PREVALENCE_SHIFT_ASSUMPTION
