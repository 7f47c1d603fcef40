"""Planning what is asked of copies: with what the items that have copies give, told in items of the benchmark."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tallies_by_hand import clustered

from evalharness.catalogue import task_metrics
from evalharness.metrics.copies import as_of_items
from evalharness.metrics.planned_base import Bases
from evalharness.metrics.planned_copies import CopiedBases, thinned
from evalharness.records import Policy
from evalharness.tally import ConfusionTally, Counter, Slices

POLICY: Policy = None  # type: ignore[assignment]  # only ceilings on reviews are read of it, and none of these metrics needs one


def _tally(rows: int = 4_000, share: float = 1.0, seed: int = 1) -> ConfusionTally:
    """Clusters of about five; of them each row is kept with chance `share`."""
    rng = np.random.default_rng(7)
    labels = rng.integers(0, 2, rows).astype(np.int8)
    clusters = np.sort(rng.integers(0, rows // 5, rows))
    kept = np.random.default_rng(seed).random(rows) < share
    counter = Counter(Slices((), {}, 0), clustered=True, of=task_metrics("binary"))
    counter.add(labels[kept], labels[kept], {}, pa.array([str(c) for c in clusters[kept]]))
    return counter.result()


def test_counts_and_moments_are_the_averages_of_items_that_are_kept_by_lot() -> None:
    whole = thinned(_tally(), 0.3)
    drawn = [_tally(share=0.3, seed=seed) for seed in range(200)]
    for name in ("counts", "second"):
        mean = np.mean([getattr(tally, name) for tally in drawn], axis=0)
        np.testing.assert_allclose(getattr(whole, name), mean, rtol=0.02)


def test_no_fewer_clusters_are_counted_than_keep_an_item_and_as_many_where_they_are_of_one_size() -> None:
    at = _tally().of.denominators.index((1,) * 6)
    mean = np.mean([_tally(share=0.3, seed=seed).clusters[0, at] for seed in range(100)])
    assert mean <= thinned(_tally(), 0.3).clusters[0, at] <= 1.15 * mean
    pairs = clustered([[2, 0, 0, 0, 0, 0]] * 500)
    assert thinned(pairs, 0.3).clusters[0, at] == pytest.approx(500 * (1 - 0.7**2))
    assert thinned(pairs, 0.0).clusters[0, at] == 0
    assert thinned(pairs, 1.0).clusters[0, at] == pytest.approx(500)


def test_where_every_item_has_a_copy_nothing_differs() -> None:
    tally = _tally()
    metric = as_of_items(tally).of.metrics["newly_missed_rate"]
    plain = Bases(tally, POLICY, None, None).base(tally.of.metrics["recall"], ())
    copied = CopiedBases(tally, POLICY, None, None, share=1.0).base(metric, ())
    for name in ("units", "n_eff", "per_item", "in_group", "one_more"):
        assert getattr(copied, name) == pytest.approx(getattr(plain, name))


def test_a_fiftieth_of_the_items_gives_a_fiftieth_and_is_clustered_less() -> None:
    tally = _tally()
    plain = Bases(tally, POLICY, None, None).base(tally.of.metrics["no_answer_rate"], ())
    bases = CopiedBases(tally, POLICY, None, None, share=0.02)
    copied = bases.base(bases.tally.of.metrics["flip_rate"], ())
    assert bases.items == 4_000
    assert bases.prevalence == pytest.approx(Bases(tally, POLICY, None, None).prevalence)
    assert copied.units == pytest.approx(plain.units / 50)
    assert copied.per_item == pytest.approx(plain.per_item / 50)
    assert 1 < copied.design_effect < plain.design_effect


def test_without_copies_there_is_nothing_to_plan_with() -> None:
    bases = CopiedBases(_tally(), POLICY, None, None, share=0.0)
    assert bases.base(bases.tally.of.metrics["flip_rate"], ()).reason
    assert bases.prevalence is None
