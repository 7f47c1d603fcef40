"""Tables of scores against plain loops over rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.metrics.scored_curves import MOST_BLOCKS, MOST_POINTS, score_curves
from evalharness.records import CostUnit, Curve
from evalharness.tally.score_groups import ScoreGroupsCounter

UNIT = CostUnit(name="minutes", relevant_review=3.0, relevant_set_aside=50.0, not_relevant_review=2.0)
ROWS = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.9, float("nan")]), st.integers(0, 1), st.integers(0, 1)), max_size=40)


def curves(scores: Any, labels: Any, sex: Any, *, chances: bool = True, threshold: float | None = 0.5) -> dict[str, Curve]:
    counter = ScoreGroupsCounter({"sex": ("F", "M")}, clustered=False, at=() if threshold is None else (threshold,))
    counter.add(np.asarray(scores, float), np.asarray(labels, np.int8), {"sex": np.asarray(sex, np.int32)}, None)
    return {c.name: c for c in score_curves(counter.result(), chances=chances, threshold=threshold, costs=(UNIT,))}


def rows_of(curve: Curve) -> list[dict[str, float | None]]:
    return [dict(zip(curve.columns, row, strict=True)) for row in curve.rows]


@settings(deadline=None, max_examples=80)
@given(ROWS)
def test_every_threshold_counts_what_it_would_do(rows: list[tuple[float, int, int]]) -> None:
    scores, labels, sex = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0),) * 3
    found = curves(scores, labels, sex)
    if np.isnan(scores).all():
        assert found == {}
        return
    points = rows_of(found["operating_points"])
    assert [p["threshold"] for p in points if p["in_use"]] == [0.5]
    assert (points[-1]["threshold"] is None) or points[-1]["in_use"]
    silent, ones = np.isnan(scores), labels == 1
    for point in points:
        t = np.inf if point["threshold"] is None else point["threshold"]
        selected = ~silent & (scores >= t)
        assert point["misses"] == (ones & ~selected).sum()
        assert point["recall"] == (pytest.approx((ones & selected).sum() / ones.sum()) if ones.any() else None)
        assert point["workload"] == pytest.approx((selected | silent).mean())
        alarms = ~ones & (selected | silent)
        assert point["false_positive_rate"] == (pytest.approx(alarms.sum() / (~ones).sum()) if (~ones).any() else None)
        recalls = [(selected & ones)[sex == k].sum() / ones[sex == k].sum() for k in (0, 1) if ones[sex == k].any()]
        assert point["recall_gap sex"] == (pytest.approx(max(recalls) - min(recalls), abs=1e-9) if len(recalls) > 1 else None)
        cost = np.where(ones, np.where(selected, 3, 50), np.where(selected | silent, 2, 0))
        assert point["expected_cost minutes"] == pytest.approx(cost.mean())


def test_many_thresholds_are_thinned_and_the_one_in_use_stays() -> None:
    draw = np.random.default_rng(1)
    scores, labels = draw.random(30_000), draw.integers(0, 2, 30_000)
    found = curves(scores, labels, draw.integers(0, 2, 30_000), threshold=0.123456)
    points = rows_of(found["operating_points"])
    assert len(points) <= MOST_POINTS + 1
    used = [p for p in points if p["in_use"]]
    assert [p["threshold"] for p in used] == [0.123456]
    assert used[0]["misses"] == ((scores < 0.123456) & (labels == 1)).sum()
    workloads = [p["workload"] for p in points]
    assert workloads == sorted(workloads, reverse=True)
    assert (workloads[0], workloads[-1]) == (1, 0)
    assert max(np.diff(workloads[::-1])) < 0.05
    assert 1 < len(found["reliability"].rows) <= MOST_BLOCKS


def test_reliability_holds_all_items_and_rises() -> None:
    draw = np.random.default_rng(2)
    scores = draw.random(2_000).round(2)
    labels = (draw.random(2_000) < scores**2).astype(int)
    blocks = rows_of(curves(scores, labels, np.zeros(2_000))["reliability"])
    assert sum(b["items"] for b in blocks) == 2_000
    shares = [b["relevant_share"] for b in blocks]
    assert shares == sorted(shares)
    for b in blocks:
        inside = (scores >= b["score_from"]) & (scores <= b["score_to"])
        assert b["relevant_share"] == pytest.approx(labels[inside].mean())
        assert b["mean_score"] == pytest.approx(scores[inside].mean())


def test_capacity_breaks_ties_by_expectation() -> None:
    found = curves([0.9] * 10 + [0.1] * 90, [1] * 5 + [0] * 5 + [1] * 5 + [0] * 85, [0] * 100)
    rows = {row["share"]: row for row in rows_of(found["capacity"])}
    assert rows[0.05]["recall"] == pytest.approx(0.25), "of five looked at among ten equal ones, half are relevant"
    assert rows[0.1]["recall"] == pytest.approx(0.5)
    assert rows[0.5]["recall"] == pytest.approx(0.5 + 40 / 90 * 5 / 10)
    assert (rows[0.1]["lowest_score"], rows[0.2]["lowest_score"]) == (0.9, 0.1)


def test_net_benefit_is_that_of_its_definition() -> None:
    draw = np.random.default_rng(3)
    scores, labels = draw.random(500), draw.integers(0, 2, 500)
    for row in rows_of(curves(scores, labels, np.zeros(500))["decision_curve"]):
        w = row["threshold_probability"]
        chosen = scores >= w
        price = w / (1 - w)
        assert row["model"] == pytest.approx(((chosen & (labels == 1)).sum() - (chosen & (labels == 0)).sum() * price) / 500)
        assert row["everybody"] == pytest.approx(((labels == 1).sum() - (labels == 0).sum() * price) / 500)
        assert row["nobody"] == 0


def test_scores_that_need_not_be_chances_have_thresholds_only() -> None:
    assert list(curves([-2.0, 5.0], [0, 1], [0, 0], chances=False)) == ["operating_points", "capacity"]
