"""Metrics of pairs: what changed is over the pairs that could have changed, and no answer counts against the classifier."""

from __future__ import annotations

import pytest

from evalharness.catalogue import COPY_METRICS, METRICS, TASKS, copy_metrics
from evalharness.errors import Fault

PAIRED = [task for task in TASKS if task != "linkage"]


@pytest.mark.parametrize("task", PAIRED)
def test_every_metric_is_a_share_of_pairs_that_a_policy_can_bound_from_above(task: str) -> None:
    of = copy_metrics(task)
    assert "flip_rate" in of.metrics
    for metric in of.metrics.values():
        assert (metric.kind, metric.better, metric.decides, metric.gaps) == ("proportion", "lower", True, False)
        assert len(metric.numerator) == len(metric.denominator) == len(of.outcomes)
        assert all(part <= whole for part, whole in zip(metric.numerator, metric.denominator, strict=True))


@pytest.mark.parametrize("task", PAIRED)
def test_no_metric_gains_by_an_answer_that_is_not_given(task: str) -> None:
    of = copy_metrics(task)
    for metric in of.metrics.values():
        for outcome, part, whole in zip(of.outcomes, metric.numerator, metric.denominator, strict=True):
            if whole and outcome.startswith("no_answer"):
                assert part == 1
            if outcome.startswith("same"):
                assert part == 0


def test_a_change_counts_once_in_the_share_of_all_and_once_in_its_direction() -> None:
    of = copy_metrics("binary")
    flip, missed, selected = (of.metrics[name].numerator for name in ("flip_rate", "newly_missed_rate", "newly_selected_rate"))
    for place, outcome in enumerate(of.outcomes):
        harm = missed[place] + selected[place]
        good = outcome in {"selected_relevant", "set_aside_irrelevant"}
        assert flip[place] == harm + good


def test_links_have_none_and_an_unknown_task_is_a_fault() -> None:
    assert not copy_metrics("linkage").metrics
    with pytest.raises(Fault):
        copy_metrics("triage")


def test_no_name_means_two_things() -> None:
    assert not set(COPY_METRICS) & set(METRICS)
