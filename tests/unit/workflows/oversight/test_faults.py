"""Which faults are tried on a classifier, and which fate each item then has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from item_benchmark import ItemBenchmark, card_of, write_predictions
from tallies_by_hand import policy
from task_benchmark import TaskBenchmark

from evalharness.benchmarks.batch import Batch
from evalharness.catalogue.oversight.faults import UNROUTED
from evalharness.predictions import ANSWERED, Answers
from evalharness.records import OperatingPoint, Requirement
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.progress import silent
from evalharness.records.share import AS_HERE
from evalharness.workflows import scored_leads
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight import faults as module
from evalharness.workflows.oversight.faults import provide_faults
from evalharness.workflows.oversight.provided import Provided

HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
LABEL = OperatingPoint(rule="label", threshold=None)
ASKED = Requirement(id="r", metric=UNROUTED, comparison="equals", bound=0.0)
SCORED = {"exception", "not_a_number", "infinite", "out_of_range", "too_few", "too_many", "none", "wrong_type", "timeout", "reordered"}


class Scorer:
    """Scores by a function of the number in each row; None where the row is empty."""

    needs_ids = False
    needs_features = True

    def __init__(self, score: Callable[[float | None], float]) -> None:
        self.score = score

    def answer(self, batch: Batch) -> Answers:
        scores = np.array([self.score(value) for value in batch.features.column("x").to_pylist()])  # type: ignore[union-attr]
        return Answers(scores=scores, labels=None, status=np.full(batch.rows, ANSWERED, dtype=np.uint8))

    def accounting(self) -> Any:
        raise AssertionError("nobody asks")


class Grader(Scorer):
    """Gives levels, by the same function."""

    def answer(self, batch: Batch) -> Answers:
        labels = np.array([self.score(value) for value in batch.features.column("x").to_pylist()], dtype=np.int8)  # type: ignore[union-attr]
        return Answers(scores=None, labels=labels, status=np.full(batch.rows, ANSWERED, dtype=np.uint8))


class Stored(Scorer):
    needs_features = False


def careful(value: float | None) -> float:
    """High for whatever it does not know."""
    return value if value is not None and 0 <= value <= 1 else 0.99


def careless(value: float | None) -> float:
    """Low for whatever it does not know."""
    return value if value is not None and 0 <= value <= 1 else 0.01


def inputs(folder: Path, rows: int = 100, *, task: str = "binary", point: OperatingPoint = HALF, asked: bool = True, **more: Any) -> Inputs:
    levels = ("none", "low", "high") if task == "ordinal" else ()
    values = np.linspace(0, 1, rows) if rows > 1 else np.array([0.3])
    benchmark = ItemBenchmark([f"i{n}" for n in range(rows)], features={"x": pa.array(values)}, task=task, levels=levels)
    path = write_predictions(folder / "p.csv", {"id": pa.array(["a"]), "score": pa.array([0.5])})
    found = replace(policy(), task=task, operating_point=point, split="test", requirements=(ASKED,) if asked else (), **more)
    return Inputs(
        policy=found, card=card_of(path, sha256="sha256:" + "3" * 64), model_digest="sha256:" + "2" * 64, benchmark=benchmark,
        manifest=None, states=(), questions=(), every_question=(), exemptions=(),
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def provided(monkeypatch: pytest.MonkeyPatch) -> Callable[[Inputs, Scorer], Provided | None]:
    def provide(given: Inputs, classifier: Scorer) -> Provided | None:
        monkeypatch.setattr(module, "opened", lambda _: (classifier, ()))
        return provide_faults(given, silent)

    return provide


Provide = Callable[[Inputs, Scorer], Provided | None]


def by_kind(found: Provided | None) -> dict[str, dict[str, Any]]:
    assert found is not None
    return {kind["kind"]: kind for kind in found.parts["faults"]["by_kind"]}


def test_nothing_is_tried_unless_a_requirement_asks_for_it(provided: Provide, tmp_path: Path):
    assert provided(inputs(tmp_path, asked=False), Scorer(careful)) is None


def test_a_careful_classifier_sends_every_failure_to_a_person(provided: Provide, tmp_path: Path):
    found = provided(inputs(tmp_path), Scorer(careful))
    kinds = by_kind(found)
    assert kinds.keys() == SCORED | {"stale_model", "all_missing", "absurd_value"}
    assert found is not None
    (row,) = found.shares
    assert (row.part, row.rests_on) == (0, (AS_HERE,))
    assert row.total == sum(kind["to_a_person"] + kind["to_review"] for kind in kinds.values())
    assert kinds["all_missing"]["to_review"] == 32
    assert found.parts["faults"]["not_tried"].keys() == {"unknown_class", "negative_code", "unknown_category"}


def test_a_low_score_for_an_empty_item_is_a_fault_that_reached_nobody(provided: Provide, tmp_path: Path):
    found = provided(inputs(tmp_path), Scorer(careless))
    assert by_kind(found)["all_missing"]["set_aside"] == 32
    assert by_kind(found)["absurd_value"]["set_aside"] == 32
    assert found is not None
    assert found.shares[0].part == 64


def test_what_is_set_aside_depends_on_who_reads_the_band(provided: Provide, tmp_path: Path):
    """A low score reaches a person where the policy has the rest read."""
    given = inputs(tmp_path)
    people = policy_people(given, readers=1)
    assert by_kind(provided(people, Scorer(careless)))["all_missing"]["to_review"] == 32
    unread = policy_people(given, readers=0)
    assert by_kind(provided(unread, Scorer(careless)))["all_missing"]["set_aside"] == 32


def policy_people(given: Inputs, readers: int) -> Inputs:
    from evalharness.records.human_in_the_loop import HumanInTheLoop

    bands = Bands(bands=(Band(name="read", selected=True, readers=1), Band(name="rest", rest=True, readers=readers, opened_within_days=30)))
    people = HumanInTheLoop(
        minutes_per_review=1.0, items_per_week=10, sensitivity_low=0.7, sensitivity_high=1.0, source="declared", bands=bands
    )  # fmt: skip
    return replace(given, policy=replace(given.policy, human_in_the_loop=people))


def test_grades_reach_a_person_from_the_highest_level_on(provided: Provide, tmp_path: Path):
    found = provided(inputs(tmp_path, task="ordinal", point=LABEL), Grader(lambda value: 1 if value is None else 2 if value > 0.5 else 0))
    kinds = by_kind(found)
    assert {"unknown_class", "negative_code"} <= kinds.keys()
    assert kinds["all_missing"]["set_aside"] == 32, "the middle level"
    assert kinds["absurd_value"]["to_review"] == 32
    assert found is not None
    assert {"not_a_number", "infinite", "out_of_range", "unknown_category"} <= found.parts["faults"]["not_tried"].keys()


def test_another_order_is_no_fault_where_all_answers_are_the_same(provided: Provide, tmp_path: Path):
    found = provided(inputs(tmp_path), Scorer(lambda _: 0.7))
    assert found is not None
    assert "same answer" in found.parts["faults"]["not_tried"]["reordered"]


@pytest.mark.parametrize("rows", [1, 2, 31, 33, 65])
def test_a_split_may_be_smaller_than_the_items_of_a_fault(provided: Provide, tmp_path: Path, rows: int):
    kinds = by_kind(provided(inputs(tmp_path, rows), Scorer(careful)))
    assert sum(kinds["exception"][fate] for fate in ("to_a_person", "to_review", "set_aside", "lost")) == min(rows, 32)
    assert ("reordered" in kinds) is (rows > 1)


def test_a_classifier_that_does_not_even_answer_sound_items_is_not_tried_with_damaged_answers(provided: Provide, tmp_path: Path):
    def broken(value: float | None) -> float:
        raise ValueError("no")

    found = provided(inputs(tmp_path), Scorer(broken))
    assert found is not None
    assert "does not answer as it is" in found.parts["faults"]["not_tried"]["exception"]
    assert by_kind(found)["all_missing"]["to_a_person"] == 32


def test_who_links_records_answers_about_all_of_them_at_once(provided: Provide, tmp_path: Path):
    found = provided(inputs(tmp_path, task="linkage"), Scorer(careful))
    assert found is not None
    assert (found.shares, found.parts) == ((), {})
    assert "all of them at once" in found.limits[0]


def queued(folder: Path, budget: int, rows: int = 90) -> Inputs:
    """Leads of three days in turns; their scores rise with their place."""
    columns = {"queues": np.arange(rows) % 3, "arrived": np.arange(rows, dtype=np.float64)}
    benchmark = TaskBenchmark("ranking", columns, features={"x": pa.array(np.linspace(0.1, 0.9, rows))})
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=budget)
    return replace(inputs(folder, task="ranking", point=point), benchmark=benchmark)  # type: ignore[arg-type]


@pytest.mark.parametrize(("score", "fate"), [(careful, "to_review"), (careless, "set_aside")])
def test_a_lead_with_a_fault_is_within_the_budget_of_its_day_or_set_aside(
    provided: Provide, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, score: Callable[[float | None], float], fate: str
):
    monkeypatch.setattr(scored_leads, "opened", lambda _: (Scorer(score), ()))
    classifier = Scorer(score)
    monkeypatch.setattr(Scorer, "accounting", lambda _: None)
    kinds = by_kind(provided(queued(tmp_path, budget=4), classifier))
    assert kinds["all_missing"][fate] == kinds["absurd_value"][fate] == 32, "each of them alone in the queue as it is"
    assert kinds["exception"]["to_a_person"] == kinds["not_a_number"]["to_a_person"] == 32, "no answer is in no queue"
    everybody = by_kind(provided(queued(tmp_path, budget=30), classifier))
    assert everybody["all_missing"]["to_review"] == 32, "the budget is as large as the queue"


def test_stored_answers_have_no_call(provided: Provide, tmp_path: Path):
    found = provided(inputs(tmp_path), Stored(careful))
    assert found is not None
    assert (found.shares, found.parts) == ((), {})
    assert "stored answers" in found.limits[0]
