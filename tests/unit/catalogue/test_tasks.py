"""The outcomes and metrics of each kind of decision."""

import pickle

import pytest

from evalharness.catalogue import METRICS, MOST_LEVELS, OUTCOMES, TASKS, TaskMetrics, level_problem, task_metrics
from evalharness.errors import Fault

GRADES = ("none", "C", "B", "A")
EVERY = [task_metrics(task, GRADES if task == "ordinal" else ()) for task in TASKS] + [
    task_metrics("ordinal", tuple("abcdefghi"[:size])) for size in range(2, MOST_LEVELS + 1)
]


def test_there_are_five_tasks_and_four_of_them_have_the_six_outcomes() -> None:
    assert TASKS == ("binary", "ordinal", "ranking", "linkage", "risk")
    assert [task_metrics(task).outcomes == OUTCOMES for task in TASKS] == [True, False, True, True, True]


@pytest.mark.parametrize("of", EVERY, ids=lambda of: f"{of.task} {len(of.levels)}")
def test_weights_are_as_long_as_the_outcomes_and_a_numerator_stays_inside_its_denominator(of: TaskMetrics) -> None:
    for metric in of.metrics.values():
        assert len(metric.numerator) == len(metric.denominator) == len(of.outcomes)
        assert set(metric.numerator) | set(metric.denominator) <= {0, 1}
        if metric.kind == "proportion":
            assert any(metric.numerator)
            assert all(n <= d for n, d in zip(metric.numerator, metric.denominator, strict=True))


@pytest.mark.parametrize("of", EVERY, ids=lambda of: f"{of.task} {len(of.levels)}")
def test_every_metric_with_a_denominator_finds_it_among_the_distinct_ones(of: TaskMetrics) -> None:
    assert len(set(of.denominators)) == len(of.denominators) == len(set(of.denominator_names)) == len(of.denominator_names)
    for metric in of.metrics.values():
        if any(metric.denominator):
            assert of.denominator_names[of.denominators.index(metric.denominator)] == metric.denominator_name
    assert (1,) * len(of.outcomes) in of.denominators


def test_the_denominators_of_the_binary_task_keep_their_order() -> None:
    names = (
        "relevant items",
        "irrelevant items",
        "items selected",
        "items set aside",
        "items",
        "items reviewed",
        "relevant items answered",
    )
    assert task_metrics("binary").denominator_names == names


@pytest.mark.parametrize("of", EVERY, ids=lambda of: f"{of.task} {len(of.levels)}")
def test_refusing_an_item_never_improves_a_metric_unless_it_needs_a_ceiling_on_refusals(of: TaskMetrics) -> None:
    """Against every answer that the item could have had: where it counts as better, a ceiling on refusals must stand beside."""
    for metric in of.metrics.values():
        if metric.kind != "proportion" or metric.better == "either" or not metric.decides:
            continue
        sign = 1 if metric.better == "higher" else -1
        for refused, answers in zip(of.refused, of.answers, strict=True):
            worst = min(sign * metric.numerator[answer] for answer in answers)
            stays = all(metric.denominator[answer] == metric.denominator[refused] for answer in answers)
            counts_as_worst = stays and sign * metric.numerator[refused] <= worst
            assert counts_as_worst or "no_answer_rate" in metric.needs_ceiling_on or metric.name in {"no_answer_rate", "review_rate"}


def test_an_item_without_an_answer_is_both_under_and_over_graded_where_it_could_be() -> None:
    metrics = task_metrics("ordinal", GRADES).metrics
    assert metrics["under_grading_1"].numerator[16:] == (0, 1, 1, 1)
    assert metrics["under_grading_2"].numerator[16:] == (0, 0, 1, 1)
    assert metrics["over_grading_1"].numerator[16:] == (1, 1, 1, 0)
    assert metrics["over_grading_2"].numerator[16:] == (1, 1, 0, 0)
    assert metrics["critical_miss"].numerator[16:] == (0, 0, 0, 1)


def test_with_two_levels_nothing_is_two_levels_off() -> None:
    names = task_metrics("ordinal", ("low", "high")).metrics.keys()
    assert names.isdisjoint({"under_grading_2", "over_grading_2", "adjacent_agreement", "gross_error", "recall_level_3"})
    assert {"under_grading_1", "over_grading_1", "recall_level_2", "precision_level_2"} <= names


def test_every_number_of_levels_too_low_or_too_high_that_there_can_be_has_a_metric() -> None:
    for size in range(2, MOST_LEVELS + 1):
        of = task_metrics("ordinal", tuple("abcdefghi"[:size]))
        for way in ("under", "over"):
            assert [name for name in of.metrics if name.startswith(f"{way}_grading_")] == [
                f"{way}_grading_{step}" for step in range(1, size)
            ]
        for share in ("recall", "precision"):
            assert [name for name in of.metrics if name.startswith(share)] == [f"{share}_level_{rank}" for rank in range(1, size + 1)]


def test_levels_are_counted_from_the_lowest_and_the_highest_keeps_its_denominator() -> None:
    of = task_metrics("ordinal", GRADES)
    counted = {name: [outcome for outcome, w in zip(of.outcomes, of.metrics[name].numerator, strict=True) if w] for name in of.metrics}
    assert counted["recall_level_1"] == counted["precision_level_1"] == ["none as none"]
    assert counted["recall_level_4"] == ["A as A"]
    assert of.metrics["recall_level_4"].denominator == of.metrics["critical_miss"].denominator
    assert of.metrics["recall_level_4"].denominator_name == "top-level items"
    assert of.metrics["recall_level_2"].denominator_name == "items of level 2"
    flagged = [outcome for outcome, w in zip(of.outcomes, of.metrics["precision_level_2"].denominator, strict=True) if w]
    assert flagged == ["none as C", "C as C", "B as C", "A as C"]


def test_a_gross_error_is_one_in_either_direction_and_what_is_none_is_adjacent() -> None:
    of = task_metrics("ordinal", GRADES)
    gross, adjacent, under, over = (
        of.metrics[name].numerator for name in ("gross_error", "adjacent_agreement", "under_grading_2", "over_grading_2")
    )
    assert gross == tuple(max(low, high) for low, high in zip(under, over, strict=True))
    assert gross[:16] == tuple(1 - near for near in adjacent[:16])
    assert (gross[16:], adjacent[16:]) == ((1, 1, 1, 1), (0, 0, 0, 0))
    three = task_metrics("ordinal", ("low", "middle", "high")).metrics
    assert (three["gross_error"].numerator[9:], three["adjacent_agreement"].numerator[9:]) == ((1, 0, 1), (0, 0, 0))


def test_what_could_be_left_out_may_be_required_only_beside_a_ceiling() -> None:
    for task, name in (
        ("ranking", "precision_at_budget"),
        ("linkage", "pairwise_precision"),
        ("risk", "precision"),
        ("ordinal", "precision_level_1"),
    ):
        assert task_metrics(task).metrics[name].needs_ceiling_on == ("no_answer_rate",)


def test_an_ordinal_task_without_levels_has_the_names_and_nothing_to_count() -> None:
    of = task_metrics("ordinal")
    assert list(of.metrics) == list(task_metrics("ordinal", tuple("abcdefghi")).metrics)
    assert set(of.metrics) > set(task_metrics("ordinal", GRADES).metrics)
    assert (of.outcomes, of.denominators, of.refused) == ((), (), ())
    assert all(metric.numerator == metric.denominator == () for metric in of.metrics.values())


def test_the_union_has_every_name_and_the_first_task_s_title() -> None:
    assert set(METRICS) == {name for of in EVERY for name in of.metrics}
    assert METRICS["no_answer_rate"] is task_metrics("binary").metrics["no_answer_rate"]
    assert METRICS["exact_agreement"].numerator == ()


def test_tasks_are_made_once_compared_by_what_they_are_and_can_be_sent_to_another_process() -> None:
    of = task_metrics("ordinal", GRADES)
    assert of is task_metrics("ordinal", GRADES)
    assert of != task_metrics("ordinal", GRADES[::-1])
    assert pickle.loads(pickle.dumps(of)) == of  # noqa: S301
    assert task_metrics("risk", ("low", "high")) != task_metrics("binary")


@pytest.mark.parametrize(
    ("task", "levels", "problem"),
    [
        ("ordinal", (), "0 levels"),
        ("ordinal", ("a",), "1 levels"),
        ("ordinal", tuple("abcdefghij"), "10 levels"),
        ("ordinal", ("a", "b", "a"), "twice"),
        ("risk", ("a", "a"), "twice"),
        ("binary", ("a", "b"), "it has none"),
    ],
)
def test_levels_that_cannot_be_counted_are_named(task: str, levels: tuple[str, ...], problem: str) -> None:
    assert problem in level_problem(task, levels)
    if levels:
        with pytest.raises(Fault, match=problem):
            task_metrics(task, levels)


def test_a_task_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(Fault, match="no task"):
        task_metrics("triage")
