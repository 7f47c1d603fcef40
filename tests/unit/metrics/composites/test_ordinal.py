"""Kappas and absolute errors of levels: gradients, slices, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.metrics.composites import kappa, macro_averaged_mean_absolute_error, mean_absolute_error
from evalharness.metrics.composites.ordinal import disagreement, ordinal_composites


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 5), st.integers(0, 10**6))
def test_gradients_are_those_of_small_steps(size: int, seed: int):
    """At counts that are no whole numbers: where two answers are equally bad for a kappa it has a kink, and no gradient."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 60, size * size + size) + rng.random(size * size + size)
    step = 1e-4
    for composite in ordinal_composites(size):
        _, gradient = composite.compute(counts)
        steps = [
            float(composite.compute(counts + move)[0] - composite.compute(counts - move)[0]) / (2 * step)
            for move in step * np.eye(len(counts))
        ]
        assert gradient.tolist() == pytest.approx(steps, abs=1e-6), composite.name


@pytest.mark.parametrize("size", [2, 3, 9])
def test_a_whole_table_of_slices_is_computed_as_each_of_them(size: int):
    table = np.random.default_rng(size).integers(0, 4, (50, size * size + size)).astype(np.float64)
    table[0] = 0
    for composite in ordinal_composites(size):
        with np.errstate(all="raise"):
            values, gradients = composite.compute(table)
        for row, value, gradient in zip(table, values, gradients, strict=True):
            alone = composite.compute(row)
            assert value == pytest.approx(float(alone[0]), abs=1e-12, nan_ok=True)
            assert gradient.tolist() == pytest.approx(alone[1].tolist(), abs=1e-12)


def test_weights_are_distances_between_levels():
    assert disagreement(3, 0).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert disagreement(3, 2).tolist() == [[0, 1, 4], [1, 0, 1], [4, 1, 0]]


def test_with_two_levels_all_kappas_are_one():
    counts = np.array([40.0, 7, 9, 30, 2, 5])
    found = [kappa(counts, 2, power) for power in (0, 1, 2)]
    assert len({round(float(value), 12) for value, _ in found}) == 1
    assert found[0][1].tolist() == pytest.approx(found[2][1].tolist())


def test_everything_at_one_level_has_no_kappa_and_no_error():
    counts = np.array([30.0, *[0] * 11])
    assert np.isnan(kappa(counts, 3, 2)[0])
    assert float(mean_absolute_error(counts, 3)[0]) == 0.0
    assert float(macro_averaged_mean_absolute_error(counts, 3)[0]) == 0.0


def test_a_refusal_among_items_of_one_level_gives_a_kappa_of_0_as_any_wrong_answer_would():
    counts = np.array([30.0, *[0] * 8, 1, 0, 0])
    assert float(kappa(counts, 3, 2)[0]) == pytest.approx(0.0)


def test_refused_items_are_as_far_off_as_their_level_allows():
    refused = np.zeros(20)
    refused[16:] = [1, 1, 1, 1]
    assert float(mean_absolute_error(refused, 4)[0]) == (3 + 2 + 2 + 3) / 4
    refused[16:] = [9, 1, 0, 0]
    assert float(macro_averaged_mean_absolute_error(refused, 4)[0]) == (3 + 2) / 2


def test_an_error_of_a_rare_level_weighs_as_much_as_one_of_a_common_level_in_the_macro_average():
    counts = np.zeros(12)
    counts[0], counts[8], counts[6] = 98, 1, 1
    assert float(mean_absolute_error(counts, 3)[0]) == pytest.approx(0.02)
    assert float(macro_averaged_mean_absolute_error(counts, 3)[0]) == pytest.approx(0.5)
