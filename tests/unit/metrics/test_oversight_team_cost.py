"""What an item costs once classifier and people have decided: by hand, against a linear program, and what gives no figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import beta
from team_by_hand import BLIND, SELECTED, reader_row, stated, tally

from evalharness.metrics import measure
from evalharness.metrics.answers import answer
from evalharness.metrics.oversight_team_cost import READ_TWICE, team_cost_estimates
from evalharness.metrics.prospects import prospects
from evalharness.records import Costs, CostUnit, Estimate, Policy, Question
from evalharness.tally import ConfusionTally, Slices

COUNTS = [80, 30, 15, 170, 5, 10]
LATE = CostUnit(name="found_late", relevant_set_aside=1.0)
MINUTES = CostUnit(name="minutes", relevant_review=3.0, not_relevant_review=3.0)
INTRUSIONS = CostUnit(name="intrusions", not_relevant_review=1.0)
MIXED = CostUnit(name="mixed", relevant_review=2.0, relevant_set_aside=9.0, not_relevant_review=1.0, not_relevant_set_aside=1.5)
ASKED = Question(requirement="r", metric="team_cost", comparison="at_most", bound=0.3, unit="found_late")


def priced(*units: CostUnit, by: Policy | None = None) -> Policy:
    costs = Costs(units=units, stated_by="authors", stated_on=date(2026, 11, 1))
    return replace(stated(SELECTED, BLIND) if by is None else by, costs=costs)


def of_unit(of: ConfusionTally, unit: CostUnit, by: Policy | None = None) -> Estimate:
    (found,) = team_cost_estimates(of, priced(unit, by=by), 0.95)
    return found


def upper(k: int, n: int, alpha: float) -> float:
    return 1.0 if k == n else float(beta.ppf(1 - alpha, k + 1, n - k))


def lower(k: int, n: int, alpha: float) -> float:
    return 0.0 if k == 0 else float(beta.ppf(alpha, k, n - k + 1))


def test_who_is_found_late_is_missed_or_dismissed():
    found = of_unit(tally(COUNTS), LATE)
    assert found.value == pytest.approx((80 * 0.15 + 15 + 5 * 0.4) / 310)
    a = 0.05 / 3
    assert found.upper == pytest.approx(0.2 * upper(80, 310, a) + upper(15, 310, a) + 0.5 * upper(5, 310, a))
    assert found.lower == pytest.approx(0.1 * lower(80, 310, a) + lower(15, 310, a) + 0.3 * lower(5, 310, a))
    assert found.rests_on == ("declared: reviewers' accuracy",)
    assert (found.unit, found.n) == ("found_late", 310)


def test_minutes_are_of_what_is_read_whatever_readers_say():
    found = of_unit(tally(COUNTS), MINUTES)
    assert found.value == pytest.approx(3 * 125 / 310)
    assert found.bounds == pytest.approx((3 * lower(125, 310, 0.05), 3 * upper(125, 310, 0.05)))
    assert found.rests_on == (), "nothing of the readers enters"
    assert of_unit(tally(COUNTS), INTRUSIONS).value == pytest.approx(40 / 310)


def test_a_log_takes_the_place_of_what_is_declared():
    rows = (reader_row("dismissal_rate", 20, 200), reader_row("blind_reader_recall", 150, 200))
    found = of_unit(tally(COUNTS, *rows), LATE)
    a = 0.05 / 5
    assert found.value == pytest.approx((80 * 0.1 + 15 + 5 * 0.25) / 310)
    of = upper(20, 200, a) * upper(80, 310, a) + upper(15, 310, a) + (1 - lower(150, 200, a)) * upper(5, 310, a)
    assert found.upper == pytest.approx(of)
    assert found.rests_on == ()
    assert "alpha=0.05/5" in found.method.replace("0.050000000000000044", "0.05")


@settings(deadline=None, max_examples=60)
@given(
    counts=st.lists(st.integers(0, 60), min_size=6, max_size=6),
    prices=st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, 10.0]), min_size=4, max_size=4),
)
def test_no_mixture_of_items_inside_the_limits_costs_more_or_less(counts: list[int], prices: list[float]):
    """The bound is never tighter than what a linear program finds over all mixtures of the six kinds inside their own limits."""
    unit = CostUnit(
        name="unit",
        relevant_review=prices[0],
        relevant_set_aside=prices[1],
        not_relevant_review=prices[2],
        not_relevant_set_aside=prices[3],
    )
    n = sum(counts)
    found = of_unit(tally(counts), unit)
    if not n:
        assert found.value is None
        return
    low, high = found.bounds
    assert low is not None
    assert high is not None
    assert found.value is not None
    assert low <= found.value <= high
    for end, (kept, blind, confirmed, raised) in ((1, (0.8, 0.5, 0.2, 0.0)), (-1, (0.9, 0.7, 0.4, 0.1))):
        called = np.array([kept, confirmed, 0, 0, blind, raised])
        base = np.array([prices[0], prices[2], prices[1], prices[3], prices[0], prices[2]])
        more = np.array([prices[1], prices[3], 0, 0, prices[1], prices[3]])
        cost = base + more * (1 - called)
        limits = [(lower(k, n, 0.05), upper(k, n, 0.05)) for k in counts]
        worst = linprog(-end * cost, A_eq=np.ones((1, 6)), b_eq=[1.0], bounds=limits)
        assert worst.status == 0
        mean = float(cost @ worst.x)
        if prices[1] and prices[3]:  # else kinds cost alike whatever readers say, and their sum has one limit
            assert mean <= high + 1e-9 if end == 1 else mean >= low - 1e-9
    assert low >= 0
    assert high <= max(prices[0] + prices[1], prices[2] + prices[3], prices[1], prices[3]) + 1e-9


def test_every_unit_has_one_estimate_and_groups_where_they_are_asked_for():
    slices = Slices(attributes=("sex",), levels={"sex": ("F", "M")}, depth=1)
    of, by = tally(COUNTS, slices=slices), priced(LATE, MINUTES)
    told = [(e.unit, e.group) for e in measure(of, by, 0.95) if e.metric == "team_cost"]
    assert told == [("found_late", ()), ("minutes", ())]
    asked = replace(ASKED, group=(("sex", "F"),))
    told = [(e.unit, e.group) for e in measure(of, by, 0.95, [asked]) if e.metric == "team_cost"]
    assert told == [("found_late", ()), ("found_late", (("sex", "F"),)), ("minutes", ())]
    assert answer(of, asked, by, 0.95) == next(e for e in measure(of, by, 0.95, [asked]) if e.group and e.metric == "team_cost")


def test_what_more_data_could_show():
    by = priced(LATE)
    assert not prospects(tally([1, 0, 0, 3, 0, 0]), [ASKED], by, 0.95)[ASKED].attainable
    assert prospects(tally(COUNTS), [ASKED], by, 0.95)[ASKED].attainable
    far = replace(ASKED, bound=0.0001)
    assert prospects(tally(COUNTS), [far], by, 0.95)[far].reason.startswith("it rests on several shares")
    nobody = priced(LATE, by=stated())
    assert "neither a review log nor declared readers" in prospects(tally(COUNTS), [ASKED], nobody, 0.95)[ASKED].reason


def test_what_a_second_reading_costs_is_not_made_up():
    bands = [
        {"name": "opened", "from": "operating_point", "readers": 2},
        {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 30},
    ]
    found = of_unit(tally(COUNTS), LATE, by=stated(SELECTED, BLIND, bands=bands))
    assert (found.value, found.reason) == (None, READ_TWICE)


def test_readers_of_whom_nobody_says_anything_matter_only_where_their_decision_costs():
    by = stated(SELECTED)
    assert of_unit(tally(COUNTS), LATE, by=by).value is None
    assert of_unit(tally(COUNTS), MINUTES, by=by).value is not None
    assert of_unit(tally([80, 30, 15, 170, 0, 0]), LATE, by=by).value == pytest.approx((80 * 0.15 + 15) / 295)


@pytest.mark.parametrize("unit", [LATE, MIXED], ids=lambda unit: unit.name)
def test_bounds_cover_the_truth(unit: CostUnit):
    """Items of 400 and 120 readings of 12 readers, again and again: at most 5 % of the upper, and of the lower, bounds fail."""
    rng, runs = np.random.default_rng(11), 250
    chances = np.array([0.2, 0.1, 0.05, 0.6, 0.03, 0.02])
    kept, blind, confirmed, raised = 0.85, 0.7, 0.4, 0.1
    called = np.array([kept, confirmed, 0, 0, blind, raised])
    base = np.array([unit.relevant_review, unit.not_relevant_review, unit.relevant_set_aside, unit.not_relevant_set_aside] * 2)[
        [0, 1, 2, 3, 0, 1]
    ]
    more = np.array([unit.relevant_set_aside, unit.not_relevant_set_aside, 0, 0, unit.relevant_set_aside, unit.not_relevant_set_aside])
    truth = float(chances @ (base + more * (1 - called)))
    by, below, above = priced(unit, by=stated()), 0, 0
    for _ in range(runs):
        rows = (
            reader_row("dismissal_rate", int(rng.binomial(120, 1 - kept)), 120),
            reader_row("blind_reader_recall", int(rng.binomial(120, blind)), 120),
            reader_row("commission_rate", int(rng.binomial(120, confirmed)), 120),
            reader_row("blind_reader_specificity", int(rng.binomial(120, 1 - raised)), 120),
        )
        (found,) = team_cost_estimates(tally(rng.multinomial(400, chances).tolist(), *rows), by, 0.95)
        low, high = found.bounds
        assert low is not None
        assert high is not None
        below, above = below + (high < truth), above + (low > truth)
    assert below / runs <= 0.05
    assert above / runs <= 0.05
