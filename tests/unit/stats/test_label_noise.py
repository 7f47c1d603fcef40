"""Recall against imperfect labels: the number of the literature, and labels that are really flipped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalharness.stats.label_noise import Table, measured_recall, true_recall

RATE = st.floats(0.01, 0.99)


def test_one_in_a_hundred_false_labels_halve_the_recall_at_one_percent():
    table = Table(positive=0.01, selected_positive=0.0095, selected_negative=0.99 * 0.02)
    assert measured_recall(table, 1.0, 0.99) == pytest.approx(0.487, abs=0.0005)


def test_it_is_what_flipping_labels_gives():
    rng = np.random.default_rng(2)
    true = rng.random(400_000) < 0.1
    selected = np.where(true, rng.random(true.size) < 0.9, rng.random(true.size) < 0.05)
    labelled = np.where(true, rng.random(true.size) < 0.8, rng.random(true.size) < 0.03)
    table = Table(positive=0.1, selected_positive=0.09, selected_negative=0.9 * 0.05)
    assert measured_recall(table, 0.8, 0.97) == pytest.approx(float(selected[labelled].mean()), abs=0.006)


@given(RATE, RATE, RATE, st.floats(0.55, 1), st.floats(0.55, 1))
def test_taking_the_noise_off_again_gives_back_the_recall(pi: float, recall: float, alarms: float, se: float, sp: float):
    found, wrong = pi * recall, (1 - pi) * alarms
    table = Table(positive=pi, selected_positive=found, selected_negative=wrong)
    labelled = pi * se + (1 - pi) * (1 - sp)
    measured = Table(
        positive=labelled,
        selected_positive=found * se + wrong * (1 - sp),
        selected_negative=found * (1 - se) + wrong * sp,
    )
    assert measured_recall(table, se, sp) == pytest.approx(measured.selected_positive / labelled)
    back = true_recall(measured, se, sp)
    assume(back is not None)  # at the very edge a rounding error is outside
    assert back == pytest.approx(recall, rel=1e-6)


def test_labels_that_cannot_have_given_the_counts_have_no_recall():
    measured = Table(positive=0.005, selected_positive=0.005, selected_negative=0.1)
    assert true_recall(measured, 1.0, 0.99) is None, "more false labels than labels"
    assert true_recall(measured, 0.4, 0.6) is None, "labels by lot"
    assert measured_recall(Table(positive=0.0, selected_positive=0.0, selected_negative=0.2), 1.0, 1.0) is None
