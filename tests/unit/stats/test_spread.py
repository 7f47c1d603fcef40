"""Quantiles of values spread over places, against a list of all places, and how often their limits hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.stats import spread as module
from evalharness.stats.spread import Spread, quantile

VALUES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 6), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 4)), max_size=12
)


def made(values: list[tuple[int, int, int, float, int]]) -> Spread:
    columns = [list(column) for column in zip(*values, strict=True)] if values else [[]] * 5
    start, step, count, weight, unit = columns
    return Spread(
        start=np.array(start, float), step=np.array(step, float), count=np.array(count, int), weight=np.array(weight, float),
        unit=np.array(unit, int),
    )  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(VALUES, st.sampled_from([0.1, 0.5, 0.95, 1.0]), st.booleans())
def test_a_quantile_is_that_of_all_places_listed(values: list[tuple[int, int, int, float, int]], share: float, search: bool) -> None:
    listed = sorted((start + k * step, weight / count) for start, step, count, weight, _ in values if weight for k in range(count))
    with pytest.MonkeyPatch.context() as patch:
        if search:
            patch.setattr(module, "_LISTED", 0)
        found = quantile(made(values), share, 0.05)
    if not listed:
        assert found.value is None
        return
    total = sum(weight for _, weight in listed)
    reached = np.cumsum([weight for _, weight in listed])
    assert found.value == pytest.approx(next(v for (v, _), r in zip(listed, reached, strict=True) if r >= share * total * (1 - 1e-12)))
    assert (found.lower, found.upper) == (None, None)
    assert found.units == len({unit for *_, weight, unit in values if weight})


def test_limits_need_twenty_units_and_a_variance() -> None:
    draw = np.random.default_rng(5)

    def limits(units: int, values: np.ndarray) -> tuple[float | None, float | None]:
        n = len(values)
        flat = Spread(
            start=values, step=np.zeros(n), count=np.ones(n, int), weight=np.ones(n), unit=np.arange(n) % units,
        )  # fmt: skip
        found = quantile(flat, 0.5, 0.05)
        return found.lower, found.upper

    values = draw.normal(size=400)
    assert limits(19, values) == (None, None)
    lower, upper = limits(20, values)
    assert lower is not None
    assert upper is not None
    assert lower < np.median(values) < upper
    assert limits(400, np.ones(400)) == (None, None)
    with pytest.raises(ValueError, match="share"):
        quantile(made([]), 0.0, 0.05)


def test_each_limit_of_a_median_holds_about_as_often_as_it_says() -> None:
    """Clusters of unequal size whose values hang together; the true median is 0. 600 runs: two standard errors are 1.8 %."""
    draw, beyond = np.random.default_rng(11), np.zeros(2)
    for _ in range(600):
        unit = np.repeat(np.arange(60), draw.integers(1, 6, 60))
        values = draw.normal(size=60)[unit] + draw.normal(size=len(unit))
        n = len(unit)
        found = quantile(Spread(start=values, step=np.zeros(n), count=np.ones(n, int), weight=np.ones(n), unit=unit), 0.5, 0.05)
        assert found.lower is not None
        assert found.upper is not None
        beyond += found.lower > 0, found.upper < 0
    assert (beyond / 600 < 0.08).all()
    assert (beyond / 600 > 0.02).all()
