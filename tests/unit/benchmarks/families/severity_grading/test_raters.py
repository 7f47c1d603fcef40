"""People who grade: what they say, what follows, and its exact chance."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from severity_recipe import dials

from evalharness.benchmarks.families.severity_grading import raters
from evalharness.benchmarks.families.severity_grading.dials import Rater

MADE = dials(**{"harms.label_noise.size": 0.1, "harms.annotator_bias.size": 0.2, "raters.far": 0.1})
RATER = Rater(easy=0.1, hard=0.3)


def table(**flags: bool) -> np.ndarray:
    return np.array(raters.confusion(RATER, MADE, **{"hard": False, "noisy": False, "biased": False, **flags})) / 65_536


def test_wrong_grades_are_near_more_often_than_far_and_rows_add_up() -> None:
    found = table()
    assert found.sum(axis=1) == pytest.approx(1, abs=0)
    assert np.diag(found) == pytest.approx(0.9, abs=1e-4)
    assert found[0] == pytest.approx([0.9, 0.09, 0.005, 0.005], abs=1e-4)
    assert found[1] == pytest.approx([0.045, 0.9, 0.045, 0.01], abs=1e-4)
    assert found[3] == pytest.approx([0.005, 0.005, 0.09, 0.9], abs=1e-4)


def test_hard_items_and_noisy_groups_are_graded_wrongly_more_often() -> None:
    assert np.diag(table(hard=True)) == pytest.approx(0.7, abs=1e-4)
    assert np.diag(table(noisy=True)) == pytest.approx(0.9 * 0.9, abs=1e-4)


def test_bias_puts_grades_one_rank_lower() -> None:
    plain, biased = table(), table(biased=True)
    for clean in range(4):
        assert biased[clean, 3] == pytest.approx(0.8 * plain[clean, 3], abs=1e-4)
        assert biased[clean, 1] == pytest.approx(0.8 * plain[clean, 1] + 0.2 * plain[clean, 2], abs=1e-4)
        assert biased[clean, 0] == pytest.approx(plain[clean, 0] + 0.2 * plain[clean, 1], abs=1e-4)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ((0, 0, 3), 0),
        ((1, 3, 1), 1),
        ((0, 1, 2), 2),
        ((0, 3), 3),
        ((2, 2), 2),
        ((0, 0, 1, 1, 3), 1),
        ((3, 0, 0, 0, 3), 0),
        ((0, 1, 1, 0), 1),
    ],
)
def test_the_label_is_the_most_frequent_grade_and_the_gravest_of_equals(said: tuple[int, ...], label: int) -> None:
    assert raters.together(np.array(said, dtype=np.uint8)[:, None]).tolist() == [label]


def test_the_chance_of_a_label_is_that_of_all_grades_that_lead_to_it() -> None:
    rows = [raters.confusion(Rater(easy=e, hard=0.3), MADE, hard=False, noisy=False, biased=False)[2] for e in (0.05, 0.1, 0.3)]
    expected = [Fraction(0)] * 4
    for said in product(range(4), repeat=3):
        label = max(range(4), key=lambda g, said=said: (said.count(g), g))
        expected[label] += Fraction(rows[0][said[0]], 65_536) * Fraction(rows[1][said[1]], 65_536) * Fraction(rows[2][said[2]], 65_536)
    assert sum(expected) == 1
    assert raters.label_chances(rows) == [float(v) for v in expected]


def test_draws_become_grades_as_often_as_the_table_says() -> None:
    row = raters.confusion(RATER, MADE, hard=True, noisy=False, biased=True)[1]
    ends = np.cumsum(row)[:3].astype(np.uint16).reshape(1, 3, 1)
    found = raters.said(ends, np.zeros(65_536, dtype=np.int64), np.arange(65_536, dtype=np.uint16)[None, :])
    assert np.bincount(found[0], minlength=4).tolist() == list(row)
