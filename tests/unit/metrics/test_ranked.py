"""Measures of an order against plain Python: every arrangement inside ties is listed."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from evalharness.catalogue import described_metrics
from evalharness.metrics.ranked import RankedLeads, describe_ranking
from evalharness.records import Estimate
from evalharness.tally.ordered import WaitingLeads

LEADS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from([0.0, 0.5, 1.0, None]), st.sampled_from([1, 0, -1]), st.integers(0, 3), st.integers(1, 9)
    ),
    max_size=9,
)  # fmt: skip
Lead = tuple[int, float | None, int, int, int]


def ranked(leads: list[Lead], *, minutes: bool = True, groups: bool = False) -> RankedLeads:
    queues, scores, labels, arrived, spent = zip(*leads, strict=True) if leads else ((),) * 5
    positive = [k for k, label in enumerate(labels) if label == 1]
    return RankedLeads(
        leads=WaitingLeads(
            queues=np.array(queues, np.int64), labels=np.array(labels, np.int8), minutes=np.array(spent, float) if minutes else None
        ),
        scores=np.array([np.nan if score is None else score for score in scores], float),
        arrived=np.array(arrived, float),
        chances=None,
        groups={"sex": np.array([k % 2 for k in positive], np.int32)} if groups else {},
        levels={"sex": ("F", "M")},
    )


def found(leads: list[Lead], budget: int = 1, *, minutes: bool = True, goal: float | None = None) -> dict[str, Estimate]:
    estimates = describe_ranking(ranked(leads, minutes=minutes), budget=budget, goal=goal, level=0.95).estimates
    return {estimate.metric: estimate for estimate in estimates}


def arrangements(leads: list[Lead], key: str) -> list[list[int]]:
    """Rows of one queue in each order that the key leaves open, equally often."""
    value = {"model": lambda k: float("inf") if leads[k][1] is None else -(leads[k][1] or 0.0), "fifo": lambda k: leads[k][3]}
    return [sorted(order, key=value.get(key, lambda _: 0)) for order in permutations(range(len(leads)))]


def half(values: list[tuple[float, float]]) -> float | None:
    """The smallest value by which half of the weight is reached."""
    total = sum(weight for _, weight in values)
    reached = 0.0
    for value, weight in sorted(values):
        reached += weight
        if reached >= total / 2 * (1 - 1e-9):
            return value
    return None


@settings(deadline=None, max_examples=60)
@given(LEADS, st.integers(1, 3))
def test_places_of_relevant_leads_are_those_of_all_arrangements(leads: list[Lead], budget: int) -> None:
    queues = [[lead for lead in leads if lead[0] == queue] for queue in sorted({lead[0] for lead in leads})]
    assume(all(len(queue) <= 5 for queue in queues))
    estimates = found(leads, budget)
    beyond: dict[tuple[int, int], float] = {}
    for end, key in (("", "model"), ("_first_in_first_out", "fifo"), ("_random_order", "random")):
        ranks, late, firsts = [], [], []
        for q, queue in enumerate(queues):
            relevant = [k for k, lead in enumerate(queue) if lead[2] == 1]
            orders = arrangements(queue, key)
            if relevant:
                firsts.append(np.mean([min(order.index(k) for k in relevant) + 1 for order in orders]))
            for k in relevant:
                places = [order.index(k) + 1 for order in orders]
                ranks += [(place, 1 / len(orders)) for place in places]
                if key == "model":
                    missed = [place for place in places if place > budget or queue[k][1] is None]
                    beyond[q, k] = len(missed) / len(places)
                    late += [(place, 1 / len(orders)) for place in missed]
                else:
                    late += [(place, beyond[q, k] / len(orders)) for place in places]
        late = [(place, weight) for place, weight in late if weight]
        assert estimates["median_rank" + end].value == half(ranks)
        assert estimates["median_rank_of_missed" + end].value == half(late)
        days = estimates["median_days_of_missed" + end].value
        assert days == (None if not late else pytest.approx(half(late) / budget))
        first = estimates["rank_of_first_find" + end].value
        assert first == (pytest.approx(np.mean(firsts)) if firsts else None)
        assert all(e.reason and e.lower is None and e.upper is None for e in estimates.values())


@settings(deadline=None, max_examples=60)
@given(LEADS)
def test_waits_are_the_minutes_ahead_where_nothing_is_tied(leads: list[Lead]) -> None:
    scores = np.random.default_rng(len(leads)).permutation(len(leads))
    leads = [(queue, float(score), label, arrived, minutes) for (queue, _, label, arrived, minutes), score in zip(leads, scores)]  # noqa: B905
    waits, late, firsts = [], [], []
    for queue in {lead[0] for lead in leads}:
        order = sorted((lead for lead in leads if lead[0] == queue), key=lambda lead: -(lead[1] or 0.0))
        ahead = [sum(lead[4] for lead in order[:place]) for place in range(len(order))]
        own = [(wait, place) for place, (wait, lead) in enumerate(zip(ahead, order, strict=True)) if lead[2] == 1]
        waits += [(wait, 1.0) for wait, _ in own]
        late += [(wait, 1.0) for wait, place in own if place >= 2]
        firsts += [own[0][0]] if own else []
    estimates = found(leads, 2)
    assert estimates["median_wait"].value == half(waits)
    assert estimates["median_wait_of_missed"].value == half(late)
    assert estimates["time_to_first_find"].value == (pytest.approx(np.mean(firsts)) if firsts else None)


def made(days: int, seed: int = 1, size: int = 12) -> list[Lead]:
    draw = np.random.default_rng(seed)
    n = days * size
    labels = np.where(draw.random(n) < 0.25, 1, 0)
    return [
        (k // size, float(draw.random() + labels[k]), int(labels[k]), int(draw.integers(0, 99)), int(draw.integers(1, 9))) for k in range(n)
    ]


def test_means_over_days_are_those_of_scikit_learn() -> None:
    leads = made(40)
    precision, gain = [], []
    for queue in range(40):
        own = [lead for lead in leads if lead[0] == queue]
        labels, scores = [lead[2] for lead in own], [lead[1] for lead in own]
        if any(labels):
            precision.append(average_precision_score(labels, scores))
            gain.append(ndcg_score([labels], [scores]))
    estimates = found(leads)
    assert estimates["mean_average_precision"].value == pytest.approx(np.mean(precision))
    assert estimates["ndcg"].value == pytest.approx(np.mean(gain))
    assert estimates["ndcg"].n == len(gain)


def test_intervals_need_twenty_days_and_days_that_differ() -> None:
    assert all(e.lower is None and e.upper is None for e in found(made(19)).values())
    drawn = found(made(60), budget=2, goal=0.8)
    assert set(drawn) == set(described_metrics("ranking"))
    assert sum(e.lower is not None and e.upper is not None for e in drawn.values()) > 25
    for estimate in drawn.values():
        assert not estimate.decides
        assert estimate.value is not None
        assert estimate.lower is None or estimate.lower <= estimate.value
        assert estimate.upper is None or estimate.upper >= estimate.value
    perfect: list[Lead] = [(day, float(place == 0), int(place == 0), place, 5) for day in range(30) for place in range(4)]
    for estimate in found(perfect).values():
        assert (estimate.lower, estimate.upper) == (None, None)
        assert "no relevant leads beyond the budget" in estimate.reason if estimate.value is None else "no interval" in estimate.reason


def test_four_perfect_leads_draw_no_interval() -> None:
    estimates = found([(day, 1.0, 1, 0, 5) for day in range(4)])
    assert estimates["mean_average_precision"].value == 1.0
    assert all(e.lower is None and e.upper is None for e in estimates.values())


def test_the_curve_has_what_each_budget_finds() -> None:
    leads = made(30)
    (curve,) = describe_ranking(ranked(leads), budget=3, goal=None, level=0.95).curves
    assert [row[0] for row in curve.rows] == list(range(1, 10))
    for budget, looked, recall, precision, fifo, random, best in curve.rows:
        picked, early = [], []
        for queue in range(30):
            own = [lead for lead in leads if lead[0] == queue]
            picked += sorted(own, key=lambda lead: -(lead[1] or 0.0))[: int(budget or 0)]
            ties = sorted(lead[3] for lead in own)[int(budget or 0) - 1]
            inside = [lead for lead in own if lead[3] < ties]
            edge = [lead for lead in own if lead[3] == ties]
            early += [lead[2] for lead in inside] + [lead[2] * (int(budget or 0) - len(inside)) / len(edge) for lead in edge]
        relevant = sum(lead[2] for lead in leads)
        assert looked == len(picked) / 30
        assert recall == pytest.approx(sum(lead[2] for lead in picked) / relevant, rel=1e-5)
        assert precision == pytest.approx(sum(lead[2] for lead in picked) / len(picked), rel=1e-5)
        assert fifo == pytest.approx(sum(early) / relevant, rel=1e-5)
        assert random == pytest.approx((budget or 0) / 12, rel=1e-5)
        assert best is None
    assert len(describe_ranking(ranked(made(30, size=100)), budget=30, goal=None, level=0.95).curves[0].rows) <= 31


@settings(deadline=None, max_examples=30)
@given(LEADS, st.randoms(use_true_random=False))
def test_permuting_rows_changes_nothing(leads: list[Lead], random: object) -> None:
    other = list(leads)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert {name: e.value for name, e in found(other).items()} == pytest.approx({name: e.value for name, e in found(leads).items()})


def test_groups_are_those_of_the_relevant_lead_itself() -> None:
    leads: list[Lead] = [(0, float(9 - k), 1, k, 2) for k in range(9)]
    estimates = describe_ranking(ranked(leads, groups=True), budget=3, goal=None, level=0.95).estimates
    values = {(e.metric, dict(e.group).get("sex")): e.value for e in estimates}
    assert (values["median_rank", "F"], values["median_rank", "M"]) == (5, 4)
    assert (values["median_wait", "F"], values["median_wait_first_in_first_out", "M"]) == (8, 6)
    assert values["median_wait_of_missed", "F"] == 12


def test_what_is_not_known_has_a_reason() -> None:
    leads = made(5)
    nowhere = found(leads, minutes=False)
    assert "minutes of a review" in nowhere["median_wait"].reason
    assert nowhere["time_to_first_find"].value is None
    assert nowhere["median_rank"].value is not None
    assert "work_saved_at_goal" not in nowhere
    none = found([(0, 1.0, 0, 0, 1)])
    assert all(e.value is None and e.reason for e in none.values())
