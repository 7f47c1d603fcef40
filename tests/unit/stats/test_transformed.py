"""Asymptotic limits on the logit and atanh scales."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evalharness.stats.transformed import Scale, transformed_limits


@pytest.mark.parametrize(
    ("scale", "link", "inverse"), [("logit", lambda v: np.log(v / (1 - v)), lambda x: 1 / (1 + np.exp(-x))), ("atanh", np.arctanh, np.tanh)]
)
def test_the_interval_is_symmetric_on_its_scale(scale: Scale, link, inverse) -> None:
    value, variance, step = 0.3, 0.004, 1e-6
    slope = (link(value + step) - link(value - step)) / (2 * step)
    half = stats.norm.isf(0.05) * slope * np.sqrt(variance)
    expected = inverse(link(value) - half), inverse(link(value) + half)
    assert [float(v) for v in transformed_limits(np.float64(value), np.float64(variance), 0.05, scale)] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("scale", "ends"), [("logit", (0.0, 1.0)), ("atanh", (-1.0, 1.0))])
def test_there_are_no_limits_at_an_end_or_without_variance(scale: Scale, ends: tuple[float, float]) -> None:
    values, variances = np.array([*ends, 0.5, np.nan, 0.5]), np.array([0.01, 0.01, 0.0, 0.01, np.nan])
    assert np.isnan(transformed_limits(values, variances, 0.05, scale)).all()


def test_most_stretches_the_scale() -> None:
    half = transformed_limits(np.float64(0.4), np.float64(0.01), 0.05, "logit")
    stretched = transformed_limits(np.float64(1.2), np.float64(0.09), 0.05, "logit", most=3)
    assert [3 * float(v) for v in half] == pytest.approx([float(v) for v in stretched])
