"""Whatever goes wrong with a batch, none of its items has an answer; sound answers pass as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.adapters.faults import ANSWER_FAULTS, INPUT_FAULTS, Damaged, Late, reordered
from evalharness.adapters.promises import Asked
from evalharness.adapters.routed import Routed, rows_of
from evalharness.benchmarks.batch import Batch
from evalharness.predictions import ANSWERED, INVALID, Answers

SCORES = Asked(rule="score >= threshold", labels=2, unit_range=True)
LABELS = Asked(rule="label", labels=4, unit_range=True)


def batch(values: list[float]) -> Batch:
    features = pa.table(
        {"x": pa.array(values, pa.float64()), "n": pa.array(range(len(values)), pa.int32()), "token": ["tok_1"] * len(values)}
    )
    return Batch(start=7, rows=len(values), features=features)


class Scorer:
    """The feature is the score; a missing one is answered by 0.01, as a careless model would."""

    def answer(self, batch: Batch) -> Answers:
        values = batch.features.column("x").to_numpy(zero_copy_only=False)  # type: ignore[union-attr]
        values = np.where(np.isfinite(values.astype(float)), values, 0.01).astype(np.float64)
        return Answers(scores=np.clip(values, 0, 1), labels=None, status=np.full(batch.rows, ANSWERED, dtype=np.uint8))


class Grader:
    def answer(self, batch: Batch) -> Answers:
        return Answers(scores=None, labels=np.ones(batch.rows, dtype=np.int8), status=np.zeros(batch.rows, dtype=np.uint8))


class Failing:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def answer(self, batch: Batch) -> object:  # noqa: ARG002
        raise self.error


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_sound_answers_pass_as_they_are(values: list[float]) -> None:
    passed = Routed(Scorer(), SCORES, seconds=30).answer(batch(values))
    assert passed.why == ""
    assert passed.answers.scores is not None
    assert passed.answers.scores.tolist() == values


@pytest.mark.parametrize("error", [RuntimeError("x"), MemoryError(), SystemExit(0), KeyboardInterrupt(), TimeoutError("late")])
def test_whatever_is_raised_leaves_every_item_without_an_answer(error: BaseException) -> None:
    passed = Routed(Failing(error), SCORES, seconds=30).answer(batch([0.9, 0.1]))
    assert passed.answers.status.tolist() == [INVALID, INVALID]
    assert np.isnan(passed.answers.scores).all()  # type: ignore[arg-type]
    assert type(error).__name__ in passed.why


def test_nobody_waits_for_a_classifier_that_says_nothing() -> None:
    late = Late()
    passed = Routed(late, SCORES, seconds=0.02).answer(batch([0.9]))
    late.stop.set()
    assert "within 0.02 seconds" in passed.why
    assert passed.answers.status.tolist() == [INVALID]
    assert threading.current_thread() is threading.main_thread()


@pytest.mark.parametrize("fault", [fault for fault in ANSWER_FAULTS if fault.needs != "labels"], ids=lambda fault: fault.kind)
@pytest.mark.parametrize("rows", [1, 2, 32])
def test_every_fault_in_scores_leaves_every_item_without_an_answer(fault: Any, rows: int) -> None:
    passed = Routed(Damaged(Scorer(), fault.damage), SCORES, seconds=30).answer(batch([0.9] * rows))
    assert passed.why
    assert passed.answers.status.tolist() == [INVALID] * rows


@pytest.mark.parametrize("fault", [fault for fault in ANSWER_FAULTS if fault.needs in {"", "labels"}], ids=lambda fault: fault.kind)
def test_every_fault_in_labels_leaves_every_item_without_an_answer(fault: Any) -> None:
    passed = Routed(Damaged(Grader(), fault.damage), LABELS, seconds=30).answer(batch([0.5] * 4))
    assert passed.why
    assert passed.answers.labels is not None
    assert passed.answers.labels.tolist() == [-1] * 4
    assert passed.answers.scores is None


@given(st.permutations([0.1, 0.2, 0.6, 0.9]))
def test_answers_in_another_order_show_because_each_item_is_asked_about_alone(values: list[float]) -> None:
    passed = Routed(Damaged(Scorer(), reordered), SCORES, seconds=30).answer(batch(values))
    assert "asked about alone" in passed.why
    assert passed.answers.status.tolist() == [INVALID] * 4


def test_a_single_pair_that_changed_places_shows_too() -> None:
    swapped: Callable[[Answers], object] = lambda a: (  # noqa: E731
        a if len(a) == 1 else Answers(scores=a.scores[[1, 0, 2]], labels=None, status=a.status)  # type: ignore[index]
    )
    assert Routed(Damaged(Scorer(), swapped), SCORES, seconds=30).answer(batch([0.1, 0.2, 0.3])).why


def test_a_fault_says_why_such_answers_cannot_go_wrong_so() -> None:
    by_kind = {fault.kind: fault for fault in ANSWER_FAULTS}
    scored, graded = Scorer().answer(batch([0.5])), Grader().answer(batch([0.5]))
    assert "no labels" in by_kind["unknown_class"].why_not(SCORES, scored)
    assert "no scores" in by_kind["not_a_number"].why_not(LABELS, graded)
    assert "any number" in by_kind["out_of_range"].why_not(Asked(rule="score >= threshold", labels=2, unit_range=False), scored)
    assert by_kind["out_of_range"].why_not(SCORES, scored) == ""
    assert by_kind["exception"].why_not(LABELS, graded) == ""


def test_spoilt_inputs_keep_their_types_and_rows() -> None:
    whole = batch([0.5, 0.6, 0.7])
    missing, far, unknown = (fault.batch(whole) for fault in INPUT_FAULTS)
    assert missing is not None
    assert far is not None
    assert unknown is not None
    for spoilt in (missing, far, unknown):
        assert spoilt.features.schema.types == whole.features.schema.types  # type: ignore[union-attr]
        assert (spoilt.rows, spoilt.start) == (3, 7)
    assert missing.features.column("token").null_count == 3  # type: ignore[union-attr]
    assert far.features.column("x").to_pylist() == [1e30] * 3  # type: ignore[union-attr]
    assert far.features.column("n").to_pylist() == [2**31 - 1] * 3  # type: ignore[union-attr]
    assert far.features.column("token").equals(whole.features.column("token"))  # type: ignore[union-attr]
    assert unknown.features.column("token").to_pylist() == ["no such category"] * 3  # type: ignore[union-attr]
    assert unknown.features.column("x").equals(whole.features.column("x"))  # type: ignore[union-attr]


def test_a_column_that_cannot_go_wrong_so_is_left_and_without_any_there_is_no_batch() -> None:
    tokens = Batch(start=0, rows=1, features=pa.table({"token": ["tok_1"]}))
    coded = Batch(start=0, rows=2, features=pa.table({"token": pa.array(["tok_1", "tok_2"]).dictionary_encode()}))
    far, unknown = INPUT_FAULTS[1], INPUT_FAULTS[2]
    assert far.batch(tokens) is None
    assert far.batch(Batch(start=0, rows=1)) is None
    spoilt = unknown.batch(coded)
    assert spoilt is not None
    assert spoilt.features.column("token").to_pylist() == ["no such category"] * 2  # type: ignore[union-attr]


def test_rows_are_taken_with_ids_and_features_and_nothing_else() -> None:
    whole = Batch(
        start=10, rows=3, ids=pa.array(["a", "b", "c"]), labels=np.array([1, 0, 1], dtype=np.int8), features=pa.table({"x": [1, 2, 3]})
    )
    part = rows_of(whole, 1, 3)
    assert (part.start, part.rows, part.ids.to_pylist(), part.labels) == (11, 2, ["b", "c"], None)  # type: ignore[union-attr]
    assert part.features.column("x").to_pylist() == [2, 3]  # type: ignore[union-attr]
