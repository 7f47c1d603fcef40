"""Bootstrap of cells: the distribution of a row bootstrap, seeded, and limits that count what is undefined."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.stats.cell_bootstrap import cell_replicates, percentile_limits


def test_replicates_have_the_size_asked_for_and_the_moments_of_resampled_rows() -> None:
    counts = np.array([[30, 10, 60], [0, 0, 0], [1, 0, 0]])
    drawn = cell_replicates(counts, np.array([100, 5, 3]), 20_000, 1)
    assert drawn.shape == (20_000, 3, 3)
    assert (drawn.sum(axis=2) == [100, 0, 3]).all()
    assert drawn[:, 0].mean(axis=0) == pytest.approx([30, 10, 60], abs=0.2)
    assert drawn[:, 0].var(axis=0) == pytest.approx([21, 9, 24], rel=0.05)
    rng = np.random.default_rng(2)
    rows = np.repeat([0, 1, 2], counts[0])
    of_rows = np.array([np.bincount(rng.choice(rows, 100), minlength=3) for _ in range(20_000)])
    assert np.corrcoef(drawn[:, 0].T) == pytest.approx(np.corrcoef(of_rows.T), abs=0.03)
    assert (cell_replicates(counts, np.array([100, 5, 3]), 50, 7) == cell_replicates(counts, np.array([100, 5, 3]), 50, 7)).all()


def test_limits_are_quantiles_of_what_is_defined() -> None:
    values = np.column_stack([np.arange(101.0), np.full(101, np.nan), np.r_[np.full(50, np.nan), np.arange(51.0)]])
    lower, upper, undefined = percentile_limits(values, 0.1)
    assert lower[[0, 2]] == pytest.approx([10, 5])
    assert upper[[0, 2]] == pytest.approx([90, 45])
    assert np.isnan([lower[1], upper[1]]).all()
    assert undefined.tolist() == [0, 101, 50]
