"""Distributions of single features: exact shares, whole-number weights, numbers that rise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from evalharness.benchmarks.families.ingredients.bell import REACH, SD
from evalharness.benchmarks.families.tabular.dials import Categorical, Numeric
from evalharness.benchmarks.families.tabular.distributions import Situation, lowest, numbers, shares, weights


def situation(left: str = "0", *, outcome: bool = False, more: str = "0", leaning: str = "0", toward: int = 0) -> Situation:
    return Situation(left=Fraction(left), outcome=outcome, more_missing=Fraction(more), leaning=Fraction(leaning), toward=toward)


@pytest.mark.parametrize("shift", [-3.0, -0.7, 0.0, 0.33, 1.0, 3.0])
@pytest.mark.parametrize("left", ["0", "1/3", "1"])
def test_a_number_moves_by_just_what_is_left_of_its_shift(shift: float, left: str) -> None:
    feature = Numeric(shift=shift)
    parts = shares(feature, situation(left, outcome=True))
    steps = lowest(feature) + np.arange(len(parts) - 1)
    mean = sum(float(share) * step for share, step in zip(parts[1:], steps.tolist(), strict=True))
    assert mean == pytest.approx(SD * shift * float(Fraction(left)), abs=1e-3), "the bell itself is off its middle by less"
    assert sum(parts) == 1
    assert parts[0] == 0


def test_missing_values_are_as_frequent_as_stated_and_more_in_a_group() -> None:
    feature = Numeric(shift=1.0, missing=0.1, missing_with_outcome=0.3)
    assert [shares(feature, situation(outcome=outcome, more=more))[0] for outcome, more in ((False, "0"), (True, "0"), (False, "1/2"))] == [
        Fraction(1, 10),
        Fraction(3, 10),
        Fraction(11, 20),
    ]
    assert shares(Numeric(shift=1.0), situation(more="1/2"))[0] == 0, "a feature that cannot be missing stays so"


@pytest.mark.parametrize("shift", [-3.0, 0.0, 2.9])
def test_weights_are_whole_numbers_of_which_no_value_has_none(shift: float) -> None:
    feature = Numeric(shift=shift, missing=0.05)
    for left in ("0", "1"):
        found = weights(shares(feature, situation(left)))
        assert found.sum() == 65_536
        assert found.min() >= 1
        assert len(found) == len(numbers(feature)) <= 256
    found = weights(shares(Numeric(shift=shift), situation()))
    assert found[0] == 0
    assert found.sum() == 65_536


def test_shown_numbers_rise_and_the_skewed_ones_stretch_upwards() -> None:
    plain, skewed = (numbers(Numeric(shift=1.0, scale=scale))[1:].astype(int) for scale in ("plain", "skewed"))
    assert plain.tolist() == list(range(-REACH, REACH + SD + 1))
    gaps = np.diff(skewed)
    assert gaps.min() >= 1
    assert (np.diff(gaps) >= -1).all()
    assert gaps[-1] > 3 * gaps[0]


def test_levels_mix_by_what_is_left_and_lean_to_the_proxy_s() -> None:
    feature = Categorical(levels={"p": 0.6, "q": 0.4}, with_outcome={"p": 0.2, "q": 0.8}, missing=0.5)
    assert shares(feature, situation("1/2", outcome=True)) == [Fraction(1, 2), Fraction(1, 5), Fraction(3, 10)]
    assert shares(feature, situation(leaning="1/2", toward=1)) == [Fraction(1, 2), Fraction(3, 20), Fraction(7, 20)]
