"""Whether published figures can belong together: nothing true is ever called impossible, and known impossibilities are found."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from evalharness.stats.claimed import FIGURES, f1_of, figure, highest_mcc, implied_prevalence, prevalence_of_accuracy, span_of, tables_fit

COUNTS = st.tuples(*[st.integers(1, 60)] * 4)
DECIMALS = st.integers(0, 4)


def figures(counts: tuple[int, int, int, int]) -> dict[str, float]:
    named = {name: np.float64(count) for name, count in zip(("tp", "fp", "fn", "tn"), counts, strict=True)}
    return {name: float(figure(name, named)) for name in FIGURES}


def rounded(value: float, decimals: int) -> tuple[float, float]:
    return span_of(round(value, decimals), decimals)


@given(COUNTS)
def test_the_formulas_are_scikit_learn_s(counts: tuple[int, int, int, int]) -> None:
    tp, fp, fn, tn = counts
    true = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    said = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    found = figures(counts)
    expected = {
        "recall": sk.recall_score(true, said),
        "specificity": sk.recall_score(true, said, pos_label=0),
        "precision": sk.precision_score(true, said),
        "negative_predictive_value": sk.precision_score(true, said, pos_label=0),
        "accuracy": sk.accuracy_score(true, said),
        "f1": sk.f1_score(true, said),
        "balanced_accuracy": sk.balanced_accuracy_score(true, said),
        "matthews_corrcoef": sk.matthews_corrcoef(true, said),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    for one, other in (("recall", "false_negative_rate"), ("specificity", "false_positive_rate"), ("precision", "false_discovery_rate")):
        assert found[one] + found[other] == pytest.approx(1)
    assert found["youden"] == pytest.approx(2 * found["balanced_accuracy"] - 1)
    assert (found["selection_rate"], found["prevalence"]) == pytest.approx(((tp + fp) / sum(counts), (tp + fn) / sum(counts)))
    assert found["elusion"] == pytest.approx(1 - found["negative_predictive_value"])


@given(COUNTS, DECIMALS)
def test_figures_of_a_real_table_always_belong_together(counts: tuple[int, int, int, int], decimals: int) -> None:
    tp, fp, fn, tn = counts
    spans = {name: rounded(value, decimals) for name, value in figures(counts).items()}
    share = (tp + fn) / sum(counts)
    assert spans["matthews_corrcoef"][0] <= highest_mcc(spans["precision"], spans["recall"]) + 1e-9
    low, high = f1_of(spans["precision"], spans["recall"])
    assert low <= spans["f1"][1]
    assert high >= spans["f1"][0]
    for implied in (
        implied_prevalence(spans["precision"], spans["recall"], spans["false_positive_rate"]),
        prevalence_of_accuracy(spans["accuracy"], spans["recall"], spans["specificity"]),
    ):
        assert implied is not None
        assert implied[0] <= share <= implied[1]
    assert tables_fit(spans, tp + fn, fp + tn) is True


@given(st.integers(1, 12), st.integers(1, 12), st.dictionaries(st.sampled_from(sorted(FIGURES)), st.floats(0, 1), min_size=1, max_size=4))
def test_whole_numbers_fit_exactly_when_one_of_all_tables_does(relevant: int, others: int, stated: dict[str, float]) -> None:
    spans = {name: rounded(value, 2) for name, value in stated.items()}

    def fits(tp: int, fp: int) -> bool:
        with np.errstate(all="ignore"):
            values = figures((tp, fp, relevant - tp, others - fp))
        return all(low <= values[name] <= high for name, (low, high) in spans.items())

    assert tables_fit(spans, relevant, others) is any(fits(tp, fp) for tp, fp in product(range(relevant + 1), range(others + 1)))


def test_too_many_tables_are_not_looked_at() -> None:
    assert tables_fit({"accuracy": (0.5, 0.6)}, 10**5, 10**5) is None
    assert tables_fit({"recall": (0.5, 0.5001), "accuracy": (0.5, 0.6)}, 10**5, 10**5) is True


def test_known_impossibilities() -> None:
    assert highest_mcc(span_of(0.8, 2), span_of(0.9, 2)) == pytest.approx(math.sqrt(0.805 * 0.905))
    assert tables_fit({"recall": span_of(0.88, 2)}, 7, 10) is False
    assert tables_fit({"recall": span_of(0.86, 2)}, 7, 10) is True
    assert prevalence_of_accuracy(span_of(0.99, 2), span_of(0.9, 2), span_of(0.95, 2)) is None
    # precision .5, recall .9, no false alarm at all: only where nothing is relevant
    assert implied_prevalence((0.5, 0.5), (0.9, 0.9), (0.0, 0.0)) == pytest.approx((0, 0), abs=1e-9)
