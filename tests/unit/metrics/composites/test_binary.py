"""F-beta, Youden's J and kappa of items that are relevant or not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.metrics.composites import balanced_accuracy, cohen_kappa, fbeta, youden
from evalharness.metrics.composites.binary import BINARY_COMPOSITES
from evalharness.stats.transformed import transformed_limits

filled = st.lists(st.integers(1, 200), min_size=6, max_size=6)


def numerically(compute: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], counts: np.ndarray, step: float = 1e-4) -> list[float]:
    """The gradient by central differences."""
    moves = step * np.eye(len(counts))
    return [float(compute(counts + move)[0] - compute(counts - move)[0]) / (2 * step) for move in moves]


@pytest.mark.parametrize("composite", BINARY_COMPOSITES, ids=lambda composite: composite.name)
@given(filled)
def test_gradients_are_those_of_small_steps(composite, counts: list[int]):
    numbers = np.array(counts, dtype=np.float64)
    value, gradient = composite.compute(numbers)
    assert np.isfinite(value)
    assert gradient.tolist() == pytest.approx(numerically(composite.compute, numbers), abs=1e-6)


@pytest.mark.parametrize("composite", BINARY_COMPOSITES, ids=lambda composite: composite.name)
def test_a_whole_table_of_slices_is_computed_as_each_of_them(composite):
    table = np.random.default_rng(1).integers(0, 9, (40, 6)).astype(np.float64)
    values, gradients = composite.compute(table)
    for row, value, gradient in zip(table, values, gradients, strict=True):
        alone = composite.compute(row)
        assert np.array_equal([value], [alone[0]], equal_nan=True)
        assert np.array_equal(gradient, alone[1])


@pytest.mark.parametrize("composite", BINARY_COMPOSITES, ids=lambda composite: composite.name)
def test_nothing_to_count_is_undefined_and_never_a_division_by_zero(composite):
    for counts in ([0] * 6, [0, 0, 0, 9, 0, 0]):
        with np.errstate(all="raise"):
            value, gradient = composite.compute(np.array(counts, dtype=np.float64))
        assert np.isnan(value)
        assert np.isfinite(gradient).all()


@given(filled)
def test_youden_s_interval_is_that_of_balanced_accuracy_stretched(counts: list[int]):
    """J = 2 BA - 1, and atanh(J) is half of logit(BA): the two describe the same interval."""
    numbers = np.array(counts, dtype=np.float64)
    limits = []
    for compute, scale in ((balanced_accuracy, "logit"), (youden, "atanh")):
        value, gradient = compute(numbers)
        limits.append(np.array(transformed_limits(value, gradient**2 @ numbers, 0.05, scale)))
    assert (2 * limits[0] - 1).tolist() == pytest.approx(limits[1].tolist(), abs=1e-9)


@given(filled)
def test_f_beta_lies_between_precision_and_recall_and_nears_recall_as_beta_grows(counts: list[int]):
    numbers = np.array(counts, dtype=np.float64)
    recall = counts[0] / (counts[0] + counts[2] + counts[4])
    precision = counts[0] / (counts[0] + counts[1] + counts[5])
    found = [float(fbeta(numbers, beta)[0]) for beta in (0.0, 0.5, 1.0, 2.0, 1e4)]
    assert found == pytest.approx(sorted(found, reverse=precision > recall))
    assert (found[0], found[-1]) == (pytest.approx(precision), pytest.approx(recall, abs=1e-6))


@given(filled, st.sampled_from([4, 5]))
def test_refusing_an_item_is_no_better_than_answering_it_wrongly(counts: list[int], refused: int):
    wrong = np.array(counts, dtype=np.float64)
    unanswered = wrong.copy()
    unanswered[refused] += 1
    wrong[{4: 2, 5: 1}[refused]] += 1
    for composite in BINARY_COMPOSITES:
        assert float(composite.compute(unanswered)[0]) == pytest.approx(float(composite.compute(wrong)[0]))


def test_kappa_by_hand():
    assert float(cohen_kappa(np.array([20.0, 5, 10, 15, 0, 0]))[0]) == pytest.approx((0.7 - 0.5) / 0.5)
