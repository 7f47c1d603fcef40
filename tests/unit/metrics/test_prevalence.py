"""A metric at a stated prevalence: two rates weighed anew, and the limits of both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from tallies_by_hand import BINARY, clustered, everybody, independent, named, policy, question

from evalharness.catalogue.prevalence import shift_of
from evalharness.metrics import measure, prospects
from evalharness.metrics.answers import answer
from evalharness.records import Condition, Estimate, Question
from evalharness.tally import ConfusionTally

SHIFTED = tuple(name for name, metric in BINARY.metrics.items() if metric.decides and shift_of(metric))
COUNTS = st.lists(st.integers(0, 40), min_size=6, max_size=6)
SHARES = st.floats(0.0001, 0.9999)


def asked(metric: str, comparison: str = "at_least", bound: float = 0.5, at: float = 0.01, **more: object) -> Question:
    return question(metric, comparison, bound, on=Condition(prevalence=at), **more)


def found(tally: ConfusionTally, metric: str, at: float = 0.01, level: float = 0.95) -> Estimate:
    estimate = answer(tally, asked(metric, at=at), policy(), level)
    assert estimate is not None
    return estimate


def lower(k: float, n: float) -> float:
    return float(beta.ppf(0.05, k, n - k + 1)) if k else 0.0


def upper(k: float, n: float) -> float:
    return float(beta.ppf(0.95, k + 1, n - k)) if k < n else 1.0


def test_these_metrics_depend_on_the_prevalence():
    assert set(SHIFTED) == {
        "precision", "false_discovery_rate", "negative_predictive_value", "elusion", "selection_rate", "review_rate", "set_aside_rate",
        "accuracy", "no_answer_rate",
    }  # fmt: skip


def test_precision_at_one_per_cent_by_hand():
    estimate = found(everybody([90, 20, 10, 980, 0, 0]), "precision")
    r, f = 0.9, 0.02
    assert estimate.value == pytest.approx(0.01 * r / (0.01 * r + 0.99 * f), rel=1e-9)
    r, f = lower(90, 100), upper(20, 1000)
    assert estimate.lower == pytest.approx(0.01 * r / (0.01 * r + 0.99 * f), rel=1e-8)
    r, f = upper(90, 100), lower(20, 1000)
    assert estimate.upper == pytest.approx(0.01 * r / (0.01 * r + 0.99 * f), rel=1e-8)
    assert (estimate.n, estimate.condition) == (1100, "at prevalence 0.01")
    assert "prevalence=0.01" in estimate.method
    assert "assumes" in estimate.method


def test_set_aside_and_selected_shares_by_hand():
    tally = everybody([90, 20, 10, 980, 0, 0])
    missed, kept = 0.01 * 0.1, 0.99 * 0.98
    assert found(tally, "elusion").value == pytest.approx(missed / (missed + kept), rel=1e-8)
    assert found(tally, "negative_predictive_value").value == pytest.approx(kept / (missed + kept), rel=1e-8)
    assert found(tally, "selection_rate").value == pytest.approx(0.01 * 0.9 + 0.99 * 0.02, rel=1e-8)
    low, high = 0.01 * lower(90, 100) + 0.99 * lower(20, 1000), 0.01 * upper(90, 100) + 0.99 * upper(20, 1000)
    assert found(tally, "selection_rate").lower == pytest.approx(low, rel=1e-8)
    assert found(tally, "selection_rate").upper == pytest.approx(high, rel=1e-8)


@given(COUNTS, st.sampled_from(SHIFTED))
def test_at_the_sample_s_own_prevalence_the_value_is_the_plain_one(counts: list[int], metric: str):
    positives, everyone = counts[0] + counts[2] + counts[4], sum(counts)
    if not 0 < positives < everyone:
        return
    tally = everybody(counts)
    plain = answer(tally, question(metric, "at_least", 0.5), policy(), 0.95)
    assert plain is not None
    weighed = found(tally, metric, at=positives / everyone)
    assert (weighed.value is None) == (plain.value is None)
    if plain.value is not None:
        assert weighed.value == pytest.approx(plain.value, rel=1e-8, abs=1e-12)


@given(COUNTS, SHARES, st.sampled_from(SHIFTED))
def test_the_value_lies_between_its_bounds_and_these_in_the_worst_case(counts: list[int], at: float, metric: str):
    estimate = found(everybody(counts), metric, at=at)
    if estimate.value is None:
        return
    low, high = estimate.worst_case or (estimate.lower, estimate.upper)
    assert 0 <= low <= estimate.lower <= estimate.value + 1e-12
    assert estimate.value - 1e-12 <= estimate.upper <= high <= 1


@given(COUNTS, SHARES, st.sampled_from(SHIFTED), st.floats(0.5, 0.99))
def test_bounds_fall_with_errors_and_widen_with_the_level(counts: list[int], at: float, metric: str, level: float):
    tally, worse = everybody(counts), list(counts)
    before, wider = found(tally, metric, at, level), found(tally, metric, at, (1 + level) / 2)
    if before.value is None:
        return
    assert wider.lower <= before.lower <= before.upper <= wider.upper
    if not counts[0] or metric not in {"precision", "negative_predictive_value"}:
        return
    worse[0], worse[2] = counts[0] - 1, counts[2] + 1  # one more is missed
    after = found(everybody(worse), metric, at, level)
    assert after.lower is None or after.lower <= before.lower


@pytest.mark.parametrize("at", [0.001, 0.1, 0.5, 0.9])
def test_four_perfect_rows_meet_no_goal_stricter_than_the_exact_bound(at: float):
    """Two relevant and two irrelevant rows, each class with the exact bound of two rows, .2236; at most .473 where half are relevant."""
    exact, tally = 0.05**0.5, everybody([2, 0, 0, 2, 0, 0])
    assert found(tally, "accuracy", at).lower == pytest.approx(exact, rel=1e-8)
    assert found(everybody([2, 2, 0, 0, 0, 0]), "selection_rate", at).lower == pytest.approx(exact, rel=1e-8)
    relevant, irrelevant = at * exact, (1 - at) * (1 - exact)
    assert found(tally, "precision", at).lower == pytest.approx(relevant / (relevant + irrelevant), rel=1e-8)
    assert found(tally, "false_discovery_rate", at).upper == pytest.approx(irrelevant / (relevant + irrelevant), rel=1e-8)
    kept, missed = (1 - at) * exact, at * (1 - exact)
    assert found(tally, "negative_predictive_value", at).lower == pytest.approx(kept / (missed + kept), rel=1e-8)
    if at <= 0.5:
        assert found(tally, "precision", at).lower < 0.473


def test_refusing_the_irrelevant_ones_shows_nothing():
    tally = everybody([95, 0, 5, 500, 0, 500])
    estimate = found(tally, "precision", 0.1)
    assert estimate.value == 1
    assert estimate.worst_case is not None
    assert estimate.worst_case[0] is not None
    assert estimate.lower is not None
    assert estimate.worst_case[0] < 0.2 < estimate.lower


@pytest.mark.parametrize(
    ("counts", "metric", "words"),
    [
        ([0, 5, 0, 9, 0, 0], "precision", "no relevant items"),
        ([5, 0, 9, 0, 0, 0], "elusion", "no irrelevant items"),
        ([0, 0, 9, 9, 0, 0], "precision", "no items selected"),
    ],
)
def test_what_cannot_be_computed_has_a_reason(counts: list[int], metric: str, words: str):
    estimate = found(everybody(counts), metric)
    assert (estimate.value, estimate.lower, estimate.upper) == (None, None, None)
    assert words in estimate.reason


def test_clusters_tell_less():
    apart, together = everybody([100, 10, 0, 90, 0, 0]), clustered([[10, 0, 0, 9, 0, 0]] * 9 + [[10, 10, 0, 9, 0, 0]])
    assert found(together, "precision").lower < found(apart, "precision").lower
    assert "kish" in found(together, "precision").method


def test_it_is_measured_only_where_it_is_asked_and_for_each_group():
    tally = independent({("a",): [90, 20, 10, 980, 0, 0], ("b",): [45, 20, 5, 480, 0, 0]})
    assert not any(e.condition for e in measure(tally, policy(), 0.95))
    groups = [(("group", "a"),), (("group", "b"),)]
    questions = [asked("precision", group=g) for g in groups] + [replace(asked("precision", "at_most", group=groups[0]), requirement="b")]
    more = [e for e in measure(tally, policy(), 0.95, questions) if e.condition]
    assert [e.group for e in more] == groups
    assert named(more, "precision", groups[0]).value == found(everybody([90, 20, 10, 980, 0, 0]), "precision").value


def test_what_more_data_could_show():
    tally = everybody([95, 20, 5, 980, 0, 0])
    easy, hard = asked("precision", bound=0.2), asked("precision", bound=0.6)
    told = prospects(tally, [easy, hard], policy(), 0.95)
    assert told[easy].attainable
    assert told[easy].needed is not None
    assert 100 < told[easy].needed < 2000
    larger = everybody([950 * 2, 200 * 2, 50 * 2, 9800 * 2, 0, 0])
    assert (found(larger, "precision").lower or 0) > 0.2
    assert told[hard].needed is None
    assert "wrong side" in told[hard].reason
    few = prospects(everybody([2, 0, 0, 2, 0, 0]), [easy], policy(), 0.95)[easy]
    assert not few.attainable


def test_a_needed_sample_shows_it_eight_times_in_ten():
    goal = asked("precision", bound=0.25)
    needed = prospects(everybody([95, 20, 5, 980, 0, 0]), [goal], policy(), 0.95)[goal].needed
    assert needed is not None
    rng, share = np.random.default_rng(5), needed / 1100
    tp, fp = rng.binomial(round(100 * share), 0.95, 300), rng.binomial(round(1000 * share), 0.02, 300)
    shown = [
        (found(everybody([int(a), int(b), round(100 * share) - int(a), round(1000 * share) - int(b), 0, 0]), "precision").lower or 0)
        >= 0.25
        for a, b in zip(tp, fp, strict=True)
    ]
    assert 0.7 < sum(shown) / 300 < 0.9
