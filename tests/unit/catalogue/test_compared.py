"""What models are compared on: only what the truth alone counts, and right or wrong as the metric itself says."""

from __future__ import annotations

import pytest

from evalharness.catalogue import COMPARED, FALSE_LINKS, METRICS, OUTCOMES, TASKS, paired_metrics, task_metrics
from evalharness.catalogue.compared import right_of
from evalharness.errors import Fault

LEVELS = {"ordinal": ("none", "low", "high"), "risk": ("low", "high")}


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_compared_on_metrics_that_there_are(task: str):
    of, compared = task_metrics(task, LEVELS.get(task, ())), COMPARED[task]
    names = [metric.name for metric in paired_metrics(of)]
    assert names == list(compared.paired)
    assert set(compared.together) <= set(names)
    assert set(compared.errors or ()) <= set(names)
    assert {*compared.beside, *compared.drawn} <= set(of.metrics)
    assert [metric.name for metric in paired_metrics(of) if metric.together] == list(compared.together)


@pytest.mark.parametrize("task", TASKS)
def test_an_item_is_right_where_the_metric_counts_it_so_and_no_answer_is_right_nowhere_it_could_be_wrong(task: str):
    of = task_metrics(task, LEVELS.get(task, ()))
    for metric in paired_metrics(of):
        told = {**of.metrics, FALSE_LINKS.name: FALSE_LINKS}[metric.name]
        shares = []
        for row in metric.right:
            if row[0] != -1:
                assert row[0] == min(row)  # silence is never better than the worst answer
                shares += row
        counted = [w for w, d in zip(told.numerator, told.denominator, strict=True) if d]
        assert sorted(shares) == sorted(w if told.better == "higher" else 1 - w for w in counted)


def test_grades_by_hand():
    of = task_metrics("ordinal", ("none", "low", "high"))
    right = {metric.name: metric.right for metric in paired_metrics(of)}
    assert right["exact_agreement"] == ((0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))
    assert right["under_grading_1"] == ((1, 1, 1, 1), (0, 0, 1, 1), (0, 0, 0, 1))
    assert right["under_grading_2"] == ((1, 1, 1, 1), (1, 1, 1, 1), (0, 0, 1, 1))
    assert right["critical_miss"] == ((-1,) * 4, (-1,) * 4, (0, 0, 1, 1))
    two = [metric.name for metric in paired_metrics(task_metrics("ordinal", ("no", "yes")))]
    assert "under_grading_2" not in two


def test_what_depends_on_the_model_cannot_be_compared_item_by_item():
    for name in ("precision", "elusion", "negative_predictive_value", "f1"):
        with pytest.raises(Fault, match="depends on the model"):
            right_of(task_metrics("binary").metrics[name], task_metrics("binary"))


def test_false_links_are_no_metric_of_a_policy():
    assert FALSE_LINKS.name not in METRICS
    assert not FALSE_LINKS.decides
    assert FALSE_LINKS.why_not
    assert len(FALSE_LINKS.numerator) == len(OUTCOMES)
