"""What an item costs more with the classifier than with a person: against every item one by one, and bounds that cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_workspace import policy
from team_by_hand import NOBODY, tally

from evalharness.catalogue import paired_metrics, task_metrics
from evalharness.metrics import measure
from evalharness.metrics.answers import answer
from evalharness.metrics.costs import cost_of_outcome
from evalharness.metrics.oversight_rater_cost import rater_cost_estimates
from evalharness.metrics.prospects import prospects
from evalharness.records import Costs, CostUnit, Estimate, Policy, Question
from evalharness.requirements import policy_from_document
from evalharness.tally import ConfusionTally
from evalharness.tally.paired import PairedCounter
from evalharness.workflows.oversight.raters import PARTS, person_rows

LATE = CostUnit(name="late", relevant_set_aside=1.0)
MINUTES = CostUnit(name="minutes", relevant_review=3.0, not_relevant_review=3.0)
MIXED = CostUnit(name="mixed", relevant_review=2.0, relevant_set_aside=9.0, not_relevant_review=1.0, not_relevant_set_aside=1.5)
UNITS = (LATE, MINUTES, MIXED)
OF = task_metrics("binary")
CHANCES = {1: ([0.1, 0.15, 0.75], 0.8), 0: ([0.05, 0.8, 0.15], 0.1)}
"""By truth: of no answer, set aside and selected; and how often the person says relevant."""


def priced(*units: CostUnit) -> Policy:
    of = policy_from_document(policy(), "sha256:" + "0" * 64)
    return replace(of, costs=Costs(units=units, stated_by="authors", stated_on=date(2026, 11, 1)))


def counted(truth: np.ndarray, person: np.ndarray, decided: np.ndarray) -> ConfusionTally:
    wanted = tuple(metric for metric in paired_metrics(OF) if metric.name != "accuracy")
    counter = PairedCounter(NOBODY, clustered=False, of=(*wanted, *PARTS))
    counter.add(truth.astype(np.int8), person.astype(np.int8), decided.astype(np.int8), {}, None)
    return replace(tally([0, 0, 0, 0, 0, 0]), shares=tuple(person_rows(counter.result())))


def one_by_one(unit: CostUnit, truth: np.ndarray, person: np.ndarray, decided: np.ndarray) -> float:
    costs = cost_of_outcome(unit, OF)
    of = {(1, 1): 0, (0, 1): 1, (1, 0): 2, (0, 0): 3, (1, -1): 4, (0, -1): 5}
    both = ([costs[of[t, d]] for t, d in zip(truth.tolist(), said.tolist(), strict=True)] for said in (decided, person))
    model, human = both
    return float(np.mean(model) - np.mean(human))


def of_unit(of: ConfusionTally, unit: CostUnit) -> Estimate:
    (found,) = rater_cost_estimates(of, priced(unit), 0.95)
    return found


items = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(-1, 1)), min_size=2, max_size=60)


@settings(deadline=None, max_examples=60)
@given(items)
def test_it_is_the_mean_difference_of_the_items(rows: list[tuple[int, int, int]]):
    truth, person, decided = (np.array(column) for column in zip(*rows, strict=True))
    of = counted(truth, person, decided)
    for unit in UNITS:
        found = of_unit(of, unit)
        if len(set(truth.tolist())) < 2:
            assert found.value is None
            assert found.reason
            continue
        assert found.value == pytest.approx(one_by_one(unit, truth, person, decided), abs=1e-9)
        low, high = found.bounds
        assert low is not None
        assert high is not None
        assert low <= found.value <= high


def drawn(rng: np.random.Generator, items: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person and classifier go wrong together more often than chance would have it."""
    truth = (rng.random(items) < 0.3).astype(int)
    hard = rng.random(items)
    cut = {t: np.cumsum(CHANCES[t][0]) for t in (0, 1)}
    relevant = np.searchsorted(cut[1], hard) - 1
    other = np.searchsorted(cut[0], hard) - 1
    says = np.where(rng.random(items) < 0.5, hard, rng.random(items))
    person = np.where(truth == 1, says > 1 - CHANCES[1][1], says > 1 - CHANCES[0][1]).astype(int)
    return truth, person, np.where(truth == 1, relevant, other)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_bounds_cover_the_truth(unit: CostUnit):
    rng, below, above, runs = np.random.default_rng(4), 0, 0, 150
    truth = one_by_one(unit, *drawn(rng, 200_000))
    for _ in range(runs):
        low, high = of_unit(counted(*drawn(rng, 500)), unit).bounds
        assert low is not None
        assert high is not None
        below, above = below + (high < truth), above + (low > truth)
    assert below / runs <= 0.05
    assert above / runs <= 0.05


def test_a_question_is_answered_as_it_was_measured():
    of, by = counted(*drawn(np.random.default_rng(1), 800)), priced(*UNITS)
    asked = Question(requirement="r", metric="cost_against_human", comparison="at_most", bound=0.3, unit="late")
    (known,) = (one for one in measure(of, by, 0.95, [asked]) if one.metric == "cost_against_human" and one.unit == "late")
    assert answer(of, asked, by, 0.95) == known
    assert answer(of, replace(asked, group=(("sex", "F"),)), by, 0.95) is None
    assert prospects(of, [asked], by, 0.95)[asked].attainable
    nobody = replace(of, shares=())
    assert "no labels of people" in prospects(nobody, [asked], by, 0.95)[asked].reason
    few = counted(np.array([1, 0]), np.array([1, 0]), np.array([1, 0]))
    assert not prospects(few, [replace(asked, bound=0.0)], by, 0.95)[replace(asked, bound=0.0)].attainable
