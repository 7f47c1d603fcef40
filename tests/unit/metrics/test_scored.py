"""Estimates of scores against scikit-learn, and against plain loops; no interval where none may be drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sklearn.isotonic import isotonic_regression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from tallies_by_hand import clustered, independent

from evalharness.catalogue.scores import SCORE_METRICS
from evalharness.metrics.scored import score_estimates
from evalharness.records import Estimate
from evalharness.tally import ConfusionTally
from evalharness.tally.score_groups import ScoreGroupsCounter

ROWS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=60)
Found = dict[tuple[str, str], Estimate]


def estimates(scores: Any, labels: Any, sex: Any, *, chances: bool = True, most_rows: int = 10**6) -> Found:
    codes = np.asarray(sex, dtype=np.int32)
    counter = ScoreGroupsCounter({"sex": ("F", "M")}, clustered=False, most_rows=most_rows)
    counter.add(np.asarray(scores, dtype=float), np.asarray(labels, dtype=np.int8), {"sex": codes}, None)
    found = score_estimates(counter.result(), tally(labels, codes), 0.95, chances=chances)
    return {(e.metric, dict(e.group).get("sex", "")): e for e in found}


def tally(labels: Any, codes: np.ndarray) -> ConfusionTally:
    ones = np.asarray(labels) == 1
    cells = {(s,): [int((ones & (codes == k)).sum()), int((~ones & (codes == k)).sum()), 0, 0, 0, 0] for k, s in enumerate(("F", "M"))}
    return independent(cells, attributes=("sex",))


@settings(deadline=None, max_examples=60)
@given(ROWS)
@example([(7, 1, 0), *[(8, 0, 0)] * 6])  # .4 is where the seventh bin begins, and the mean of six of them is less
def test_every_measure_of_every_group_is_that_of_its_rows(rows: list[tuple[int, int, int]]) -> None:
    scores, labels, sex = (np.array(column) for column in zip(*rows, strict=True))
    scores = scores / 20
    found = estimates(scores, labels, sex)
    assert {name for name, group in found if not group} == {metric.name for metric in SCORE_METRICS}
    for group, inside in (("", labels >= 0), ("F", sex == 0), ("M", sex == 1)):
        s, y = scores[inside], labels[inside]
        auc, precision, brier = (found[name, group] for name in ("roc_auc", "average_precision", "brier_score"))
        assert (auc.n, auc.clusters, auc.n_eff) == (len(y), len(y), len(y))
        assert not any(e.decides for e in found.values())
        if not len(y):
            assert (auc.value, brier.value) == (None, None)
            assert "no items with a score" in auc.reason
            continue
        assert brier.value == pytest.approx(brier_score_loss(y, s, pos_label=1) if len(y) else None, abs=1e-9)
        if len(set(y.tolist())) == 2:
            assert auc.value == pytest.approx(roc_auc_score(y, s), abs=1e-9)
        else:
            assert auc.value is None
            assert "one class" in auc.reason
        assert precision.value == (pytest.approx(average_precision_score(y, s), abs=1e-9) if y.any() else None)
        order = np.argsort(s, kind="stable")
        fitted = isotonic_regression([y[s == v].mean() for v in np.unique(s)], sample_weight=[(s == v).sum() for v in np.unique(s)])
        recalibrated = np.mean((fitted[np.searchsorted(np.unique(s), s[order])] - y[order]) ** 2)
        assert found["miscalibration", group].value == pytest.approx(brier.value - recalibrated, abs=1e-9)
        bins = np.minimum((s * 15 + 1e-12).astype(int), 14)
        ece = sum(abs(y[bins == b].sum() - s[bins == b].sum()) for b in range(15)) / len(s)
        assert found["expected_calibration_error", group].value == pytest.approx(ece, abs=1e-9)
    parts = [found[name, ""].value for name in ("brier_score", "miscalibration", "discrimination", "uncertainty")]
    assert parts[0] == pytest.approx(parts[1] - parts[2] + parts[3], abs=1e-8)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_the_slope_is_that_of_a_logistic_regression(seed: int) -> None:
    draw = np.random.default_rng(seed)
    scores = draw.uniform(0.05, 0.95, 200)
    labels = (draw.random(200) < scores).astype(int)
    assume(20 <= labels.sum() <= 180)
    slope = estimates(scores, labels, np.zeros(200))["calibration_slope", ""]
    fit = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(np.log(scores / (1 - scores))[:, None], labels)
    assert slope.value == pytest.approx(fit.coef_[0, 0], abs=1e-4)
    assert slope.lower < slope.value < slope.upper


def test_four_perfect_rows_draw_no_interval() -> None:
    found = estimates([0.9, 0.8, 0.1, 0.2], [1, 1, 0, 0], [0, 0, 1, 1])
    assert found["roc_auc", ""].value == 1.0
    assert all(e.lower is None and e.upper is None and e.reason for e in found.values())


def test_many_perfect_rows_draw_none_for_an_order_without_an_error() -> None:
    found = estimates([0.9, 0.8] * 50 + [0.1, 0.2] * 50, [1] * 100 + [0] * 100, [0] * 200)
    assert (found["roc_auc", ""].value, found["roc_auc", ""].lower) == (1.0, None)
    assert "variance is 0" in found["roc_auc", ""].reason


def test_enough_rows_on_each_side_draw_one() -> None:
    draw = np.random.default_rng(1)
    labels = np.repeat([0, 1], 30)
    found = estimates(np.clip(labels * 0.2 + draw.random(60) * 0.7 + 0.05, 0, 1), labels, np.zeros(60))
    for name in ("roc_auc", "average_precision", "brier_score", "calibration_in_the_large", "calibration_slope"):
        e = found[name, ""]
        assert e.lower < e.value < e.upper
        assert e.reason == ""


def test_scores_that_need_not_be_chances_are_ordered_and_nothing_else() -> None:
    found = estimates([-3.0, 2.0, 7.5], [0, 0, 1], [0, 0, 0], chances=False)
    assert found["roc_auc", ""].value == 1.0
    of_chances = [e for (name, _), e in found.items() if name not in {"roc_auc", "average_precision"}]
    assert of_chances
    assert all(e.value is None and ("need not be chances" in e.reason or "no items" in e.reason) for e in of_chances)


def test_rounded_scores_are_said_to_be() -> None:
    draw = np.random.default_rng(2)
    found = estimates(draw.random(300), draw.integers(0, 2, 300), np.zeros(300), most_rows=100)
    assert "rounded to 13 binary digits" in found["roc_auc", ""].method
    assert found["average_precision", ""].lower is None
    assert "more than 1,048,576 items" in found["average_precision", ""].reason


def test_average_precision_is_bounded_over_whole_clusters() -> None:
    """Every row twice, the two in one cluster, is every row once: the interval is that of half as many items."""
    draw = np.random.default_rng(3)
    labels = draw.integers(0, 2, 90)
    scores = np.clip(labels * 0.2 + draw.random(90) * 0.8, 0, 1)
    once = estimates(scores, labels, np.zeros(90))["average_precision", ""]
    names = pa.array([f"c{n}" for n in range(90)] * 2)
    counter = ScoreGroupsCounter({}, clustered=True)
    counter.add(np.tile(scores, 2), np.tile(labels, 2).astype(np.int8), {}, names)
    of = clustered([[2, 0, 0, 0, 0, 0] if y else [0, 2, 0, 0, 0, 0] for y in labels])
    (twice,) = (e for e in score_estimates(counter.result(), of, 0.95, chances=True) if e.metric == "average_precision")
    assert (twice.value, twice.lower, twice.upper) == pytest.approx((once.value, once.lower, once.upper), abs=1e-9)
    assert "linearised over clusters" in twice.method
