"""Statistics of scores against scikit-learn, statsmodels, R and numbers counted by hand, ties and weights included."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    ndcg_score,
    pair_confusion_matrix,
    precision_score,
    roc_auc_score,
)

from evalharness.stats.average_precision import average_precision
from evalharness.stats.calibration import brier_score, corp
from evalharness.stats.calibration_error import calibration_error
from evalharness.stats.distinct import distinct_counts
from evalharness.stats.linkage import bcubed, merge_distance, overlap, pairs, pairwise, variation_of_information
from evalharness.stats.operating_curve import operating_curve, predictive_value
from evalharness.stats.ranking import expected_ndcg
from evalharness.stats.recalibration import recalibrate
from evalharness.stats.roc import delong_variance, paired_delong, roc_auc

ORACLES: dict[str, dict[str, Any]] = {o["name"]: o for o in json.loads((Path(__file__).parent / "score_oracles.json").read_text())}

LABELS = st.integers(0, 1)
COARSE = st.integers(0, 5).map(lambda k: k / 5)
FINE = st.floats(0, 1, allow_subnormal=True)
ANY = st.floats(allow_nan=False, allow_infinity=False)
WEIGHTS = st.integers(1, 3)


def rows(scores: st.SearchStrategy[float]) -> st.SearchStrategy[list[tuple[int, float, int]]]:
    return st.lists(st.tuples(LABELS, scores, WEIGHTS), min_size=1, max_size=40)


def columns(made: list[tuple[int, float, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    labels, scores, weights = zip(*made, strict=True)
    return np.array(labels), np.array(scores), np.array(weights, dtype=float)


@given(rows(COARSE) | rows(FINE) | rows(ANY))
def test_distinct_scores_and_counts_are_those_of_unique(made: list[tuple[int, float, int]]):
    labels, scores, weights = columns(made)
    distinct, counts = distinct_counts(scores, labels)
    weighted, sums = distinct_counts(scores, labels, weights=weights)
    assert distinct.tolist() == weighted.tolist() == np.unique(scores).tolist()
    for label in (0, 1):
        assert counts[label].tolist() == [int(((scores == s) & (labels == label)).sum()) for s in distinct]
        assert sums[label].tolist() == [float(weights[(scores == s) & (labels == label)].sum()) for s in distinct]


@given(rows(COARSE) | rows(FINE) | rows(ANY))
def test_auc_and_average_precision_are_scikit_learn_s(made: list[tuple[int, float, int]]):
    labels, scores, weights = columns(made)
    _, (negative, positive) = distinct_counts(scores, labels, weights=weights)
    if 0 < labels.sum() < len(labels):
        assert float(roc_auc(positive, negative)) == pytest.approx(roc_auc_score(labels, scores, sample_weight=weights), abs=1e-12)
    else:
        assert np.isnan(roc_auc(positive, negative))
    if labels.any():
        expected = average_precision_score(labels, scores, sample_weight=weights)
        assert float(average_precision(positive, negative)) == pytest.approx(expected, abs=1e-12)
    else:
        assert np.isnan(average_precision(positive, negative))


@given(rows(COARSE))
def test_a_weight_of_two_is_a_row_twice_and_order_changes_nothing(made: list[tuple[int, float, int]]):
    labels, scores, weights = columns(made)
    repeats = weights.astype(int)
    twice_labels, twice_scores = np.repeat(labels, repeats)[::-1], np.repeat(scores, repeats)[::-1]
    weighted, copied = distinct_counts(scores, labels, weights=weights), distinct_counts(twice_scores, twice_labels)
    assert weighted[1].tolist() == copied[1].tolist()
    other = np.linspace(0, 1, len(labels)).round(1)
    one = paired_delong(labels, scores, other, weights)
    two = paired_delong(twice_labels, twice_scores, np.repeat(other, repeats)[::-1])
    for name in ("first", "second", "difference", "variance", "z", "p"):
        expected = getattr(two, name)
        assert getattr(one, name) == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert one.reason == two.reason


@given(rows(COARSE) | rows(FINE))
def test_brier_and_its_decomposition_are_scikit_learn_s_isotonic_regression(made: list[tuple[int, float, int]]):
    labels, scores, weights = columns(made)
    distinct, (negative, positive) = distinct_counts(scores, labels, weights=weights)
    expected = brier_score_loss(labels, scores, sample_weight=weights, labels=[0, 1], pos_label=1)
    assert float(brier_score(distinct, positive, negative)) == pytest.approx(expected, abs=1e-12)
    found = corp(distinct, positive, negative)
    assert found is not None
    order, items = np.arange(len(distinct)), positive + negative  # scikit-learn takes scores that nearly tie for one
    fitted = IsotonicRegression(y_min=0, y_max=1).fit(order, positive / items, sample_weight=items).predict(order)
    np.testing.assert_allclose(found.recalibrated, fitted, atol=1e-9)
    best = brier_score_loss(labels, fitted[np.searchsorted(distinct, scores)].clip(0, 1), sample_weight=weights, labels=[0, 1], pos_label=1)
    rate = float(np.average(labels, weights=weights))
    assert [found.brier, found.miscalibration, found.uncertainty, found.discrimination] == pytest.approx(
        [expected, expected - best, rate * (1 - rate), rate * (1 - rate) - best], abs=1e-9
    )
    assert found.brier == pytest.approx(found.miscalibration - found.discrimination + found.uncertainty, abs=1e-12)


@given(rows(COARSE) | rows(FINE), st.integers(1, 7))
def test_calibration_error_is_the_loop_over_its_bins(made: list[tuple[int, float, int]], bins: int):
    labels, scores, _ = columns(made)
    distinct, (negative, positive) = distinct_counts(scores, labels)
    found = calibration_error(distinct, positive, negative, bins=bins)
    assert found is not None
    value = 0.0
    for b in range(bins):
        inside = [i for i, s in enumerate(scores) if b / bins <= s and (s < (b + 1) / bins or b == bins - 1)]
        value += abs(sum(labels[i] - scores[i] for i in inside)) / len(scores)
    assert found.value == pytest.approx(value, abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(LABELS, st.floats(0.02, 0.98), WEIGHTS), min_size=8, max_size=40))
def test_recalibration_is_statsmodels_s_binomial_regression(made: list[tuple[int, float, int]]):
    labels, scores, weights = columns(made)
    distinct, (negative, positive) = distinct_counts(scores, labels, weights=weights)
    found = recalibrate(distinct, positive, negative)
    assume(found.intercept is not None)
    odds = special.logit(scores)
    large = sm.GLM(labels, np.ones((len(labels), 1)), family=sm.families.Binomial(), offset=odds, freq_weights=weights).fit(tol=1e-12)
    assert [found.intercept, found.intercept_error] == pytest.approx([large.params[0], large.bse[0]], rel=1e-5, abs=1e-6)
    assume(found.slope is not None and abs(found.slope) < 20 and np.ptp(odds) > 0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # near-perfect fits are announced, and are none here
        line = sm.GLM(labels, sm.add_constant(odds), family=sm.families.Binomial(), freq_weights=weights).fit(tol=1e-12, maxiter=200)
    assert [found.slope, found.slope_error] == pytest.approx([line.params[1], line.bse[1]], rel=1e-4, abs=1e-5)


@given(rows(COARSE) | rows(FINE))
def test_every_threshold_has_scikit_learn_s_confusion_matrix(made: list[tuple[int, float, int]]):
    labels, scores, weights = columns(made)
    distinct, (negative, positive) = distinct_counts(scores, labels, weights=weights)
    curve = operating_curve(distinct, positive, negative)
    for at, threshold in enumerate(curve.thresholds):
        matrix = confusion_matrix(labels, scores >= threshold, labels=[0, 1], sample_weight=weights)
        assert [curve.tn[at], curve.fp[at], curve.fn[at], curve.tp[at]] == matrix.ravel().tolist()
        assert curve.workload[at] == pytest.approx(float(np.average(scores >= threshold, weights=weights)))


@given(st.lists(st.tuples(st.integers(0, 3), COARSE), min_size=2, max_size=25), st.integers(1, 30))
def test_ndcg_is_scikit_learn_s_with_ties(made: list[tuple[int, float]], cut: int):
    grades, scores = (np.array(column) for column in zip(*made, strict=True))
    _, counts = distinct_counts(scores, grades, 4)
    for at in (None, cut):
        found = expected_ndcg(counts, [0, 1, 2, 3], at)
        if grades.any():
            assert found == pytest.approx(ndcg_score([grades], [scores], k=at), abs=1e-12)
        else:
            assert found is None


CLUSTERINGS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(CLUSTERINGS)
def test_pairs_are_scikit_learn_s_and_b_cubed_is_the_loop_over_records(made: list[tuple[int, int]]):
    true, predicted = (np.array(column) for column in zip(*made, strict=True))
    cells = overlap(true, predicted)
    count = pairs(cells)
    matrix = pair_confusion_matrix(true, predicted) // 2
    assert [count.only_predicted, count.only_true, count.both] == [matrix[0, 1], matrix[1, 0], matrix[1, 1]]
    precision = np.mean([((true == t) & (predicted == p)).sum() / (predicted == p).sum() for t, p in made])
    recall = np.mean([((true == t) & (predicted == p)).sum() / (true == t).sum() for t, p in made])
    found = bcubed(cells)
    assert [found.precision, found.recall] == pytest.approx([precision, recall])
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize("name", ["linkage_pairwise_and_bcubed", "linkage_asymmetric", "linkage_basic_merge_distance"])
def test_linkage_is_the_oracles(name: str):
    oracle = ORACLES[name]
    cells = overlap(oracle["inputs"]["true"], oracle["inputs"]["pred"])
    count, by_pair, by_record, steps = pairs(cells), pairwise(cells), bcubed(cells), merge_distance(cells)
    distance = {"splits": steps.splits, "merges": steps.merges, "distance": steps.distance}
    found = {
        "pair_tp": count.both,
        "pair_fp": count.only_predicted,
        "pair_fn": count.only_true,
        "pair_precision": by_pair.precision,
        "pair_recall": by_pair.recall,
        "pair_f1": by_pair.f1,
        "bcubed_precision": by_record.precision,
        "bcubed_recall": by_record.recall,
        "bcubed_f1": by_record.f1,
        "vi_nats": variation_of_information(cells),
        "basic_merge_distance": distance,
        **distance,
    }
    for key, expected in oracle["expected"].items():
        assert found[key] == (expected if isinstance(expected, dict) else pytest.approx(expected, abs=oracle["tolerance"])), key


def test_delong_s_area_error_and_interval_are_those_of_proc():
    oracle = ORACLES["delong_aSAH_s100b"]
    _, (negative, positive) = distinct_counts(oracle["inputs"]["score"], oracle["inputs"]["y"])
    area, error = float(roc_auc(positive, negative)), float(delong_variance(positive, negative)) ** 0.5
    expected = oracle["expected"]
    assert [area, error] == pytest.approx([expected["auc"], expected["se"]], abs=oracle["tolerance"])
    half = special.ndtri(0.975) * error
    assert [area - half, area + half] == pytest.approx(expected["ci95"], abs=oracle["tolerance"])


def test_paired_delong_is_proc_s_roc_test():
    oracle = ORACLES["delong_paired_aSAH_s100b_vs_wfns"]
    inputs = oracle["inputs"]
    found = paired_delong(inputs["y"], inputs["score_a"], inputs["score_b"])
    assert [found.z, found.p] == pytest.approx([oracle["expected"]["z"], oracle["expected"]["p"]], abs=oracle["tolerance"])


def test_the_area_of_five_ratings_is_hanley_and_mcneil_s():
    oracle = ORACLES["hanley_mcneil_1982_ratings"]
    positive, negative = oracle["inputs"]["abnormal"], oracle["inputs"]["normal"]
    found = [float(roc_auc(positive, negative)), float(delong_variance(positive, negative)) ** 0.5]
    assert found == pytest.approx([oracle["expected"]["auc"], oracle["expected"]["se_delong"]], abs=oracle["tolerance"])


def test_tied_scores_have_the_oracle_s_area_and_average_precision():
    oracle = ORACLES["ap_auc_with_ties"]
    _, (negative, positive) = distinct_counts(oracle["inputs"]["score"], oracle["inputs"]["y"])
    found = {"average_precision": float(average_precision(positive, negative)), "roc_auc": float(roc_auc(positive, negative))}
    assert found == pytest.approx(oracle["expected"], abs=oracle["tolerance"])


def test_precision_at_another_prevalence_is_bayes_s_rule_and_scikit_learn_s_weighted_precision():
    oracle = ORACLES["prior_shift_precision"]
    recall, alarms, prevalence = (oracle["inputs"][name] for name in ("recall", "fpr", "prevalence"))
    value = float(predictive_value(recall, recall, recall, alarms, alarms, alarms, prevalence)[0])
    assert value == pytest.approx(oracle["expected"]["precision"], abs=oracle["tolerance"])
    truth, chosen = np.repeat([1, 1, 0, 0], [90, 10, 1, 99]), np.repeat([1, 0, 1, 0], [90, 10, 1, 99])
    weights = np.where(truth == 1, prevalence, 1 - prevalence)
    assert value == pytest.approx(precision_score(truth, chosen, sample_weight=weights), abs=1e-12)
