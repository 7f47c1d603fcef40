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
    assert {name for name in task_metrics("ordinal", ("low", "high")).metrics if name.endswith("_2")} == set()


def test_what_could_be_left_out_may_be_required_only_beside_a_ceiling() -> None:
    for task, name in (("ranking", "precision_at_budget"), ("linkage", "pairwise_precision"), ("risk", "precision")):
        assert task_metrics(task).metrics[name].needs_ceiling_on == ("no_answer_rate",)


def test_an_ordinal_task_without_levels_has_the_names_and_nothing_to_count() -> None:
    of = task_metrics("ordinal")
    assert set(of.metrics) == set(task_metrics("ordinal", GRADES).metrics)
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
