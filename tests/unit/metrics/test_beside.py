"""What a classifier loses against another model on the same items: the exact bound, and every case that must never be a pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from tallies_by_hand import everybody, policy, question

from evalharness.metrics import measure, prospects
from evalharness.metrics.answers import answer
from evalharness.records import Claim, Condition, Estimate, Finding, Outcome, Question
from evalharness.requirements import judge
from evalharness.stats.planning import needed_for_proportion
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.paired import PairedTally

KINDS = st.lists(st.integers(0, 60), min_size=5, max_size=5)


def asked(margin: float = 0.02, metric: str = "recall") -> Question:
    return question(metric, "margin", margin, on=Condition(relative_to="incumbent"))


def tally_of(kinds: list[int], clusters: list[list[int]] | None = None) -> ConfusionTally:
    """Relevant items alone, in recall: both right, only the incumbent, only this one, neither, unknown."""
    both, lost, gained, neither, unknown = kinds
    own = everybody([both + gained, 0, lost + neither + unknown, 0, 0, 0])
    slices = Slices(attributes=(), levels={}, depth=0)
    paired = PairedTally.of_independent(slices, ("recall",), np.array([[kinds]]))
    if clusters is not None:
        parts = np.array(clusters)
        paired = PairedTally(
            slices=slices, metrics=("recall",), counts=parts.sum(axis=0)[None, None], second=(parts.T @ parts)[None, None],
            clusters=np.array([[len(parts)]]), clustered=True,
        )  # fmt: skip
    return replace(own, beside={"relative to incumbent": paired})


def found(kinds: list[int], level: float = 0.95) -> Estimate:
    estimate = answer(tally_of(kinds), asked(), policy(), level)
    assert estimate is not None
    return estimate


def judged(tally: ConfusionTally, margin: float) -> Finding:
    one = asked(margin)
    estimates, more = measure(tally, policy(), 0.95, [one]), prospects(tally, [one], policy(), 0.95)
    (finding,) = judge([one], estimates, more, policy=policy(), claim=Claim.REHEARSAL)
    return finding


def test_the_bound_is_clopper_pearson_s_of_what_may_be_lost():
    estimate = found([480, 4, 2, 12, 2])
    assert estimate.metric == "recall_loss"
    assert estimate.condition == "relative to incumbent"
    assert estimate.value == pytest.approx(2 / 500)
    assert estimate.upper == pytest.approx(beta.ppf(0.95, 7, 494), rel=1e-8)  # 4 lost and 2 that the incumbent did not answer
    assert estimate.lower == pytest.approx(beta.ppf(0.025, 4, 497) - beta.ppf(0.975, 3, 498), rel=1e-8)
    assert estimate.n == 500


@pytest.mark.parametrize(
    ("kinds", "margin", "outcome"),
    [
        ([500, 0, 0, 0, 0], 0.01, Outcome.MET),
        ([480, 4, 2, 12, 2], 0.03, Outcome.MET),
        ([480, 4, 2, 12, 2], 0.02, Outcome.NOT_DEMONSTRATED),
        ([380, 100, 0, 20, 0], 0.05, Outcome.NOT_MET),
        ([400, 0, 0, 0, 100], 0.05, Outcome.NOT_DEMONSTRATED),  # an incumbent that refuses makes nobody good, and nobody bad
        ([0, 0, 0, 0, 0], 0.05, Outcome.NOT_EVALUABLE),
    ],
)
def test_met_not_met_and_what_lies_between(kinds: list[int], margin: float, outcome: Outcome):
    assert judged(tally_of(kinds), margin).outcome is outcome


def test_four_perfect_rows_meet_no_margin_stricter_than_the_exact_bound():
    exact = 1 - 0.05**0.25  # .527
    assert found([4, 0, 0, 0, 0]).upper == pytest.approx(exact, rel=1e-8)
    assert judged(tally_of([4, 0, 0, 0, 0]), 0.52).outcome is Outcome.NOT_DEMONSTRATED
    assert judged(tally_of([4, 0, 0, 0, 0]), 0.53).outcome is Outcome.MET


def test_what_was_not_counted_beside_it_is_never_a_pass():
    assert judged(everybody([500, 0, 0, 0, 0, 0]), 0.5).outcome is Outcome.NOT_EVALUABLE
    counted = tally_of([500, 0, 0, 0, 0])
    other = replace(counted, beside={"relative to baseline": counted.beside["relative to incumbent"]})
    assert judged(other, 0.5).outcome is Outcome.NOT_EVALUABLE


def test_whole_clusters_tell_less():
    apart, together = tally_of([100, 0, 0, 0, 0]), tally_of([100, 0, 0, 0, 0], [[10, 0, 0, 0, 0]] * 10)
    assert judged(apart, 0.05).outcome is Outcome.MET
    assert judged(together, 0.05).outcome is Outcome.NOT_DEMONSTRATED
    assert judged(together, 0.05).n_eff == 10


@given(KINDS, st.floats(0.5, 0.99))
def test_the_bound_rises_with_what_is_lost_and_with_the_level(kinds: list[int], level: float):
    if not sum(kinds):
        return
    estimate, wider = found(kinds, level), found(kinds, (1 + level) / 2)
    assert wider.lower <= estimate.lower <= estimate.value + 1e-12
    assert estimate.value - 1e-12 <= estimate.upper <= wider.upper
    if kinds[0]:
        worse = found([kinds[0] - 1, kinds[1] + 1, *kinds[2:]], level)
        assert worse.upper >= estimate.upper


def test_what_more_data_could_show():
    told = prospects(tally_of([96, 1, 1, 2, 0]), [asked(0.02), asked(0.01), asked(0.1)], policy(), 0.95)
    assert told[asked(0.02)].needed == needed_for_proportion(0.01, 0.02, 0.05, direction="at_most")
    assert told[asked(0.01)].needed is None
    assert "may be lost" in told[asked(0.01)].reason
    assert not told[asked(0.02)].attainable
    assert told[asked(0.1)].attainable
