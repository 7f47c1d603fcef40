"""Evidence of every task: what is read, what is refused, and what does not add up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from task_evidence import TASKS, build, tally_of

from evalharness.errors import Altered
from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.compare import compare_subjects
from evalharness.evidence.reach import Reach, reach_of
from evalharness.evidence.rederive import rederive

Document = dict[str, Any]


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {task: build(task, tally=tally_of(task, refused=2)) for task in TASKS}


def changed(document: Document, change: Callable[[Document], None]) -> Document:
    copy = read_evidence(evidence_bytes(document)).document()
    change(copy)
    return copy


def read(document: Document) -> Evidence:
    return read_evidence(evidence_bytes(document))


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_read_back_as_it_was_written(documents: dict[str, Document], task: str):
    evidence = read(documents[task])
    assert evidence.document() == documents[task]
    assert rederive(evidence) == ()
    assert evidence.benchmark.task_metrics.task == task


def test_counts_stand_under_one_name_and_levels_only_where_there_are_any(documents: dict[str, Document]):
    assert "confusion" not in documents["ordinal"]["tallies"]
    assert all("ordinal" not in documents[task]["tallies"] for task in TASKS if task != "ordinal")
    assert {task for task in TASKS if "levels" in documents[task]["benchmark"]} == {"ordinal", "risk"}


def _swap_levels(document: Document) -> None:
    document["benchmark"]["levels"].reverse()


def _one_level_less(document: Document) -> None:
    document["tallies"]["ordinal"][0]["labels"].pop()


def _short_second(document: Document) -> None:
    document["tallies"]["moments"][3]["second"].pop()


def _second_of_six(document: Document) -> None:
    document["tallies"]["moments"][0]["second"] = [0] * 21


def _no_levels(document: Document) -> None:
    del document["benchmark"]["levels"]


def _levels_said_to_be_none(document: Document) -> None:
    document["benchmark"]["levels"] = []


def _level_twice(document: Document) -> None:
    document["benchmark"]["levels"] = ["none", "C", "C", "A"]


def _confusion_too(document: Document) -> None:
    six = ("tp", "fp", "fn", "tn", "no_answer_positive", "no_answer_negative")
    document["tallies"]["confusion"] = [{"group": {}, **dict.fromkeys(six, 0)}]


def _negative(document: Document) -> None:
    document["tallies"]["ordinal"][0]["matrix"][0][0] = -1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_swap_levels, "levels of the benchmark"),
        (_one_level_less, "one row for each level"),
        (_short_second, "not the moments of 20 outcomes"),
        (_second_of_six, "not the moments of 20 outcomes"),
        (_no_levels, "benchmark.levels: 0 levels"),
        (_levels_said_to_be_none, "has no such name"),
        (_level_twice, "twice"),
        (_confusion_too, "not the counts of the task"),
        (_negative, "greater than or equal to 0"),
    ],
)
def test_grades_that_do_not_fit_their_levels_are_no_evidence(documents: dict[str, Document], change: Callable[[Document], None], what: str):
    with pytest.raises(Altered, match=what):
        read(changed(documents["ordinal"], change))


def test_counts_of_another_task_are_no_evidence(documents: dict[str, Document]):
    for task, other in (("binary", "ordinal"), ("ordinal", "binary")):
        document = changed(documents[task], lambda d, task=other: d["benchmark"].update(task=task))
        with pytest.raises(Altered):
            read(document)

    def empty_ordinal(document: Document) -> None:
        document["tallies"]["ordinal"] = []

    with pytest.raises(Altered, match="no such name"):
        read(changed(documents["linkage"], empty_ordinal))


def _moved_item(document: Document) -> None:
    matrix = document["tallies"]["ordinal"][0]["matrix"]
    matrix[1][0], matrix[1][1] = matrix[1][0] - 1, matrix[1][1] + 1


def _answered(document: Document) -> None:
    row = document["tallies"]["ordinal"][0]
    row["no_answer"][3], row["matrix"][3][3] = 0, row["matrix"][3][3] + row["no_answer"][3]


def _other_metric(document: Document) -> None:
    next(e for e in document["estimates"] if e["metric"] == "exact_agreement")["metric"] = "recall"


def _better_than_counted(document: Document) -> None:
    document["attainable"][0]["value"] = 0.99


def _of_fewer(document: Document) -> None:
    document["attainable"][1]["n"] -= 1


def _of_nobody(document: Document) -> None:
    document["attainable"][1]["group"] = {"sex": "X"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_moved_item, "do not add up to everybody"),
        (_moved_item, "exact_agreement, overall: the value is"),
        (_answered, "more items are counted as answered than answers were used"),
        (_other_metric, "recall is not a metric of this task"),
        (_better_than_counted, "attainable: exact_agreement, overall: 0.99 is recorded"),
        (_of_fewer, "not the items that are counted"),
        (_of_nobody, "not a group and metric that are counted"),
    ],
)
def test_altered_grades_do_not_add_up(documents: dict[str, Document], change: Callable[[Document], None], what: str):
    assert any(what in problem for problem in rederive(read(changed(documents["ordinal"], change))))


def test_a_top_band_is_the_highest_level(documents: dict[str, Document]):
    def upside_down(document: Document) -> None:
        document["benchmark"]["levels"].reverse()

    def bandless(document: Document) -> None:
        del document["benchmark"]["levels"]

    for change in (upside_down, bandless):
        assert any("not the highest of benchmark.levels" in p for p in rederive(read(changed(documents["risk"], change))))


def test_other_levels_are_a_change_of_the_benchmark(documents: dict[str, Document]):
    def fewer(document: Document) -> None:
        document["benchmark"]["levels"] = ["low", "high"]

    texts = [c.text for c in compare_subjects(read(documents["risk"]), read(changed(documents["risk"], fewer)))]
    assert texts == ["benchmark: levels low < medium < high → low < high"]
    texts = [c.text for c in compare_subjects(read(documents["binary"]), read(documents["risk"]))]
    assert any("task binary → risk" in text for text in texts)


def test_what_two_classes_are_said_to_attain_is_what_was_counted(documents: dict[str, Document]):
    def better(document: Document) -> None:
        document["attainable"][0]["recall"] = 0.999

    def fewer(document: Document) -> None:
        document["attainable"][0]["positives"] = 1

    def of_another_task(document: Document) -> None:
        document["attainable"][0].update(metric="exact_agreement", value=0.9)

    for task in ("binary", "risk"):
        assert any("attainable: recall" in p for p in rederive(read(changed(documents[task], better))))
        assert any("not the relevant items" in p for p in rederive(read(changed(documents[task], fewer))))
        assert any("not a group and metric" in p for p in rederive(read(changed(documents[task], of_another_task))))


def reaches(evidence: Evidence) -> dict[tuple[str, str], Reach | None]:
    return {(f.requirement, ",".join(f.group.values())): reach_of(evidence, f) for f in evidence.findings}


@pytest.mark.parametrize(("task", "requirement"), [("ordinal", "agreement"), ("ranking", "found"), ("linkage", "links-found")])
@pytest.mark.parametrize(("best", "reached"), [(0.95, True), (0.6, False)])
def test_a_goal_on_what_is_attainable_is_reached_by_the_best_or_not(task: str, requirement: str, best: float, reached: bool):
    found = reaches(read(build(task, best=best)))
    assert found[requirement, ""] == Reach(best=best, reached=reached, at="", at_value=None)
    assert found["no-answer", ""] is None


@pytest.mark.parametrize("task", ["binary", "risk"])
def test_recall_is_held_against_the_best_at_the_same_alarms_and_alarms_at_the_same_recall(task: str):
    evidence = read(build(task, best=0.78, alarms=0.15))
    overall = (evidence.attainable or ())[0]
    found = reaches(evidence)
    first, second, each = (
        ("recall", "false-alarms", "recall-everyone") if task == "binary" else ("gravest-found", "wrongly-high", "everyone")
    )
    of_recall, of_alarms = found[first, ""], found[second, ""]
    assert of_recall == Reach(best=0.78, reached=task == "risk", at="false_positive_rate", at_value=overall.false_positive_rate)
    assert of_alarms == Reach(best=0.15, reached=task == "binary", at="recall", at_value=overall.recall)
    assert found[each, "F"] is not None


def test_gaps_intersections_and_unknown_truth_have_no_best(documents: dict[str, Document]):
    assert reaches(read(documents["ordinal"]))["gap", ""] is None

    def unknown(document: Document) -> None:
        document.update(attainable=None)

    assert set(reaches(read(changed(documents["binary"], unknown))).values()) == {None}
