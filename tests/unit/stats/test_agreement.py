"""Krippendorff's alpha: against the package, against published examples, and an interval that covers."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evalharness.stats.agreement import coincidences, interval_over_clusters, krippendorff_alpha

PUBLISHED = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
"""Krippendorff 2019, 12.3.4: four observers, twelve units, values missing."""


def counts_of(rows: list[str], levels: int) -> np.ndarray:
    said = [[None if value == "." else int(value) - 1 for value in row.split()] for row in rows]
    return np.array([[sum(row[unit] == level for row in said) for level in range(levels)] for unit in range(len(said[0]))])


def alpha(counts: np.ndarray, *, ordinal: bool) -> float:
    return float(krippendorff_alpha(coincidences(counts, np.arange(len(counts)), len(counts)).sum(axis=0), ordinal=ordinal))


@pytest.mark.parametrize(("ordinal", "published"), [(False, 0.743), (True, 0.815)])
def test_the_published_example_comes_out(ordinal: bool, published: float):
    assert alpha(counts_of(PUBLISHED, 5), ordinal=ordinal) == pytest.approx(published, abs=5e-4)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=30),
    st.booleans(),
)
def test_it_is_that_of_the_package(rows: list[list[int]], ordinal: bool):
    counts = np.array(rows)
    counts = counts[counts.sum(axis=1) > 1]
    assume(len(counts))
    assume(np.count_nonzero(counts.any(axis=0)) > 1)
    level = "ordinal" if ordinal else "nominal"
    assert alpha(counts, ordinal=ordinal) == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement=level), abs=1e-9)


def test_nothing_is_told_of_one_level_or_of_single_labels():
    assert np.isnan(alpha(np.array([[3, 0], [2, 0]]), ordinal=False))
    assert np.isnan(alpha(np.array([[1, 0], [0, 1]]), ordinal=True))


def test_items_of_one_case_are_drawn_together():
    rng = np.random.default_rng(1)
    truth = np.repeat(rng.integers(0, 2, 60), 20)
    wrong = rng.random((3, 1200)) < np.repeat(rng.choice([0.02, 0.5], 60), 20)
    said = np.where(wrong, 1 - truth, truth)
    counts = np.stack([(said == 0).sum(axis=0), (said == 1).sum(axis=0)], axis=1)
    together = coincidences(counts, np.repeat(np.arange(60), 20), 60)
    apart = coincidences(counts, np.arange(1200), 1200)
    wide = interval_over_clusters(together, np.random.default_rng(2), ordinal=False)
    narrow = interval_over_clusters(apart, np.random.default_rng(2), ordinal=False)
    assert wide is not None
    assert narrow is not None
    assert wide[1] - wide[0] > 1.5 * (narrow[1] - narrow[0])
    assert wide[0] < float(krippendorff_alpha(together.sum(axis=0), ordinal=False)) < wide[1]
    assert interval_over_clusters(together[:1], rng, ordinal=False) is None


def test_the_interval_covers_about_nine_in_ten():
    """Independent items, three people who are right in 85 %: alpha of many items against intervals of 300."""
    rng = np.random.default_rng(5)

    def drawn(items: int) -> np.ndarray:
        truth = rng.random(items) < 0.4
        said = np.where(rng.random((3, items)) < 0.15, ~truth, truth)
        return np.stack([(~said).sum(axis=0), said.sum(axis=0)], axis=1)

    truth = alpha(drawn(200_000), ordinal=False)
    inside = 0
    for _ in range(150):
        pairs = coincidences(drawn(300), np.arange(300), 300)
        ends = interval_over_clusters(pairs, rng, ordinal=False)
        assert ends is not None
        inside += ends[0] <= truth <= ends[1]
    assert 0.83 <= inside / 150 <= 0.97
