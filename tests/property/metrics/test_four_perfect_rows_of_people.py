"""Four perfect readings, people, items or draws, whatever the metric of people and the ways they belong together: nothing stricter than
the exact bound of four. Every metric of people that may decide is here, so a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tallies_by_hand import BINARY, LEVEL, clustered, everybody, question
from tallies_by_hand import policy as plain_policy

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.catalogue.oversight.raters import PARTS_OF_COST
from evalharness.catalogue.oversight.work import READINGS
from evalharness.metrics import measure, prospects
from evalharness.metrics.oversight_differences import DIFFERENCES
from evalharness.metrics.oversight_odds import SHARES
from evalharness.metrics.oversight_work import week_of
from evalharness.records import CostUnit, Finding, Outcome, Policy, Question
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.records.oversight_sample import DISMISSED, KEPT, RECOGNITION, SET_ASIDE, Cases, Sampled, SampledPile, Seeded
from evalharness.records.oversight_work import Work
from evalharness.records.share import ShareRow, Way
from evalharness.requirements import judge
from evalharness.tally import ConfusionTally
from evalharness.tally.shares import count_shares

EXACT = 0.05 ** (1 / 4)
"""Lower 95 % bound of 4 of 4: .473; upper bound of 0 of 4: 1 less that."""
DUST = 1e-6
UNITS = {"team_cost": "late", "cost_against_human": "late"}
"""Of metrics that are asked in a unit of cost."""
DECIDING = {metric.name: metric for metric in OVERSIGHT_METRICS if metric.decides and not metric.complete}
TOGETHER = (None, (0, 0, 1, 1), (0, 0, 0, 1), (0, 0, 0, 0))
"""How four belong together in one way; None: the way is not there."""
BANDS = Bands(
    bands=(Band(name="read", selected=True, readers=1), Band(name="aside", rest=True, opened_within_days=30)),
)
Made = Iterator[tuple[ConfusionTally, Policy]]


def stated(*, bands: bool = False) -> Policy:
    """Chance says who sees what; many items a week, so that officers come in small steps."""
    policy = plain_policy(units=())
    assert policy.human_in_the_loop is not None
    human = replace(
        policy.human_in_the_loop, review_study=ReviewStudy(by_chance=True), bands=BANDS if bands else None, items_per_week=10**9,
        work=Work(officers=1, minutes_per_shift=1, shifts_per_week=1),
    )  # fmt: skip
    return replace(policy, human_in_the_loop=human)


def four(name: str, *, hits: bool, units: int = 1) -> Iterator[ShareRow]:
    """Four units, or four of `units` that hang together, in every mixture of two ways."""
    for case, reviewer in product(TOGETHER, TOGETHER):
        alone = np.arange(4) if units > 1 and case is None and reviewer is None else case
        ways = {n: np.repeat(np.array(w), units) for n, w in (("case", alone), ("reviewer", reviewer)) if w is not None}
        flags = np.full(4 * units, hits)
        yield from count_shares({name: (flags, np.ones(4 * units, dtype=np.bool_))}, ways)


def of_shares(wanted: dict[str, bool], policy: Policy, units: int = 1) -> Made:
    """All of these shares perfect; by name, whether what counts is good."""
    for rows in zip(*(four(name, hits=hits, units=units) for name, hits in wanted.items()), strict=True):
        yield replace(everybody([4, 0, 0, 4, 0, 0]), shares=rows), policy


def share(metric: Metric) -> tuple[Made, float]:
    return of_shares({metric.name: metric.better == "higher"}, stated()), EXACT if metric.better == "higher" else 1 - EXACT


def own(part: int, total: int) -> Way:
    """Every unit is a case of its own."""
    return Way(name="case", clusters=total, total2=total, part2=part, rest2=total - part)


def sampled(metric: Metric) -> tuple[Made, float]:
    """Of piles that are large; a pile of four that is drawn whole is known, and no sample."""

    def made() -> Made:
        for population, number in product((1_000, 100_000), (1, 2)):
            piles = tuple(
                SampledPile(name=name, population=population, drawn=4, relevant=4 * (name == KEPT), not_relevant=4 * (name != KEPT))
                for name in (SET_ASIDE, DISMISSED, KEPT)
            )
            found = Sampled(draw=number, sensitivity=1.0, piles=piles)
            seeded = replace(found, seeded=Seeded(missed=population, drawn=4, recognised=4, cases=own(4, 4)))
            cases = [replace(pile, cases=Cases(held=own(population, 3 * population), least=way, most=way))
                     for pile, way in zip(piles, [own(0, 4), own(0, 4), own(4, 4)], strict=True)]  # fmt: skip
            stream = replace(found, piles=tuple(cases))
            for each in (seeded,) if metric.name == RECOGNITION else (found, seeded, stream, replace(stream, looks=2)):
                yield replace(everybody([4, 0, 0, 4, 0, 0]), sampled=each), stated()

    return made(), EXACT if metric.better == "higher" else 1 - EXACT


def difference(metric: Metric) -> tuple[Made, float]:
    """Two shares apart as far as can be: no limit of theirs is stricter than that of four."""
    best = {
        name: (weight > 0) == (metric.better == "higher") for terms in DIFFERENCES[metric.name] for weight, name in terms
    }  # fmt: skip
    apart = EXACT - (1 - EXACT)
    return of_shares(best, stated()), apart if metric.better == "higher" else -apart


def odds(metric: Metric) -> tuple[Made, float]:
    return of_shares({SHARES[metric.name]: False}, stated()), (1 - EXACT) / EXACT


def work(metric: Metric) -> tuple[Made, float]:
    policy = stated(bands=True)
    week = week_of(policy)
    assert week is not None
    of = {"weekly_minutes": week.minutes, "weekly_backlog": week.backlog, "officers_needed": week.officers}[metric.name]
    return of_shares({READINGS: False}, policy, units=2), of(1 - EXACT)


def team(metric: Metric) -> tuple[Made, float]:
    """Four items decided rightly (left to people, where it is about what the classifier misses), and four readings of each kind."""
    counts = {"caught_rate": [0, 0, 0, 4, 4, 0]}.get(metric.name, [4, 0, 0, 4, 0, 0])
    right = {"dismissal_rate": False, "blind_reader_recall": True, "commission_rate": False, "blind_reader_specificity": True}

    def made() -> Made:
        for tally in (everybody(counts), clustered([np.array(counts) // 2] * 2), clustered([counts])):
            for rows in zip(*(four(name, hits=hits) for name, hits in right.items()), strict=True):
                yield replace(tally, shares=rows), stated()

    # a false alarm of both is one that the classifier made, four times never, and that people confirmed, four times never
    both = (1 - EXACT) ** 2 if metric.name == "team_false_alarm_rate" else 1 - EXACT
    return made(), EXACT if metric.better == "higher" else both


def cost(metric: Metric) -> tuple[Made, float]:
    """Four relevant items, all selected, of a unit in which one that is missed or dismissed costs 1; and four readings, none dismissing."""
    by = replace(
        plain_policy(units=(CostUnit(name=UNITS[metric.name], relevant_set_aside=1.0),)), human_in_the_loop=stated().human_in_the_loop
    )
    counts = [4, 0, 0, 0, 0, 0]

    def made() -> Made:
        for tally in (everybody(counts), clustered([np.array(counts) // 2] * 2), clustered([counts])):
            for rows in zip(four("dismissal_rate", hits=False), four("blind_reader_recall", hits=True), strict=True):
                yield replace(tally, shares=rows), by

    return made(), 1 - EXACT


def beside_a_person(metric: Metric) -> tuple[Made, float]:
    """Four relevant items that both decide rightly, and four others: none is found by one alone. What is lost has a bound all the same."""
    by = replace(
        plain_policy(units=(CostUnit(name=UNITS[metric.name], relevant_set_aside=1.0),)), human_in_the_loop=stated().human_in_the_loop
    )
    wanted = {one.name: False for one in PARTS_OF_COST if one.name != "rated_relevant"}
    half = count_shares({"rated_relevant": (np.arange(8) < 4, np.ones(8, dtype=np.bool_))}, {})

    def made() -> Made:
        for tally, _ in of_shares(wanted, by):
            yield replace(tally, shares=(*half, *tally.shares)), by

    return made(), (1 - EXACT) / 2


PERFECT: dict[str, Callable[[Metric], tuple[Made, float]]] = {
    "oversight": share,
    "sample": sampled,
    "oversight_difference": difference,
    "oversight_odds": odds,
    "oversight_work": work,
    "oversight_team": team,
    "oversight_team_cost": cost,
    "oversight_rater_cost": beside_a_person,
}
"""By kind (a drawn sample: by source), what four perfect rows of a metric are, and the bound that four show. A new kind needs a line."""


def perfect(metric: Metric) -> tuple[Made, float]:
    kind = metric.source if metric.source == "sample" else metric.kind
    if kind not in PERFECT:
        pytest.fail(f"say in PERFECT what four perfect rows of {metric.name} ({kind}) are")
    return PERFECT[kind](metric)


def judged(asked: Question, tally: ConfusionTally, policy: Policy) -> Finding:
    estimates = measure(tally, policy, LEVEL, [asked])
    (found,) = judge([asked], estimates, prospects(tally, [asked], policy, LEVEL), policy=policy, claim=policy.claim)
    return found


@pytest.mark.parametrize("name", DECIDING)
def test_four_perfect_rows_meet_nothing_stricter_than_the_exact_bound(name: str) -> None:
    metric = DECIDING[name]
    made, exact = perfect(metric)
    high = metric.better == "higher"
    goal = exact + DUST if high else exact - DUST * max(abs(exact), 1)
    asked = question(name, "at_least" if high else "at_most", goal, unit=UNITS.get(name, ""))
    outcomes = []
    for tally, policy in made:
        found = judged(asked, tally, policy)
        assert found.value is not None, found.reason
        assert found.outcome is Outcome.NOT_DEMONSTRATED, (found.outcome, found.reason, tally.shares, tally.sampled)
        assert not found.attainable, "four could not have shown it"
        outcomes.append(found.outcome)
    assert len(outcomes) >= 4


@pytest.mark.parametrize("name", DECIDING)
def test_a_goal_that_four_rows_can_show_is_met(name: str) -> None:
    """The test above can fail: what four independent rows do show is met, whatever shares alpha with it."""
    metric = DECIDING[name]
    made, _ = perfect(metric)
    tally, policy = next(made)
    high = metric.better == "higher"
    (estimate,) = [e for e in measure(tally, policy, LEVEL) if e.metric == name and not e.group]
    shown = estimate.bounds[0 if high else 1]
    assert shown is not None
    unit = UNITS.get(name, "")
    assert judged(question(name, "at_least" if high else "at_most", shown, unit=unit), tally, policy).outcome is Outcome.MET
    beyond = question(name, "at_least" if high else "at_most", shown + (DUST if high else -DUST) * max(abs(shown), 1), unit=unit)
    assert judged(beyond, tally, policy).outcome is Outcome.NOT_DEMONSTRATED


@pytest.mark.parametrize("name", [name for name, metric in DECIDING.items() if metric.kind == "oversight" and metric.source != "sample"])
def test_four_independent_rows_show_exactly_what_four_of_four_show(name: str) -> None:
    metric = DECIDING[name]
    made, exact = share(metric)
    tally, policy = next(made)
    (estimate,) = [e for e in measure(tally, policy, LEVEL) if e.metric == name]
    assert estimate.bounds[0 if metric.better == "higher" else 1] == pytest.approx(exact, abs=1e-9)


def test_no_metric_of_people_is_a_proportion_that_the_other_test_would_have_to_know() -> None:
    """Every metric of the catalogue that may decide is in one of both tests."""
    elsewhere = {"proportion", "scaled", "reciprocal", "cost", "composite", "complete"}
    of_people = {metric.name for metric in OVERSIGHT_METRICS}
    left = {m.name: m.kind for m in BINARY.metrics.values() if m.decides and m.name not in of_people and m.kind not in elsewhere}
    assert left == {}
    assert len(DECIDING) > 25
