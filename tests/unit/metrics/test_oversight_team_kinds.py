"""Classifier and people together where items are graded: against the same items told as relevant or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_workspace import policy
from team_by_hand import BLIND, NOBODY, SELECTED, people, reader_row, stated, tally

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.metrics import measure
from evalharness.metrics.oversight_team import team_estimates
from evalharness.metrics.oversight_team_described import team_part
from evalharness.metrics.oversight_team_kinds import kinds_of
from evalharness.records import Estimate, Policy
from evalharness.requirements import policy_from_document
from evalharness.tally import ConfusionTally, Counter

LEVELS = ("none", "C", "B", "A")
OF: TaskMetrics = task_metrics("ordinal", LEVELS)
TEAM = ("team_recall", "team_false_alarm_rate", "caught_rate", "created_miss_rate")
Bands = list[dict[str, Any]]
READ_ALL: Bands = [
    {"name": "gravest", "levels": ["A"], "readers": 2, "third_reader": "disagreement"},
    {"name": "graded", "levels": ["B", "C"], "readers": 1},
    {"name": "ungraded", "rest": True, "readers": 1, "shown": False},
]


def graded(*readers: dict[str, Any], relevant_from: str = "B", bands: Bands | None = None, **more: Any) -> Policy:
    block = {**people(*readers, **more), "relevant_from": relevant_from}
    if bands is not None:
        block["bands"] = bands
    asked = [{"id": "exact", "metric": "exact_agreement", "at_least": 0.5, "why": "w"}]
    document = policy(task="ordinal", operating_point={"rule": "label"}, human_in_the_loop=block, requirements=asked)
    return policy_from_document(document, "sha256:" + "0" * 64)


def of_grades(matrix: np.ndarray, refused: np.ndarray, *rows: Any) -> ConfusionTally:
    """matrix: [4, 4] true by given."""
    counts = np.concatenate([matrix.reshape(-1), refused])[None]
    return replace(ConfusionTally.of_independent(NOBODY, counts, OF), shares=rows)


def told(of: ConfusionTally, by: Policy) -> dict[str, tuple[float | None, tuple[float | None, float | None], int]]:
    return {one.metric: (one.value, one.bounds, one.n) for one in team_estimates(of, by, 0.95)}


matrices = st.lists(st.integers(0, 40), min_size=20, max_size=20)


@settings(deadline=None, max_examples=30)
@given(cells=matrices, first=st.integers(1, 3))
def test_without_bands_grades_from_the_first_relevant_one_on_are_what_is_selected(cells: list[int], first: int):
    matrix, refused = np.array(cells[:16]).reshape(4, 4), np.array(cells[16:])
    six = [
        matrix[first:, first:].sum(), matrix[:first, first:].sum(), matrix[first:, :first].sum(), matrix[:first, :first].sum(),
        refused[first:].sum(), refused[:first].sum(),
    ]  # fmt: skip
    rows = (reader_row("dismissal_rate", 20, 200), reader_row("blind_reader_recall", 150, 200))
    found = told(of_grades(matrix, refused, *rows), graded(SELECTED, BLIND, relevant_from=LEVELS[first]))
    assert set(found) == set(TEAM)
    assert found == told(tally([int(one) for one in six], *rows), stated(SELECTED, BLIND))


@settings(deadline=None, max_examples=30)
@given(cells=matrices)
def test_what_is_read_blind_though_it_is_graded_low_is_handed_over(cells: list[int]):
    matrix, refused = np.array(cells[:16]).reshape(4, 4), np.array(cells[16:])
    bands = [{"name": "graded", "levels": ["B", "A"], "readers": 1}, {"name": "rest", "rest": True, "readers": 1, "shown": False}]
    six = [
        matrix[2:, 2:].sum(), matrix[:2, 2:].sum(), 0, 0,
        refused[2:].sum() + matrix[2:, :2].sum(), refused[:2].sum() + matrix[:2, :2].sum(),
    ]  # fmt: skip
    of, by = of_grades(matrix, refused), graded(SELECTED, BLIND, bands=bands)
    assert told(of, by) == told(tally([int(one) for one in six]), stated(SELECTED, BLIND))
    part = team_part(of, by, 0.95)
    if part is not None:
        assert part["per_1000"]["missed_by_both"] == pytest.approx(0.4 * 1000 * six[4] / sum(six))


def test_everything_is_read_so_nothing_is_missed_unread():
    matrix, refused = np.full((4, 4), 10), np.zeros(4, dtype=np.int64)
    found = next(team_estimates(of_grades(matrix, refused), graded(SELECTED, BLIND, relevant_from="C", bands=READ_ALL), 0.95))
    assert found.metric == "team_recall"
    assert found.value == pytest.approx((90 * 0.85 + 30 * 0.6) / 120)
    assert found.lower is not None
    assert found.lower < 0.75 * 0.8 + 0.25 * 0.5 - 0.05, (
        "two of three readers decide about the gravest: together they may err more often than one does"
    )


@pytest.mark.parametrize(
    ("bands", "none"),
    [
        ([{"name": "a", "levels": ["A"], "readers": 1}, {"name": "rest", "rest": True, "readers": 1}], TEAM),
        (
            [{"name": "a", "levels": ["A"], "readers": 1}, {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 9}],
            TEAM[1:],
        ),
    ],
)
def test_bands_of_which_it_is_not_known_what_becomes_of_them_have_no_figure(bands: Bands, none: tuple[str, ...]):
    of = of_grades(np.full((4, 4), 10), np.zeros(4, dtype=np.int64))
    by = graded(SELECTED, BLIND, bands=bands)
    found: dict[str, Estimate] = {one.metric: one for one in team_estimates(of, by, 0.95)}
    assert {name for name, one in found.items() if one.value is None} == set(none)
    assert all("bands" in found[name].reason for name in none)
    assert team_part(of, by, 0.95) is None


def test_grades_without_a_first_relevant_one_have_none():
    asked = [{"id": "exact", "metric": "exact_agreement", "at_least": 0.5, "why": "w"}]
    document = policy(task="ordinal", operating_point={"rule": "label"}, human_in_the_loop=people(), requirements=asked)
    by = policy_from_document(document, "sha256:" + "0" * 64)
    rows = (reader_row("dismissal_rate", 20, 200),)
    assert kinds_of(OF, by) is None
    assert not list(team_estimates(of_grades(np.full((4, 4), 10), np.zeros(4, dtype=np.int64), *rows), by, 0.95))


def test_of_cases_with_several_grades_the_clusters_are_those_with_a_relevant_item_or_more():
    rng = np.random.default_rng(3)
    labels, given_ = rng.integers(0, 4, 400).astype(np.int8), rng.integers(-1, 4, 400).astype(np.int8)
    cases = np.arange(400) // 5
    counter = Counter(NOBODY, clustered=True, of=OF)

    counter.add(labels, given_, {}, pa.array([f"case-{case}" for case in cases]))
    of = counter.result()
    estimate = next(one for one in measure(of, graded(SELECTED, BLIND, relevant_from="B"), 0.95) if one.metric == "team_recall")
    assert len(set(cases[labels >= 2])) <= estimate.clusters <= 80
    assert estimate.n == int((labels >= 2).sum())
    each = np.bincount(cases[labels >= 2], minlength=80)
    assert estimate.n_eff == pytest.approx(each.sum() ** 2 / (each**2).sum())


def test_of_leads_those_within_the_budget_are_what_is_selected():
    counts, rows = [80, 300, 15, 1_700, 5, 10], (reader_row("dismissal_rate", 20, 200), reader_row("blind_reader_recall", 150, 200))
    asked = [{"id": "found", "metric": "recall_at_budget", "at_least": 0.5, "why": "w"}]
    bands = [
        {"name": "today", "within_budget": True, "readers": 1},
        {"name": "later", "rest": True, "readers": 0, "opened_within_days": 30},
    ]
    document = policy(
        task="ranking", operating_point={"budget_per_day": 5}, human_in_the_loop=people(SELECTED, BLIND, bands=bands), requirements=asked
    )  # fmt: skip
    by = policy_from_document(document, "sha256:" + "0" * 64)
    fates = (reader_row("opened_rate_relevant", 85, 100), reader_row("deferral_rate_relevant", 5, 100))
    leads = ConfusionTally.of_independent(NOBODY, np.array([counts]), task_metrics("ranking"))
    found = told(replace(leads, shares=(*rows, *fates)), by)
    assert set(found) == set(TEAM)
    assert found == told(tally(counts, *rows), stated(SELECTED, BLIND))
