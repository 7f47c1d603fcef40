"""Weighted proportions of clusters: what is counted may come in larger clusters than the rest of its stratum."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binom, chi2

from evalharness.metrics.weighted import weighted_shares, worth_of
from evalharness.tally import ConfusionTally, Counter
from evalharness.tally.slices import Slices
from evalharness.tally.strata import StrataCounter

SLICES = Slices(attributes=("group",), levels={"group": ("a", "b")}, depth=1)
CHANCES = (1.0, 0.02)
SIZE, OTHERS = 40, 2_000


def sample(right: np.ndarray) -> ConfusionTally:
    """Two strata. right: [2, k] whether the 40 relevant items of each of k clusters, all in group b, are found; 2,000 others are alone."""
    counter = StrataCounter(lambda: Counter(SLICES, clustered=True))
    for chance, found in zip(CHANCES, right, strict=True):
        labels = np.repeat([1, 0], [SIZE * len(found), OTHERS]).astype(np.int8)
        decisions = np.concatenate([np.repeat(found, SIZE), np.zeros(OTHERS)]).astype(np.int8)
        names = [f"{chance} {row // SIZE if label else -row}" for row, label in enumerate(labels.tolist())]
        counter.add(labels, decisions, {"group": labels.astype(np.int32)}, pa.array(names), np.full(len(labels), chance))
    return counter.result()


def recall_of(tally: ConfusionTally, at: int) -> tuple[float, float]:
    metric = tally.of.metrics["recall"]
    found = weighted_shares(tally, [at], np.array([metric.numerator]), np.array([metric.denominator]), 0.05)
    return float(found.lower[0, 0]), float(found.upper[0, 0])


@pytest.mark.parametrize("group", [(), (("group", "b"),)])
def test_clusters_of_what_is_counted_are_worth_one_item_each(group: tuple[tuple[str, str], ...]) -> None:
    """However many others of their stratum stand alone: Garwood's limits of eight found and two missed clusters."""
    tally = sample(np.array([[True] * 8 + [False] * 2] * 2))
    lower, _ = recall_of(tally, tally.slices.position(group))
    least, most = chi2.ppf(0.0125, 2 * 8) / 2, chi2.isf(0.0125, 2 * 2 + 2) / 2
    assert lower == pytest.approx(least / (least + most))


def test_clusters_that_are_found_or_missed_as_a_whole_seldom_show_more_than_the_truth() -> None:
    """At the n_eff of the stratum as a whole this was met wrongly in three of ten samples."""
    runs, clusters, truth = 400, 8, 0.85
    drawn = np.random.default_rng(3).random((runs, 2, clusters)) < truth
    limits = [recall_of(tally, 0) for tally in map(sample, drawn)]
    most = binom.isf(1e-4, runs, 0.05)
    assert sum(lower > truth for lower, _ in limits) <= most
    assert sum(upper < truth for _, upper in limits) <= most


def test_an_item_is_never_worth_more_than_others_of_its_stratum() -> None:
    tally = sample(np.array([[True] * 4] * 2))
    specificity = np.array([tally.of.metrics["specificity"].denominator])
    everybody, nobody = tally.slices.position(()), tally.slices.position((("group", "b"),))
    assert worth_of(tally, [everybody, nobody], specificity).tolist() == [[[1.0, 1.0]], [[1.0, 1.0]]]
