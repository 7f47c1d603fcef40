"""Classifier and people together: by hand, against readers that are really drawn, and what gives no credit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from team_by_hand import BLIND, SELECTED, reader_row, stated, tally

from evalharness.metrics import measure
from evalharness.metrics.answers import answer
from evalharness.metrics.oversight_team_described import team_part
from evalharness.metrics.prospects import prospects
from evalharness.records import Estimate, Policy, Question
from evalharness.records.oversight_bands import Band, Bands
from evalharness.tally import ConfusionTally, Slices

COUNTS = [80, 30, 15, 170, 5, 10]
TWO = [{"name": "opened", "from": "operating_point", "readers": 2}, {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 30}]


def found(of: ConfusionTally, by: Policy, name: str, group: tuple[tuple[str, str], ...] = ()) -> Estimate:
    return next(e for e in measure(of, by, 0.95) if e.metric == name and e.group == group)


def upper(k: int, n: int, alpha: float) -> float:
    return 1.0 if k == n else float(beta.ppf(1 - alpha, k + 1, n - k))


def lower(k: int, n: int, alpha: float) -> float:
    return 0.0 if k == 0 else float(beta.ppf(alpha, k, n - k + 1))


def test_declared_readers_enter_at_their_worse_end():
    estimate = found(tally(COUNTS), stated(SELECTED, BLIND), "team_recall")
    opened, handed = 0.85, 0.05
    assert estimate.value == pytest.approx(0.85 * (opened - handed) + 0.6 * handed)
    a = 0.05 / 3
    assert estimate.lower == pytest.approx(0.8 * (lower(85, 100, a) - upper(5, 100, a)) + 0.5 * upper(5, 100, a))
    assert estimate.upper == pytest.approx(0.9 * (upper(85, 100, a) - lower(5, 100, a)) + 0.7 * lower(5, 100, a))
    assert estimate.rests_on == ("declared: reviewers' accuracy",)
    assert estimate.by_size is None
    assert (estimate.n, estimate.n_eff) == (100, 100)


def test_the_other_figures_by_hand():
    of, by = tally(COUNTS), stated(SELECTED, BLIND)
    assert found(of, by, "team_false_alarm_rate").value == pytest.approx((30 * 0.3 + 10 * 0.05) / 210)
    assert found(of, by, "caught_rate").value == pytest.approx(5 / 20 * 0.6)
    assert found(of, by, "created_miss_rate").value == pytest.approx(0.15)
    assert found(of, by, "created_miss_rate").bounds == pytest.approx((0.1, 0.2))


def test_a_log_takes_the_place_of_what_is_declared():
    rows = (reader_row("dismissal_rate", 20, 200), reader_row("blind_reader_recall", 150, 200))
    estimate = found(tally(COUNTS, *rows), stated(SELECTED, BLIND), "team_recall")
    a = 0.05 / 5
    assert estimate.value == pytest.approx(0.9 * 0.8 + 0.75 * 0.05)
    kept, blind = 1 - upper(20, 200, a), lower(150, 200, a)
    assert estimate.lower == pytest.approx(kept * (lower(85, 100, a) - upper(5, 100, a)) + blind * upper(5, 100, a))
    assert estimate.rests_on == ()
    assert "measured, measured" in estimate.method
    alone = found(tally(COUNTS, *rows), stated(), "team_recall")
    assert alone.bounds == estimate.bounds, "nothing need be declared beside a log"


def test_a_log_without_readings_of_a_kind_leaves_what_is_declared():
    rows = (reader_row("dismissal_rate", 20, 200), reader_row("blind_reader_recall", 0, 0))
    estimate = found(tally(COUNTS, *rows), stated(SELECTED, BLIND), "team_recall")
    assert estimate.value == pytest.approx(0.9 * 0.8 + 0.6 * 0.05)
    assert estimate.rests_on == ("declared: reviewers' accuracy",)
    assert found(tally(COUNTS, *rows), stated(), "team_recall").value is None


def test_drops_are_taken_off_what_was_measured_too_and_say_so():
    rows = (reader_row("dismissal_rate", 0, 200), reader_row("blind_reader_recall", 200, 200))
    by = stated(SELECTED, BLIND, fatigue_drop={"low": 0.0, "high": 0.1}, low_prevalence_drop={"low": 0.02, "high": 0.06})
    estimate = found(tally(COUNTS, *rows), by, "team_recall")
    assert estimate.value == pytest.approx(0.85 * (1 - 0.05 - 0.04))
    assert estimate.rests_on == ("declared: reviewers' accuracy",)
    without = found(tally(COUNTS, *rows), stated(SELECTED, BLIND), "team_recall")
    assert estimate.lower is not None
    assert without.lower is not None
    assert estimate.lower < without.lower


def test_nobody_says_anything_of_readers_so_there_is_no_figure():
    of, by = tally(COUNTS), stated()
    assert not [e for e in measure(of, by, 0.95) if e.metric.startswith("team")]
    question = Question(requirement="r", metric="team_recall", comparison="at_least", bound=0.5)
    assert answer(of, question, by, 0.95) is None
    assert prospects(of, [question], by, 0.95)[question].reason.startswith("neither a review log")
    assert team_part(of, by, 0.95) is None


def test_unknown_blind_readers_find_nothing_for_certain():
    by = stated(SELECTED)
    assert found(tally(COUNTS), by, "team_recall").value is None
    whole = found(tally([80, 30, 20, 170, 0, 0]), by, "team_recall")
    a = 0.05 / 3
    assert whole.value == pytest.approx(0.8 * 0.85)
    assert whole.lower == pytest.approx(0.8 * (lower(80, 100, a) - upper(0, 100, a)))


def test_second_readers_get_no_credit_until_it_is_measured_that_they_do_not_miss_together():
    of = tally([80, 30, 20, 170, 0, 0], reader_row("opened_rate_relevant", 80, 100), reader_row("deferral_rate_relevant", 0, 100))
    one = stated(SELECTED, BLIND, bands=[{**TWO[0], "readers": 1}, TWO[1]])
    two, three = stated(SELECTED, BLIND, bands=TWO), stated(SELECTED, BLIND, bands=[{**TWO[0], "third_reader": "disagreement"}, TWO[1]])
    lowest = {name: found(of, by, "team_recall").bounds[0] for name, by in (("one", one), ("two", two), ("three", three))}
    assert lowest["two"] == lowest["one"]
    assert lowest["three"] is not None
    assert lowest["one"] is not None
    assert lowest["three"] < lowest["one"], "two of three may be wrong more often than one"
    alarms = [found(of, by, "team_false_alarm_rate").bounds[1] for by in (one, two)]
    assert alarms[0] is not None
    assert alarms[1] is not None
    assert alarms[1] > alarms[0], "either of two may raise a false alarm"
    together = tally(
        [80, 30, 20, 170, 0, 0], reader_row("opened_rate_relevant", 80, 100), reader_row("deferral_rate_relevant", 0, 100),
        reader_row("joint_miss", 2, 400),
    )  # fmt: skip
    measured = found(together, two, "team_recall")
    assert measured.value == pytest.approx(0.8 * 398 / 400)
    assert measured.bounds[0] is not None
    assert measured.bounds[0] > lowest["one"]


def test_a_group_has_the_readers_that_are_declared_for_it():
    slices = Slices(attributes=("sex",), levels={"sex": ("F", "M")}, depth=1)
    worse = {**SELECTED, "group": {"sex": "F"}, "recall": {"low": 0.3, "high": 0.4}}
    of, by = tally(COUNTS, slices=slices), stated(SELECTED, BLIND, worse)
    kept = {group: found(of, by, "created_miss_rate", group).bounds for group in ((), (("sex", "F"),), (("sex", "M"),))}
    assert kept[("sex", "F"),] == pytest.approx((0.6, 0.7))
    assert kept[("sex", "M"),] == pytest.approx((0.1, 0.2))
    assert kept[()] == pytest.approx((0.1, 0.7)), "of everybody it may be either"


def test_a_log_of_everybody_is_an_assumption_about_a_group():
    slices = Slices(attributes=("sex",), levels={"sex": ("F", "M")}, depth=1)
    rows = (reader_row("dismissal_rate", 20, 200), reader_row("blind_reader_recall", 150, 200))
    of = tally(COUNTS, *rows, slices=slices)
    assert found(of, stated(), "team_recall").rests_on == ()
    assert found(of, stated(), "team_recall", (("sex", "F"),)).rests_on == ("declared: reviewers' accuracy",)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), st.integers(0, 30), st.integers(1, 30))
def test_values_lie_between_bounds_inside_0_and_1(counts: list[int], part: int, rest: int):
    rows = (reader_row("dismissal_rate", part, part + rest), reader_row("blind_reader_recall", rest, part + rest))
    for estimate in measure(tally(counts, *rows), stated(SELECTED, BLIND), 0.95):
        if estimate.metric in {"team_recall", "team_false_alarm_rate", "caught_rate", "created_miss_rate"}:
            if estimate.value is None:
                assert estimate.reason
                assert estimate.bounds == (None, None)
                continue
            low, high = estimate.bounds
            assert low is not None
            assert high is not None
            assert 0 <= low <= estimate.value + 1e-9
            assert estimate.value <= high + 1e-9 <= 1 + 2e-9


def test_what_stands_beside_adds_up_to_the_items():
    part = team_part(tally(COUNTS), stated(SELECTED, BLIND, fatigue_drop={"low": 0.0, "high": 0.1}), 0.95)
    assert part is not None
    of = part["per_1000"]
    four = of["found_and_kept"] + of["found_and_dismissed"] + of["missed_and_caught"] + of["missed_by_both"]
    assert four == pytest.approx(of["relevant"])
    assert of["relevant"] == pytest.approx(1000 * 100 / 310)
    lines = {line["assumption"]: line for line in part["sensitivity"]}
    assert set(lines) == {"kept", "found", "confirmed", "raised", "fatigue_drop"}
    assert lines["kept"]["recall_at_low"] == pytest.approx((80 * 0.75 + 5 * 0.55) / 100)
    assert lines["kept"]["recall_at_high"] == pytest.approx((80 * 0.85 + 5 * 0.55) / 100)
    assert lines["fatigue_drop"]["recall_at_high"] == pytest.approx((80 * 0.75 + 5 * 0.5) / 100)
    assert lines["confirmed"]["false_alarms_at_low"] == pytest.approx((30 * 0.2 + 10 * 0.05) / 210)
    again = team_part(tally(COUNTS), stated(SELECTED, BLIND, fatigue_drop={"low": 0.0, "high": 0.1}), 0.95)
    assert again == part


def test_draws_are_as_wide_as_readers_of_a_kind_are_few():
    def width(readings: int, readers: int) -> float:
        who = np.arange(readings, dtype=np.int32) % readers
        rows = (
            reader_row("dismissal_rate", readings // 10, readings, reviewer=who),
            reader_row("blind_reader_recall", readings // 2, readings, reviewer=who),
            reader_row("commission_rate", readings // 2, readings, reviewer=who),
            reader_row("blind_reader_specificity", readings // 2, readings, reviewer=who),
        )
        part = team_part(tally([8_000, 3_000, 1_500, 17_000, 500, 1_000], *rows), stated(), 0.95)
        assert part is not None
        return float(part["draws"]["high"]["recall"] - part["draws"]["low"]["recall"])

    assert width(4_000, 8) > 4 * width(4_000, 4_000)


REST = Band(name="rest", rest=True, opened_within_days=30)
READ = Band(name="read", selected=True, readers=1)


@pytest.mark.parametrize(
    ("bands", "why"),
    [
        ((READ, Band(name="doubt", at_least=0.3, readers=1), REST), "does not select"),
        ((Band(name="sure", at_least=0.9, opened_within_days=9), READ, REST), "before nobody"),
        ((replace(READ, readers=0, opened_within_days=9), REST), "before nobody"),
        ((Band(name="sure", at_least=0.9, readers=1), READ, REST), ""),
    ],
)
def test_bands_that_put_other_items_before_readers_have_no_such_figure(bands: tuple[Band, ...], why: str):
    """No policy file is read that has such bands for the binary task; of bands by level one could be."""
    by = stated()
    assert by.human_in_the_loop is not None
    by = replace(by, human_in_the_loop=replace(by.human_in_the_loop, bands=Bands(bands=bands)))
    rows = [reader_row(name, 20, 200) for name in ("dismissal_rate", "blind_reader_recall", "commission_rate", "blind_reader_specificity")]
    of = tally(COUNTS, *rows, reader_row("opened_rate_relevant", 85, 100), reader_row("deferral_rate_relevant", 5, 100))
    alarms, recall = (found(of, by, name) for name in ("team_false_alarm_rate", "team_recall"))
    assert why in alarms.reason
    assert (alarms.value is None) == bool(why)
    assert (recall.value is None) == ("does not select" in why)
    assert (team_part(of, by, 0.95) is None) == bool(why)
