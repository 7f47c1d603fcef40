"""Describing metrics of counts against scikit-learn, imbalanced-learn's definition written out, and R."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from tallies_by_hand import LEVEL, everybody, named, policy

from evalharness.catalogue import task_metrics
from evalharness.metrics import measure
from evalharness.metrics.composites import kappa, macro_averaged_mean_absolute_error, mean_absolute_error

ORACLES: dict[str, Any] = {o["name"]: o for o in json.loads((Path(__file__).parent / "oracles.json").read_text())}
WEIGHTS = {0: None, 1: "linear", 2: "quadratic"}
RATINGS = {"cohen_kappa": 0, "linear_weighted_kappa": 1, "quadratic_weighted_kappa": 2}
six = st.lists(st.integers(0, 40), min_size=6, max_size=6)


@st.composite
def graded(draw: st.DrawFn, refusals: int = 0) -> tuple[int, list[int]]:
    """Number of levels, and counts: some cells, levels or everything may be empty."""
    size = draw(st.integers(2, 5))
    cells = draw(st.lists(st.sampled_from([0, 0, 1, 2, 7, 40]), min_size=size * size, max_size=size * size))
    refused = draw(st.lists(st.integers(0, refusals), min_size=size, max_size=size))
    return size, [*cells, *refused]


def rows_of(matrix: Any) -> tuple[list[int], list[int]]:
    """True and given level, a row an item."""
    size = len(matrix)
    pairs = [(true, given) for true, given in product(range(size), range(size)) for _ in range(int(matrix[true][given]))]
    return [true for true, _ in pairs], [given for _, given in pairs]


def answered_in_every_way(size: int, counts: list[int]) -> list[Any]:
    """The matrices had all items without an answer of each true level been given one level."""
    found = []
    for given_levels in product(range(size), repeat=size):
        matrix = np.array(counts[: size * size]).reshape(size, size)
        for true, level in enumerate(given_levels):
            matrix[true, level] += counts[size * size + true]
        found.append(matrix)
    return found


def kappa_by_scikit_learn(matrix: Any, power: int) -> float | None:
    true, answers = rows_of(matrix)
    if len(set(true) | set(answers)) < 2:
        return None
    found = float(sk.cohen_kappa_score(true, answers, weights=WEIGHTS[power], labels=list(range(len(matrix)))))
    return None if math.isnan(found) else found


@settings(deadline=None, max_examples=100)
@given(six)
def test_composites_of_two_classes_are_scikit_learn_s_with_no_answer_as_a_wrong_one(counts: list[int]):
    tp, fp, fn, tn, unanswered_relevant, unanswered_irrelevant = counts
    true, answers = rows_of([[tn, fp + unanswered_irrelevant], [fn + unanswered_relevant, tp]])
    found = measure(everybody(counts), policy(), LEVEL)
    expected: dict[str, float | None] = dict.fromkeys(("f1", "fbeta_0_5", "fbeta_2", "balanced_accuracy", "youden", "cohen_kappa"))
    if any(true) or any(answers):
        expected |= {f"fbeta_{name}": float(sk.fbeta_score(true, answers, beta=beta)) for name, beta in (("0_5", 0.5), ("2", 2.0))}
        expected["f1"] = float(sk.f1_score(true, answers))
    if len(set(true)) == 2:
        expected["balanced_accuracy"] = float(sk.balanced_accuracy_score(true, answers))
        expected["youden"] = float(sk.balanced_accuracy_score(true, answers, adjusted=True))
    expected["cohen_kappa"] = kappa_by_scikit_learn([[tn, fp + unanswered_irrelevant], [fn + unanswered_relevant, tp]], 0)
    for name, value in expected.items():
        estimate = named(found, name)
        assert estimate.value == (None if value is None else pytest.approx(value, abs=1e-9)), name
        assert estimate.value is not None or estimate.reason


@settings(deadline=None, max_examples=60)
@given(graded())
def test_kappas_of_answered_items_are_scikit_learn_s(case: tuple[int, list[int]]):
    size, counts = case
    for power in WEIGHTS:
        expected = kappa_by_scikit_learn(np.array(counts[: size * size]).reshape(size, size), power)
        value = float(kappa(np.array(counts, dtype=np.float64), size, power)[0])
        assert (None if math.isnan(value) else value) == (None if expected is None else pytest.approx(expected, abs=1e-9))


@settings(deadline=None, max_examples=25)
@given(graded(refusals=9))
def test_no_answer_that_could_have_been_given_makes_a_kappa_smaller(case: tuple[int, list[int]]):
    size, counts = case
    ways = answered_in_every_way(size, counts) if size < 5 else answered_in_every_way(size, counts)[:: 5**2]
    for power in WEIGHTS:
        value = float(kappa(np.array(counts, dtype=np.float64), size, power)[0])
        known = [found for way in ways if (found := kappa_by_scikit_learn(way, power)) is not None]
        assert bool(known) == (not math.isnan(value))
        if known and size < 5:
            assert value == pytest.approx(min(known), abs=1e-9)
        elif known:
            assert value <= min(known) + 1e-9


@settings(deadline=None, max_examples=100)
@given(graded(refusals=9))
def test_absolute_errors_are_scikit_learn_s_and_those_of_each_level_with_no_answer_as_far_off_as_can_be(case: tuple[int, list[int]]):
    size, counts = case
    matrix = np.array(counts[: size * size]).reshape(size, size)
    for true in range(size):
        matrix[true, 0 if true > size - 1 - true else size - 1] += counts[size * size + true]
    true, answers = rows_of(matrix)
    found = np.array(counts, dtype=np.float64)
    overall, macro = float(mean_absolute_error(found, size)[0]), float(macro_averaged_mean_absolute_error(found, size)[0])
    if not true:
        assert math.isnan(overall)
        assert math.isnan(macro)
        return
    errors = [
        sk.mean_absolute_error([t for t in true if t == level], [a for t, a in zip(true, answers, strict=True) if t == level])
        for level in sorted(set(true))
    ]
    assert overall == pytest.approx(float(sk.mean_absolute_error(true, answers)), abs=1e-12)
    assert macro == pytest.approx(sum(errors) / len(errors), abs=1e-12)


def test_kappa_and_its_standard_error_are_r_s():
    oracle = ORACLES["cohen_kappa_fleiss_75_1_4"]
    counts = np.array([*(n for row in oracle["inputs"]["matrix"] for n in row), 0, 0, 0], dtype=np.float64)
    for power, suffix in ((0, ""), (2, "_quadratic")):
        value, gradient = kappa(counts, 3, power)
        assert float(value) == pytest.approx(oracle["expected"][f"kappa{suffix}"], abs=oracle["tolerance"])
        assert math.sqrt(float(gradient**2 @ counts)) == pytest.approx(oracle["expected"][f"ase{suffix}"], abs=oracle["tolerance"])


def test_absolute_errors_are_those_of_the_oracle():
    oracle = ORACLES["ordinal_mae_and_macro_mae_4x4"]
    counts = np.array([*(n for row in oracle["inputs"]["matrix_true_rows"] for n in row), 0, 0, 0, 0], dtype=np.float64)
    assert float(mean_absolute_error(counts, 4)[0]) == pytest.approx(oracle["expected"]["mae"], abs=oracle["tolerance"])
    assert float(macro_averaged_mean_absolute_error(counts, 4)[0]) == pytest.approx(
        oracle["expected"]["macro_mae"], abs=oracle["tolerance"]
    )


def test_f2_and_mcc_are_those_of_the_oracle():
    oracle = ORACLES["binary_counts_metrics"]
    found = measure(everybody([*(oracle["inputs"][name] for name in ("tp", "fp", "fn", "tn")), 0, 0]), policy(), LEVEL)
    for name, known_as in (("f1", "f1"), ("fbeta_2", "f2"), ("matthews_corrcoef", "mcc")):
        assert named(found, name).value == pytest.approx(oracle["expected"][known_as], abs=oracle["tolerance"])


def test_levels_of_the_ordinal_task_are_counted_in_the_order_that_kappas_read():
    of = task_metrics("ordinal", ("low", "middle", "high"))
    assert of.outcomes[:4] == ("low as low", "low as middle", "low as high", "middle as low")
    assert of.outcomes[9:] == ("no answer low", "no answer middle", "no answer high")


@settings(deadline=None, max_examples=60)
@given(graded())
def test_recall_and_precision_of_every_level_are_scikit_learn_s(case: tuple[int, list[int]]):
    size, counts = case
    true, answers = rows_of(np.array(counts[: size * size]).reshape(size, size))
    of = task_metrics("ordinal", tuple("abcde"[:size]))
    found = measure(everybody(counts, of), policy(human=None, units=()), LEVEL)
    each: dict[str, Any] = {"labels": list(range(size)), "average": None, "zero_division": np.nan}
    theirs = {
        share: score(true, answers, **each) if true else [math.nan] * size
        for share, score in (("recall", sk.recall_score), ("precision", sk.precision_score))
    }
    for share, values in theirs.items():
        for rank, value in enumerate(values, start=1):
            estimate = named(found, f"{share}_level_{rank}")
            assert estimate.value == (None if math.isnan(value) else pytest.approx(float(value), rel=1e-9)), (share, rank)
            assert estimate.value is not None or estimate.reason
