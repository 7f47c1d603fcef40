"""Likelihoods of values: against sums over every true value and everything that can happen to it."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.benchmarks.families.case_linkage.frequencies import weights_of
from evalharness.benchmarks.families.case_linkage.likelihood import likelihood
from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32

VALUES = 8
WEIGHTS = np.array(weights_of(VALUES, 3), dtype=np.int64)
LIMITS = (np.array([[0.05, 0.15, 0.22], [0.3, 0.3, 0.4]]) * ONE_32).astype(np.uint64)
MOVED = np.array([0.0, 0.6])
FOUND = likelihood(WEIGHTS, LIMITS, MOVED)


def true_values(moved: float) -> np.ndarray:
    """[values] how often an entity has each, drawn by drawn."""
    found = np.zeros(VALUES)
    for drawn, share in enumerate(WEIGHTS / ONE_16):
        found[drawn] += share * (1 - moved)
        found[drawn | 2] += share * moved
    return found


def copies_of(value: int, channel: int) -> np.ndarray:
    """[values, then missing] chance of each in a record."""
    ends = LIMITS[channel] / ONE_32
    found = np.append((ends[1] - ends[0]) * WEIGHTS / ONE_16, ends[0])
    found[value ^ 1] += ends[2] - ends[1]
    found[value] += 1 - ends[2]
    return found


def test_frequencies_fall_with_the_rank_and_add_up() -> None:
    assert WEIGHTS.sum() == ONE_16
    assert (np.diff(WEIGHTS) < 0).all()
    assert WEIGHTS[0] / WEIGHTS[4] == pytest.approx(7 / 3, abs=0.01)


@pytest.mark.parametrize("channel", [0, 1])
def test_one_value_is_as_likely_as_all_that_leads_to_it(channel: int) -> None:
    expected = sum(share * copies_of(value, channel) for value, share in enumerate(true_values(MOVED[channel])))
    assert FOUND.one[:, channel] == pytest.approx(expected)
    assert FOUND.one[:, channel].sum() == pytest.approx(1)


@pytest.mark.parametrize("channel", [0, 1])
def test_two_values_go_together_through_the_true_one(channel: int) -> None:
    expected = sum(
        share * copies_of(value, channel)[:, None] * copies_of(value, channel)[None, :]
        for value, share in enumerate(true_values(MOVED[channel]))
    )
    assert FOUND.two[:, channel].reshape(VALUES + 1, VALUES + 1) == pytest.approx(expected)


def test_agreement_leaves_missing_values_out() -> None:
    both = FOUND.two.reshape(VALUES + 1, VALUES + 1, 2)
    assert FOUND.agree_of_one() == pytest.approx([np.trace(both[:VALUES, :VALUES, c]) for c in (0, 1)])
    assert FOUND.agree_of_two() == pytest.approx(FOUND.one[:VALUES].T @ FOUND.one[:VALUES])
