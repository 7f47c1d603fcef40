"""The best that the inputs allow, against ways to find it that are written out."""

import itertools

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.tally import Attainable, AttainableCounter

LEVELS = {"sex": ("F", "M"), "age": ("old", "young")}


def _result(chances: object, labels: object, decisions: object, *, sex: object = None, grid: int = 10_000) -> tuple[Attainable, ...]:
    posterior = np.asarray(chances, dtype=float)
    codes = np.zeros(len(posterior), dtype=np.int32) if sex is None else np.asarray(sex, dtype=np.int32)
    counter = AttainableCounter(LEVELS, grid)
    groups = {"sex": codes, "age": np.zeros(len(posterior), dtype=np.int32)}
    counter.add(posterior, np.asarray(labels, dtype=np.int8), np.asarray(decisions, dtype=np.int8), groups)
    return counter.result()


def _written_out(chances: np.ndarray, false_positive_rate: float) -> float:
    """Best expected recall by going through the items one by one, the greatest chance first."""
    allowed, found = false_positive_rate * (1 - chances).sum(), 0.0
    for chance in np.sort(chances)[::-1]:
        share = 1.0 if 1 - chance <= allowed else allowed / (1 - chance)
        found += share * chance
        allowed -= share * (1 - chance)
    return float(found / chances.sum())


def _alarms_written_out(chances: np.ndarray, recall: float) -> float:
    """Fewest expected false alarms, as a share, of finding that share of the expected relevant items, one by one likewise."""
    wanted, alarms = recall * chances.sum(), 0.0
    for chance in np.sort(chances)[::-1]:
        share = 1.0 if chance <= wanted else wanted / chance
        alarms += share * (1 - chance)
        wanted -= share * chance
        if wanted <= 0:
            break
    return float(alarms / (1 - chances).sum())


def test_groups_are_everybody_then_each_level_in_declared_order() -> None:
    groups = [item.group for item in _result([0.5], [1], [1])]
    assert groups == [(), (("sex", "F"),), (("sex", "M"),), (("age", "old"),), (("age", "young"),)]


def test_the_best_recall_is_that_of_the_items_taken_one_by_one() -> None:
    rng = np.random.default_rng(2)
    chances = rng.beta(0.3, 4, 20_000)
    labels = (rng.random(20_000) < chances).astype(np.int8)
    decisions = (chances + rng.normal(0, 0.2, 20_000) > 0.3).astype(np.int8)
    sex = rng.integers(0, 2, 20_000)
    result = _result(chances, labels, decisions, sex=sex)
    for item, rows in ((result[0], slice(None)), (result[1], sex == 0), (result[2], sex == 1)):
        assert item.false_positive_rate == np.mean(decisions[rows][labels[rows] == 0])
        assert item.recall == np.mean(decisions[rows][labels[rows] == 1])
        assert item.expected_positives == pytest.approx(chances[rows].sum(), abs=1e-5)
        assert item.best_recall == pytest.approx(_written_out(chances[rows], item.false_positive_rate), abs=1e-4)
        assert item.best_false_positive_rate == pytest.approx(_alarms_written_out(chances[rows], item.recall), abs=1e-4)
        assert item.best_recall > item.recall
        assert item.best_false_positive_rate < item.false_positive_rate
        assert item.reason == ""


def test_a_model_that_thresholds_the_truth_attains_the_best() -> None:
    rng = np.random.default_rng(4)
    chances = rng.beta(0.4, 4, 200_000)
    labels = (rng.random(len(chances)) < chances).astype(np.int8)
    overall = _result(chances, labels, (chances >= 0.2).astype(np.int8))[0]
    assert overall.recall == pytest.approx(overall.best_recall, abs=0.01)


def test_inside_a_bin_the_best_rule_draws_lots() -> None:
    overall = _result([0.5] * 4, [1, 1, 0, 0], [1, 0, 1, 0])[0]
    assert (overall.false_positive_rate, overall.best_recall) == (0.5, 0.5)


@pytest.mark.parametrize(("decision", "best"), [(1, 1.0), (0, 0.0)])
def test_selecting_all_finds_all_and_selecting_nothing_finds_nothing(decision: int, best: float) -> None:
    overall = _result([0.9, 0.5, 0.1], [1, 0, 0], [decision] * 3)[0]
    assert overall.best_recall == best
    assert overall.best_false_positive_rate == best


def test_finding_all_costs_no_alarm_on_items_that_cannot_be_relevant() -> None:
    overall = _result([1.0, 0.5, 0.0, 0.0], [1, 1, 0, 0], [1, 1, 1, 0])[0]
    assert (overall.recall, overall.best_false_positive_rate) == (1.0, pytest.approx(0.5 / 2.5))


@pytest.mark.parametrize("seed", range(5))
def test_no_selection_of_whole_items_beats_either_best(seed: int) -> None:
    """Every subset of eight items: its expected recall at its own expected alarms, and the other way round."""
    chances = np.random.default_rng(seed).uniform(0.05, 0.95, 8)
    for chosen in itertools.product((False, True), repeat=8):
        found, alarms = chances[list(chosen)].sum() / chances.sum(), (1 - chances[list(chosen)]).sum() / (1 - chances).sum()
        assert found <= _written_out(chances, alarms) + 1e-12
        assert alarms >= _alarms_written_out(chances, found) - 1e-12


def test_certain_items_are_found_without_a_false_alarm() -> None:
    overall = _result([1.0, 1.0, 0.0, 0.0], [1, 1, 0, 0], [0, 0, 0, 0])[0]
    assert (overall.false_positive_rate, overall.best_recall, overall.recall) == (0.0, 1.0, 0.0)


def test_an_item_without_an_answer_is_a_miss_or_a_false_alarm() -> None:
    overall = _result([0.5] * 4, [1, 1, 0, 0], [1, -1, -1, 0])[0]
    assert (overall.recall, overall.false_positive_rate) == (0.5, 0.5)


def test_rows_without_a_label_are_skipped() -> None:
    with_them = _result([0.5, 0.9, 0.1, 0.2], [1, -1, 0, -1], [1, 1, 0, 0])
    assert with_them == _result([0.5, 0.1], [1, 0], [1, 0])


def test_what_is_undefined_is_null_with_a_reason() -> None:
    only_positive = _result([0.5], [1], [1])[0]
    assert (only_positive.best_recall, only_positive.false_positive_rate, only_positive.recall) == (None, None, 1.0)
    assert "no irrelevant item" in only_positive.reason
    only_negative = _result([0.5], [0], [1])[0]
    assert (only_negative.best_recall, only_negative.recall, only_negative.best_false_positive_rate) == (1.0, None, None)
    assert "no relevant item" in only_negative.reason
    impossible = _result([0.0], [0], [0])[0]
    assert impossible.best_recall is None
    assert "by the true chances" in impossible.reason
    nobody = _result([0.5], [1], [1])[2]
    assert (nobody.best_recall, nobody.recall, nobody.reason) == (None, None, "no labelled row")
    assert _result([], [], [])[0].reason == "no labelled row"


def test_order_of_rows_and_cuts_of_batches_change_nothing_not_even_the_last_digit() -> None:
    rng = np.random.default_rng(9)
    chances = rng.beta(0.3, 4, 3_000)
    labels, decisions = rng.integers(-1, 2, 3_000).astype(np.int8), rng.integers(-1, 2, 3_000).astype(np.int8)
    sex = rng.integers(0, 2, 3_000)
    order = rng.permutation(3_000)
    counter = AttainableCounter(LEVELS)
    for start, stop in itertools.pairwise([0, 1, 1, 700, 3_000]):
        rows = order[start:stop]
        groups = {"sex": sex[rows].astype(np.int32), "age": np.zeros(len(rows), dtype=np.int32)}
        counter.add(chances[rows], labels[rows], decisions[rows], groups)
    assert counter.result() == _result(chances, labels, decisions, sex=sex)


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan")])
def test_a_chance_out_of_range_is_a_fault(chance: float) -> None:
    with pytest.raises(Fault, match="chance"):
        _result([chance], [1], [1])


def test_codes_lengths_and_grids_out_of_range_are_faults() -> None:
    with pytest.raises(Fault, match="codes of sex"):
        _result([0.5], [1], [1], sex=[2])
    with pytest.raises(Fault, match="different numbers"):
        _result([0.5], [1, 0], [1])
    with pytest.raises(Fault, match="at least one step"):
        AttainableCounter(LEVELS, 0)


def test_what_is_expected_of_the_selected_items_is_the_sum_of_their_chances() -> None:
    rng = np.random.default_rng(8)
    chances, labels, decisions = rng.random(5_000), rng.integers(-1, 2, 5_000), rng.integers(-1, 2, 5_000)
    counter = AttainableCounter({})
    for part in np.array_split(np.arange(5_000), 7):
        counter.add(chances[part], labels[part].astype(np.int8), decisions[part].astype(np.int8), {})
    selected = (labels >= 0) & (decisions == 1)
    assert counter.foreseen().choices == selected.sum()
    assert counter.foreseen().expected == pytest.approx(chances[selected].sum(), abs=1e-5)
    assert counter.foreseen().of == pytest.approx(chances[labels >= 0].sum(), abs=1e-5)
