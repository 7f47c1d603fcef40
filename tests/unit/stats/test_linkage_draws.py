"""Drawn entities by group, against records that are copied one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.stats.linkage import bcubed, merge_distance, overlap
from evalharness.stats.linkage_draws import EntityDraws
from evalharness.stats.linkage_resampling import resampled_agreement


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12), st.integers(0, 10**6))
def test_groups_and_steps_are_those_of_records_that_are_copied(records: list[tuple[int, int]], seed: int) -> None:
    """Record by record: a copy of an entity is another entity, with its own piece of any predicted cluster that it has to itself."""
    true, predicted = (np.unique(column, return_inverse=True)[1] for column in zip(*records, strict=True))
    cells = overlap(true, predicted)
    count = len(cells.true_sizes)
    draw = np.random.default_rng(seed)
    times, member = draw.integers(0, 3, (1, count)), np.stack([np.ones(count), draw.integers(0, 2, count)], axis=1)
    draws = EntityDraws(cells, member)
    precision, recall = draws.bcubed(times.astype(float))
    copies = [(t, p, k) for t, p in zip(true.tolist(), predicted.tolist(), strict=True) for k in range(times[0, t])]
    for g in range(2):
        pure, whole = [], []
        for t, p, k in copies:
            if member[t, g]:
                near = [(u, j) for u, q, j in copies if q == p and (u, j) == (t, k)]
                others = [u for u, q, _ in copies if q == p and u != t]
                pure.append(len(near) / (len(near) + len(others)))
                whole.append(len(near) / sum((u, j) == (t, k) for u, _, j in copies))
        assert precision[0, g] == pytest.approx(np.mean(pure) if pure else np.nan, nan_ok=True)
        assert recall[0, g] == pytest.approx(np.mean(whole) if whole else np.nan, nan_ok=True)
    splits, merges = draws.steps(times.astype(float))
    together = {p: {(t, k) for t, q, k in copies if q == p} for p in set(predicted.tolist())}
    assert splits[0] == sum(len(found) - 1 for found in together.values() if len({t for t, _ in found}) > 1)
    assert merges[0] == sum(len({q for u, q, j in copies if (u, j) == each}) - 1 for each in {(t, k) for t, _, k in copies})
    ones = np.ones((1, count))
    distance = merge_distance(cells)
    assert tuple(float(x[0]) for x in draws.steps(ones)) == (distance.splits, distance.merges)
    assert draws.bcubed(ones)[0][0, 0] == pytest.approx(bcubed(cells).precision)
    everybody = resampled_agreement(cells, times)
    assert precision[0, 0] == pytest.approx(everybody.bcubed_precision[0], nan_ok=True)
    assert recall[0, 0] == pytest.approx(everybody.bcubed_recall[0], nan_ok=True)


def test_parts_of_an_entity_are_drawn_together() -> None:
    cells = overlap([0, 0, 1, 2, 2], [0, 0, 0, 1, 2])  # true clusters 0 and 1 are parts of entity 0
    draws = EntityDraws(cells, np.ones((2, 1)), entity_of=[0, 0, 1])
    precision, recall = draws.bcubed(np.array([[1.0, 1], [0, 1]]))
    assert precision[:, 0].tolist() == pytest.approx([(4 / 3 + 1 / 3 + 2) / 5, 1.0])
    assert recall[:, 0].tolist() == pytest.approx([(2 + 1 + 1) / 5, 0.5])
    with pytest.raises(ValueError, match="entities"):
        EntityDraws(cells, np.ones((2, 1)), entity_of=[0, 1])
