"""Means over days against the delta method written out, and why an interval is missing."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from evalharness.metrics.ranked_limits import mean_of_days, median_of
from evalharness.stats.spread import Spread

Z = NormalDist().inv_cdf(0.95)


def test_a_mean_has_the_limits_of_its_scale() -> None:
    values = np.random.default_rng(3).beta(4, 2, 50)
    mean, error = values.mean(), values.std(ddof=1) / math.sqrt(50)
    logit = mean_of_days("ndcg", values, scale="logit", level=0.95)
    half = Z * error / (mean * (1 - mean))
    centre = math.log(mean / (1 - mean))
    assert (logit.value, logit.lower, logit.upper) == pytest.approx(
        (mean, 1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre)))
    )
    log = mean_of_days("rank_of_first_find", values, scale="log", level=0.95)
    assert (log.lower, log.upper) == pytest.approx((mean * math.exp(-Z * error / mean), mean * math.exp(Z * error / mean)))
    less = mean_of_days("work_saved_95", values, scale="logit", level=0.95, less=0.05)
    assert (less.value, less.lower) == pytest.approx((mean - 0.05, (logit.lower or 0) - 0.05))
    assert (logit.n, logit.clusters, logit.reason, logit.decides) == (50, 50, "", False)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.zeros(0), "no day with a relevant lead"),
        (np.full(19, 0.5) + np.arange(19) / 100, "fewer than 20 days"),
        (np.full(30, 0.5), "days do not differ"),
        (np.ones(30), "days do not differ"),
        (np.zeros(30), "days do not differ"),
    ],
)
def test_what_is_missing_is_explained(values: np.ndarray, reason: str) -> None:
    for scale in ("log", "logit"):
        found = mean_of_days("ndcg", values, scale=scale, level=0.95)  # type: ignore[arg-type]
        assert (found.lower, found.upper) == (None, None)
        assert reason in found.reason


def test_a_quantile_beyond_the_last_place_has_no_upper_limit() -> None:
    values = np.arange(30.0)
    spread = Spread(start=values, step=np.zeros(30), count=np.ones(30, int), weight=np.ones(30), unit=np.arange(30))
    found = median_of("budget_for_95", (), spread, share=0.93, scale=2.0, level=0.95, what="relevant leads")
    assert found.value == 13.5
    assert found.upper is None
    assert found.lower is not None
    assert found.lower < 13.5
    assert "beyond all that was seen" in found.reason
    hidden = median_of("median_wait", (), spread, share=0.5, scale=1.0, level=0.95, what="relevant leads", reason="not stated")
    assert (hidden.value, hidden.lower, hidden.upper, hidden.reason) == (None, None, None, "not stated")
