"""How often the best grading agrees, against the items taken one by one."""

import itertools

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.tally import BestGradingCounter, BestShare

LEVELS = {"sex": ("F", "M")}
GRADES = 4


def _items(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Chances, labels drawn from them (some missing), decisions (some missing) and sex."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet([0.5] * GRADES, rows)
    labels = (rng.random((rows, 1)) > np.cumsum(chances, axis=1)).sum(axis=1).clip(0, GRADES - 1).astype(np.int8)
    labels[rng.random(rows) < 0.05] = -1
    return chances, labels, rng.integers(-1, GRADES, rows).astype(np.int8), rng.integers(0, 2, rows).astype(np.int32)


def _result(chances: np.ndarray, labels: np.ndarray, decisions: np.ndarray, sex: np.ndarray) -> tuple[BestShare, ...]:
    counter = BestGradingCounter(LEVELS, GRADES)
    counter.add(chances, labels, decisions, {"sex": sex})
    return counter.result()


def test_the_best_is_the_mean_of_the_likeliest_level_s_chance_in_every_group() -> None:
    chances, labels, decisions, sex = _items(2_000, 1)
    result = _result(chances, labels, decisions, sex)
    assert [share.group for share in result] == [(), (("sex", "F"),), (("sex", "M"),)]
    for share, rows in zip(result, (labels >= 0, (labels >= 0) & (sex == 0), (labels >= 0) & (sex == 1)), strict=True):
        assert (share.metric, share.n, share.reason) == ("exact_agreement", rows.sum(), "")
        assert share.best == pytest.approx(chances[rows].max(axis=1).mean(), abs=1e-9)
        assert share.value == pytest.approx((labels == decisions)[rows].mean())


def test_who_names_the_likeliest_level_attains_the_best_and_nobody_else_does() -> None:
    chances, labels, _, sex = _items(100_000, 2)
    likeliest = chances.argmax(axis=1).astype(np.int8)
    attained = _result(chances, labels, likeliest, sex)[0]
    assert attained.value == pytest.approx(attained.best, abs=4 * np.sqrt(0.25 / 95_000))
    second = np.argsort(chances, axis=1)[:, -2].astype(np.int8)
    assert _result(chances, labels, second, sex)[0].value < attained.best - 0.1


def test_levels_of_an_attribute_that_shapes_the_features_are_judged_by_their_own_chances() -> None:
    chances, labels, decisions, sex = _items(500, 3)
    own = _items(500, 4)[0]
    counter = BestGradingCounter(LEVELS, GRADES)
    counter.add(chances, labels, decisions, {"sex": sex}, {"sex": own})
    overall, female, _ = counter.result()
    assert overall.best == _result(chances, labels, decisions, sex)[0].best
    assert female.best == pytest.approx(own[(labels >= 0) & (sex == 0)].max(axis=1).mean(), abs=1e-9)


def test_no_labelled_row_gives_nulls_with_a_reason() -> None:
    chances, labels, decisions, _ = _items(20, 5)
    nobody = _result(chances, labels, decisions, np.zeros(20, dtype=np.int32))[2]
    assert (nobody.value, nobody.best, nobody.n, nobody.reason) == (None, None, 0, "no labelled row")
    empty = _result(np.zeros((0, GRADES)), *(np.zeros(0, dtype=np.int8),) * 2, np.zeros(0, dtype=np.int32))
    assert {share.reason for share in empty} == {"no labelled row"}


def test_order_of_rows_and_cuts_of_batches_change_nothing_not_even_the_last_digit() -> None:
    chances, labels, decisions, sex = _items(3_000, 6)
    order = np.random.default_rng(7).permutation(3_000)
    counter = BestGradingCounter(LEVELS, GRADES)
    for start, stop in itertools.pairwise([0, 1, 1, 900, 3_000]):
        rows = order[start:stop]
        counter.add(chances[rows], labels[rows], decisions[rows], {"sex": sex[rows]})
    assert counter.result() == _result(chances, labels, decisions, sex)


@pytest.mark.parametrize(
    ("chances", "sex", "what"),
    [
        ([[0.5, 0.5, 0.0, 0.1]], [0], "add up"),
        ([[1.5, -0.5, 0.0, 0.0]], [0], "add up"),
        ([[float("nan"), 0.5, 0.5, 0.0]], [0], "add up"),
        ([[0.5, 0.5]], [0], "shape"),
        ([[1.0, 0.0, 0.0, 0.0]], [2], "codes of sex"),
        ([[1.0, 0.0, 0.0, 0.0]], [0, 0], "different numbers"),
    ],
)
def test_chances_and_codes_that_cannot_be_are_faults(chances: list[list[float]], sex: list[int], what: str) -> None:
    with pytest.raises(Fault, match=what):
        _result(np.array(chances), np.array([0], dtype=np.int8), np.array([0], dtype=np.int8), np.array(sex, dtype=np.int32))


def test_what_is_expected_of_the_grades_is_the_sum_of_their_chances_and_nothing_without_an_answer() -> None:
    chances, labels, decisions, sex = _items(3_000, 6)
    counter = BestGradingCounter(LEVELS, GRADES)
    counter.add(chances, labels, decisions, {"sex": sex})
    graded = (labels >= 0) & (decisions >= 0)
    assert counter.foreseen().choices == (labels >= 0).sum()
    assert counter.foreseen().expected == pytest.approx(chances[graded, decisions[graded]].sum(), abs=1e-5)
