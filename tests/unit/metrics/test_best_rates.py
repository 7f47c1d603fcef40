"""Rates of a model without error have the limits that such a run would have."""

from __future__ import annotations

import numpy as np
import pytest
from tallies_by_hand import clustered

from evalharness.metrics.arrays import limits, rates
from evalharness.metrics.best_rates import best_rates

RECALL = ([[1, 0, 0, 0, 0, 0]], [[1, 0, 1, 0, 1, 0]])


@pytest.mark.parametrize("hits", [True, False])
@pytest.mark.parametrize("by_size", [True, False])
def test_they_are_bounded_as_a_run_without_error_is(hits: bool, by_size: bool):
    some = clustered([[size * (i > 2), 0, size * (i <= 2), 0, 0, 0] for i, size in enumerate((1, 9, 2, 5, 3, 3))])
    every = clustered([[size * hits, 0, size * (not hits), 0, 0, 0] for size in (1, 9, 2, 5, 3, 3)])
    clusters = np.array([[6]]) if by_size else None
    best, run = (rates(tally.counts, tally.second, *RECALL, clusters) for tally in (some, every))
    made = best_rates(best, hits=hits)
    np.testing.assert_allclose(limits(made, 0.05), limits(run, 0.05))
    assert made.value.item() == float(hits)
    assert (made.uneven is not None) == by_size
