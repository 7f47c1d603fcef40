"""Predictive value and workload at another prevalence: where they are told, and where not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tallies_by_hand import everybody, policy

from evalharness.metrics.deployment import deployment
from evalharness.records import HumanInTheLoop
from evalharness.records.plan import Planning

HUMAN = HumanInTheLoop(minutes_per_review=3, items_per_week=10_000, sensitivity_low=0.7, sensitivity_high=1.0, source="declared")


def asked(prevalence: float | None = None):
    return replace(policy(), human_in_the_loop=HUMAN, planning=None if prevalence is None else Planning(prevalence=prevalence))


def test_nothing_is_told_without_a_volume_or_a_class() -> None:
    assert list(deployment(everybody([90, 50, 10, 850, 0, 0]), replace(policy(), human_in_the_loop=None), 0.95)) == []
    assert list(deployment(everybody([90, 0, 10, 0, 0, 0]), asked(), 0.95)) == []
    assert list(deployment(everybody([0, 50, 0, 850, 0, 0]), asked(), 0.95)) == []


def test_the_share_measured_here_gives_back_the_counts() -> None:
    (curve,) = deployment(everybody([90, 50, 10, 850, 0, 0]), asked(), 0.95)
    (row,) = [dict(zip(curve.columns, row, strict=True)) for row in curve.rows]
    assert row["precision"] == pytest.approx(90 / 140)
    assert row["selected_per_week"] == pytest.approx(1_400)
    assert row["missed_per_week"] == pytest.approx(100)
    assert "only the share of positives differs" in curve.method


def test_an_item_without_an_answer_counts_as_everywhere() -> None:
    (curve,) = deployment(everybody([90, 50, 0, 800, 10, 50]), asked(0.5), 0.95)
    row = dict(zip(curve.columns, curve.rows[1], strict=True))
    assert row["missed_per_week"] == pytest.approx(500)
    assert row["precision"] == pytest.approx(0.9 / (0.9 + 100 / 900))


@pytest.mark.parametrize("prevalence", [1e-4, 0.01, 0.5, 0.99])
def test_limits_enclose_the_value(prevalence: float) -> None:
    (curve,) = deployment(everybody([30, 5, 2, 300, 0, 0]), asked(prevalence), 0.95)
    row = dict(zip(curve.columns, curve.rows[1], strict=True))
    for name in ("precision", "selected_per_week", "missed_per_week"):
        assert row[f"{name}_lower"] <= row[name] <= row[f"{name}_upper"]
