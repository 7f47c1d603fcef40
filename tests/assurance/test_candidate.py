"""The bound that might take the place of Kish's: what is claimed of it in decision 26."""

from __future__ import annotations

import numpy as np
import pytest
from assurance.candidate import limits, lower_bound, upper_bound
from assurance.drawing import Design, Drawn
from assurance.running import run_scene, scenes
from hypothesis import given
from hypothesis import strategies as st

from evalharness.catalogue import METRICS
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

RECALL = METRICS["recall"]


@pytest.mark.parametrize("size", [1.0, 8.0])
@pytest.mark.parametrize("found", [0, 1, 20, 39, 40])
def test_with_equal_clusters_found_whole_it_is_clopper_pearsons(found: int, size: float):
    y = np.array([found * size])
    args = y, y * size, np.array([40 * size]), np.array([size]), 0.05
    assert upper_bound(*args)[0] == pytest.approx(float(clopper_pearson_upper(found, 40, 0.05)))
    assert lower_bound(*args)[0] == pytest.approx(float(clopper_pearson_lower(found, 40, 0.05)))


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), min_size=2, max_size=30), st.integers(0, 29))
def test_one_more_miss_never_raises_a_bound(clusters: list[tuple[int, int]], which: int):
    sizes = np.array([size for size, _ in clusters])
    missed = np.array([min(size, miss) for size, miss in clusters])
    place = which % len(clusters)
    more = missed.copy()
    more[place] = min(sizes[place], more[place] + 1)
    before, after = (limits(drawn(sizes, some), RECALL, 0, 0.05) for some in (missed, more))
    assert before is not None
    assert after is not None
    for old, new in zip(before, after, strict=True):
        assert new[0] <= old[0] + 1e-9


def drawn(sizes: np.ndarray, missed: np.ndarray) -> Drawn:
    cells = np.zeros((len(sizes), 6))
    cells[:, 0], cells[:, 2] = sizes - missed, missed
    return Drawn(counts=cells.sum(axis=0)[None], second=(cells.T @ cells)[None], clusters=np.array([[len(sizes)]], dtype=float))


def test_it_is_not_for_independent_items():
    found = Design(clusters=5).draw(
        np.random.default_rng(1), 3, np.array([1.0, 0, 0, 0, 0, 0]), np.array([RECALL.denominator], dtype=float)
    )
    assert limits(found, RECALL, 0, 0.05) is None


def test_it_keeps_the_promise_where_kish_breaks_it():
    wanted = {"kind": "growing", "clusters": 400, "sizes": "lognormal", "growth": "linear", "goal": 0.95}
    (scene,) = [s for s in scenes(["proportion"]) if s.parameters == wanted]
    (cell,) = run_scene(scene, 1000, 3)[0]
    assert cell.met is not None
    assert cell.met > 0.1
    assert max(cell.candidate["met"], cell.candidate["not_met"]) < 0.06
