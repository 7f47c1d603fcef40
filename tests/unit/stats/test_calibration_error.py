"""Expected calibration error and what it would be by chance."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from evalharness.stats.calibration_error import calibration_error


def by_enumeration(scores: list[float], bin_of: list[int]) -> tuple[float, float]:
    """Mean and standard deviation of ECE over all outcomes, each item positive with its score as chance."""
    mean = square = 0.0
    for outcome in product([0, 1], repeat=len(scores)):
        chance = math.prod(s if y else 1 - s for s, y in zip(scores, outcome, strict=True))
        gaps = dict.fromkeys(bin_of, 0.0)
        for s, y, b in zip(scores, outcome, bin_of, strict=True):
            gaps[b] += y - s
        error = sum(abs(gap) for gap in gaps.values()) / len(scores)
        mean += chance * error
        square += chance * error**2
    return mean, math.sqrt(max(square - mean**2, 0))


@pytest.mark.parametrize("scores", [[0.5], [0.05, 0.2, 0.3, 0.35, 0.6, 0.61, 0.62, 0.9, 1.0], [0.0, 1.0], [0.25, 0.5, 0.5, 0.75, 0.9999]])
def test_the_null_reference_is_that_of_all_outcomes(scores: list[float]) -> None:
    distinct, items = np.unique(scores, return_counts=True)
    found = calibration_error(distinct, items, np.zeros(len(distinct)), bins=4)
    assert found is not None
    expected = by_enumeration(scores, [min(int(4 * s), 3) for s in scores])
    assert [found.expected_if_calibrated, found.deviation_if_calibrated] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("rate", [0.004, 0.03, 0.5])
def test_many_items_have_the_reference_that_simulation_gives(rate: float) -> None:
    rng = np.random.default_rng(6)
    scores = np.sort(rng.beta(2, 2 / rate - 2, 3000))
    drawn = rng.random((4000, 3000)) < scores
    bins = np.minimum((scores * 10).astype(int), 9)
    gaps = np.stack([np.abs((drawn - scores)[:, bins == b].sum(axis=1)) for b in np.unique(bins)])
    errors = gaps.sum(axis=0) / 3000
    found = calibration_error(scores, drawn[0], ~drawn[0], bins=10)
    assert found is not None
    assert found.expected_if_calibrated == pytest.approx(errors.mean(), abs=4 * errors.std() / math.sqrt(4000))
    assert found.deviation_if_calibrated == pytest.approx(errors.std(), rel=0.06)
    assert found.value == pytest.approx(errors[0])


def test_both_ways_of_the_reference_meet_where_one_takes_over() -> None:
    below, above = (calibration_error([0.5], [n], [0], bins=1) for n in (99, 101))
    assert below is not None
    assert above is not None
    # mean absolute deviation of a fair binomial of odd n: n C(n - 1, (n - 1)/2) / 2^n
    for n, found in ((99, below), (101, above)):
        assert found.expected_if_calibrated == pytest.approx(math.comb(n - 1, (n - 1) // 2) / 2**n, rel=1e-5)


def test_bins_of_equal_mass_keep_a_score_together() -> None:
    found = calibration_error([0.1, 0.2, 0.3, 0.4], [0, 0, 0, 6], [2, 2, 2, 0], bins=2, binning="equal_mass")
    assert found is not None
    assert (found.binning, found.bins, found.used) == ("equal_mass", 2, 2)
    assert found.value == pytest.approx((1.2 + 3.6) / 12)


def test_scores_on_an_edge_go_up_and_the_last_bin_is_closed() -> None:
    found = calibration_error([0.5, 1.0], [0, 1], [1, 0], bins=2)
    assert found is not None
    assert found.used == 1
    assert found.value == pytest.approx(0.25)


def test_nothing_counted_has_no_error() -> None:
    assert calibration_error([0.5], [0], [0]) is None
    assert calibration_error([], [], []) is None


def test_no_bins_and_no_probabilities_are_refused() -> None:
    for scores, bins in (([0.5], 0), ([1.5], 3), ([math.nan], 3)):
        with pytest.raises(ValueError, match="at least one bin"):
            calibration_error(scores, [1], [1], bins=bins)
