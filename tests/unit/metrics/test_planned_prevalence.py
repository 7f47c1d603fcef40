"""Plans of shares at a stated prevalence: against simulated tests that evaluate would judge, and against what is told after a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tallies_by_hand import clustered, everybody, independent, policy

from evalharness.catalogue import BINARY_METRICS
from evalharness.catalogue.prevalence import shift_of
from evalharness.errors import Fault
from evalharness.metrics.planned import WRONG_SIDE, plan_requirement
from evalharness.metrics.planned_base import Bases
from evalharness.metrics.planned_prevalence import class_errors
from evalharness.metrics.planned_terms import Terms
from evalharness.metrics.planned_values import Values
from evalharness.metrics.prevalence import at_prevalence
from evalharness.metrics.prospects import prospects
from evalharness.records import Condition, PlannedRequirement, Question, Requirement
from evalharness.tally import ConfusionTally

LEVEL = 0.95
TRUTH = everybody([500, 0, 0, 9500, 0, 0])
RECALL = Requirement(id="found", metric="recall", comparison="at_least", bound=0.9)
ALARMS = Requirement(id="alarms", metric="false_positive_rate", comparison="at_most", bound=0.2)
BY_NAME = {metric.name: metric for metric in BINARY_METRICS}
SHIFTED = sorted(name for name, metric in BY_NAME.items() if shift_of(metric))


def planned(
    tally: ConfusionTally,
    metric: str,
    comparison: Any,
    bound: float,
    *,
    at: float = 0.01,
    others: tuple[Requirement, ...] = (),
    groups: tuple[Any, ...] = ((),),
    drawn_at: float | None = None,
    **stated: float,
) -> PlannedRequirement:
    """One requirement at prevalence `at`, on a tally of a model that makes no error; `stated` true values by id (its own: asked)."""
    on = Condition(prevalence=at)
    asked = Requirement(id="asked", metric=metric, comparison=comparison, bound=bound, on=on)
    of = replace(policy(), requirements=(asked, *others))
    questions = [Question(requirement="asked", metric=metric, comparison=comparison, bound=bound, group=group, on=on) for group in groups]
    bases = Bases(tally, of, drawn_at, None)
    terms = Terms(bases=bases, values=Values(bases, of, stated), policy=of, level=LEVEL, minutes=None, labels=1)
    return plan_requirement(terms, asked, questions)[0]


CASES = [
    ("precision", "at_least", 0.05, 0.075, (RECALL,)),
    ("false_discovery_rate", "at_most", 0.9, 0.85, (RECALL,)),
    ("selection_rate", "at_most", 0.3, 0.25, (RECALL, ALARMS)),
    ("elusion", "at_most", 0.01, 0.005, (RECALL, ALARMS)),
    ("accuracy", "at_least", 0.9, 0.93, ()),
    ("no_answer_rate", "at_most", 0.02, 0.01, ()),
]


def rates_of(found: PlannedRequirement) -> tuple[float, float]:
    """Errors of both classes, as the plan names them."""
    words = found.assumptions[0].split(" % ")
    return float(words[0].split()[-1]) / 100, float(words[1].split()[-1]) / 100


@pytest.mark.parametrize(("metric", "comparison", "goal", "value", "others"), CASES)
def test_eight_in_ten_tests_of_this_size_are_met(metric: str, comparison: str, goal: float, value: float, others: tuple[Requirement, ...]):
    found = planned(TRUTH, metric, comparison, goal, others=others, asked=value)
    assert found.lead.items is not None
    assert found.denominator == "items of both classes"
    missed, wrongly = rates_of(found)
    relevant, irrelevant = round(found.lead.items * 0.05), round(found.lead.items * 0.95)
    draw = np.random.default_rng(5)
    wrong = np.column_stack([draw.binomial(relevant, missed, 400), draw.binomial(irrelevant, wrongly, 400)])
    question = Question(requirement="asked", metric=metric, comparison=comparison, bound=goal, on=Condition(prevalence=0.01))
    seen, met = {}, 0
    for a, b in map(tuple, wrong.tolist()):
        if (a, b) not in seen:
            counts = (
                [relevant - a, 0, 0, irrelevant - b, a, b] if metric == "no_answer_rate" else [relevant - a, b, a, irrelevant - b, 0, 0]
            )
            estimate = at_prevalence(everybody(counts), question, LEVEL)
            seen[a, b] = estimate.lower >= goal if comparison == "at_least" else estimate.upper <= goal
        met += seen[a, b]
    assert met / 400 == pytest.approx(0.8, abs=0.08)


@settings(max_examples=25, deadline=None)
@given(
    relevant=st.tuples(st.integers(30, 60), st.integers(1, 12)), others=st.tuples(st.integers(1, 30), st.integers(60, 200)),
    size=st.integers(1, 3), at=st.sampled_from([0.01, 0.1, 0.4]),
    metric=st.sampled_from(["precision", "elusion", "selection_rate", "accuracy"]),
)  # fmt: skip
def test_it_asks_for_as_many_as_is_told_after_a_run_with_the_same_rates(
    relevant: tuple[int, int], others: tuple[int, int], size: int, at: float, metric: str
):
    """Clusters of `size` equal items, so that the model's answers change nothing about what items are worth."""
    (found, missed), (flagged, left) = relevant, others
    counts, right = (found, flagged, missed, left, 0, 0), (found + missed, 0, 0, flagged + left, 0, 0)
    run, truth = (clustered([[size * (k == o) for k in range(6)] for o, n in enumerate(c) for _ in range(n)]) for c in (counts, right))
    errors = missed / (found + missed), flagged / (flagged + left)
    value = class_errors(BY_NAME[metric], at).value(errors)
    assert value is not None
    more = metric in {"precision", "accuracy"}
    goal = value * 0.8 if more else min(value * 1.3, 0.999)
    question = Question(
        requirement="asked", metric=metric, comparison="at_least" if more else "at_most", bound=goal, on=Condition(prevalence=at)
    )
    after = prospects(run, [question], policy(), LEVEL)[question].needed
    known = {"others": (RECALL,), "found": 1 - errors[0]} if metric != "elusion" else {"others": (ALARMS,), "alarms": errors[1]}
    before = planned(truth, metric, question.comparison, goal, at=at, asked=value, **known)  # type: ignore[arg-type]
    assert rates_of(before) == pytest.approx(errors, rel=1e-3)
    assert before.lead.items == pytest.approx(after, rel=0.03, abs=2 * size)


@given(name=st.sampled_from(SHIFTED), at=st.floats(0.001, 0.999), errors=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_the_value_of_two_errors_is_that_of_the_metric_weighed_anew(name: str, at: float, errors: tuple[float, float]):
    of, metric = class_errors(BY_NAME[name], at), BY_NAME[name]
    (missed, wrongly), inside = errors, (at, 1 - at)
    wrong = (0, 0, 0, 0, at * missed, (1 - at) * wrongly) if of.refused else (0, inside[1] * wrongly, at * missed, 0, 0, 0)
    counts = np.array(wrong) + np.array([at * (1 - missed), 0, 0, inside[1] * (1 - wrongly), 0, 0])
    below = counts @ np.array(metric.denominator)
    expected = None if below == 0 else counts @ np.array(metric.numerator) / below
    assert of.value(errors) == (None if expected is None else pytest.approx(expected, rel=1e-6, abs=1e-12))


@given(name=st.sampled_from(SHIFTED), at=st.floats(0.01, 0.49), errors=st.tuples(st.floats(0.01, 0.49), st.floats(0.01, 0.49)))
def test_errors_are_found_again_from_the_value(name: str, at: float, errors: tuple[float, float]):
    of = class_errors(BY_NAME[name], at)
    value = of.value(errors)
    assert value is not None
    for known in (0, 1):
        assert of.beside(value, known, errors[known]) == pytest.approx(errors, abs=1e-6)
    same = of.value((errors[0], errors[0]))
    assert same is not None
    assert of.alike(same) == pytest.approx((errors[0], errors[0]), abs=1e-6)


def test_the_class_that_matters_less_is_as_another_requirement_has_it():
    precision = planned(TRUTH, "precision", "at_least", 0.05, others=(RECALL, ALARMS), asked=0.1, found=0.97)
    assert rates_of(precision)[0] == pytest.approx(0.03)
    assert "as stated for found" in precision.assumptions[0]
    elusion = planned(TRUTH, "elusion", "at_most", 0.01, others=(RECALL, ALARMS), asked=0.004, found=0.97)
    assert rates_of(elusion)[1] == pytest.approx(0.1)
    assert "half-way for alarms" in elusion.assumptions[0]
    alone = planned(TRUTH, "precision", "at_least", 0.05, asked=0.1)
    assert rates_of(alone)[0] == rates_of(alone)[1]
    assert "equally often" in alone.assumptions[0]


def test_where_nothing_is_stated_there_are_four_values_up_to_a_model_without_error_at_this_prevalence():
    found = planned(TRUTH, "selection_rate", "at_most", 0.3, at=0.02)
    assert [a.value for a in found.alternatives] == [0.23, 0.16, 0.09, 0.02]
    needed = [a.items for a in found.alternatives]
    assert needed == sorted(needed, reverse=True)
    assert found.leading == 1


def test_groups_are_shown_together_and_each_has_its_part():
    tally = independent({("a",): (300, 0, 0, 3000, 0, 0), ("b",): (60, 0, 0, 600, 0, 0)})
    groups = ((("group", "a"),), (("group", "b"),))
    one = planned(tally, "precision", "at_least", 0.05, asked=0.1, groups=groups[1:])
    both = planned(tally, "precision", "at_least", 0.05, asked=0.1, groups=groups)
    assert one.lead.items is not None
    assert both.lead.items is not None
    assert one.lead.items <= both.lead.items
    assert [cell.group for cell in both.cells] == list(groups)
    assert all(cell.units is not None and cell.power is not None for cell in both.cells)
    assert [cell.has_units for cell in both.cells] == [3300, 660]


def test_items_are_told_as_they_will_be_drawn():
    """Twenty relevant items take more of a stream in which they are rarer; what the benchmark can show stays."""
    here, rarer = (planned(TRUTH, "elusion", "at_most", 0.01, others=(ALARMS,), asked=0.004, drawn_at=share) for share in (None, 0.01))
    assert rarer.lead.items > 3 * here.lead.items
    assert rarer.lead.power == here.lead.power


def test_unequal_clusters_take_more():
    sizes = (1, 1, 1, 1, 2, 8)
    parts = [[n, 0, 0, 0, 0, 0] for n in sizes * 30] + [[0, 0, 0, n, 0, 0] for n in sizes * 30]
    even = [[4, 0, 0, 0, 0, 0]] * 105 + [[0, 0, 0, 4, 0, 0]] * 105
    wide, same = (planned(clustered(of), "accuracy", "at_least", 0.8, asked=0.9) for of in (parts, even))
    assert wide.lead.items > same.lead.items
    assert any("unequal size" in text for text in wide.assumptions)


def test_what_cannot_be_planned_says_why():
    assert planned(TRUTH, "precision", "at_least", 0.05, asked=0.04).lead.reason == WRONG_SIDE
    assert "no rates" in planned(TRUTH, "selection_rate", "at_most", 0.3, asked=0.001).lead.reason
    nobody = independent({("a",): (30, 0, 0, 300, 0, 0), ("b",): (0, 0, 0, 600, 0, 0)})
    found = planned(nobody, "precision", "at_least", 0.05, asked=0.1, groups=((("group", "b"),),))
    assert "no relevant items" in found.lead.reason
    assert found.cells[0].units is None
    with pytest.raises(Fault, match="does not depend"):
        class_errors(BY_NAME["recall"], 0.1)
