"""Paired tallies to findings: what is demonstrated, what is worse, what several challengers cost, and nothing from nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.catalogue import paired_metrics, task_metrics
from evalharness.metrics.paired import Asked, both_findings, disagreements, paired_findings
from evalharness.records.paired import BothFinding, PairedFinding, Standing
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.tally import Slices
from evalharness.tally.paired import PairedTally

Tallies = Mapping[str, PairedTally]
NOBODY = Slices((), {}, 0)
OF = paired_metrics(task_metrics("binary"))
NAMES = tuple(metric.name for metric in OF)


def table(relevant: tuple[int, ...], irrelevant: tuple[int, ...]) -> np.ndarray:
    """[3, 5] recall, false positive rate, accuracy."""
    padded = [[*row, *[0] * (5 - len(row))] for row in (relevant, irrelevant)]
    return np.array([*padded, np.sum(padded, axis=0)])


def pair(*relevant: int, irrelevant: tuple[int, ...] = (5000, 0, 0, 0), unknown: int = 0) -> PairedTally:
    return PairedTally.of_independent(NOBODY, NAMES, table((*relevant, unknown), irrelevant)[None])


def clustered(both: int, lost: int, size: int) -> PairedTally:
    """Relevant items in equal clusters, each right or lost as a whole; `both` and `lost` are clusters."""
    parts = np.zeros((both + lost, 5), dtype=np.int64)
    parts[:both, 0], parts[both:, 1] = size, size
    nothing = np.zeros_like(parts)
    columns = [parts, nothing, parts]
    return PairedTally(
        slices=NOBODY,
        metrics=NAMES,
        counts=np.stack([c.sum(axis=0) for c in columns])[None],
        second=np.stack([c.T @ c for c in columns])[None],
        clusters=np.array([[both + lost, 0, both + lost]]),
        clustered=True,
    )


def findings(
    tallies: Mapping[str, PairedTally], margin: float, level: float, own: dict[str, float] | None = None
) -> tuple[PairedFinding, ...]:
    return paired_findings(tallies, OF, Asked(margin=margin, level=level, own=own))


def together(
    tallies: Mapping[str, PairedTally], margin: float, level: float, own: dict[str, float] | None = None
) -> tuple[BothFinding, ...]:
    return both_findings(tallies, OF, Asked(margin=margin, level=level, own=own))


def recall_of(tally: PairedTally, margin: float = 0.05, level: float = 0.95) -> PairedFinding:
    return next(f for f in findings({"b": tally}, margin, level) if f.metric == "recall")


def test_fewer_losses_than_the_exact_bound_allows_are_demonstrated_and_one_more_is_not():
    assert recall_of(pair(59, 0, 0, 0)).outcome is Standing.DEMONSTRATED
    assert recall_of(pair(58, 0, 0, 0)).outcome is Standing.NOT_DEMONSTRATED
    assert not recall_of(pair(58, 0, 0, 0)).attainable
    assert "59 independent items" in recall_of(pair(58, 0, 0, 0)).reason
    assert recall_of(pair(92, 1, 0, 0)).outcome is Standing.DEMONSTRATED
    assert recall_of(pair(91, 1, 0, 0)).outcome is Standing.NOT_DEMONSTRATED


def test_four_rows_that_agree_show_nothing():
    finding = recall_of(pair(4, 0, 0, 0))
    assert (finding.outcome, finding.attainable) == (Standing.NOT_DEMONSTRATED, False)
    assert finding.upper == pytest.approx(0.5271, abs=1e-4)
    assert recall_of(clustered(4, 0, 50)).outcome is Standing.NOT_DEMONSTRATED


def test_what_is_gained_elsewhere_does_not_make_up_for_what_is_lost():
    with_gains, without = recall_of(pair(80, 10, 10, 0)), recall_of(pair(90, 10, 0, 0))
    assert with_gains.upper == without.upper
    assert (with_gains.difference, without.difference) == (0.0, 0.1)


def test_an_incumbent_that_refuses_makes_no_challenger_good():
    """Nobody knows what it would have said of an item: where the challenger is wrong, it may have been lost."""
    silent = recall_of(pair(0, 0, 0, 0, unknown=6000))
    assert silent.outcome is Standing.NOT_DEMONSTRATED
    assert (silent.upper, silent.difference) == (1.0, 0.0)
    assert "6,000 items that the incumbent did not answer" in silent.reason
    some = recall_of(pair(5000, 0, 0, 0, unknown=1000))
    assert some.outcome is Standing.NOT_DEMONSTRATED
    assert some.upper == pytest.approx(float(clopper_pearson_upper(1000, 6000, 0.05)), rel=1e-9)
    assert recall_of(pair(5000, 0, 1000, 0)).outcome is Standing.DEMONSTRATED
    assert together({"b": pair(5000, 0, 0, 0, irrelevant=(0, 0, 0, 0, 6000))}, 0.05, 0.95)[0].outcome is Standing.NOT_DEMONSTRATED
    (group, *_) = disagreements("b", pair(5000, 0, 0, 0, unknown=1000), OF, 0.95)
    assert group.upper == some.upper


def test_an_incumbent_that_refuses_makes_no_challenger_worse():
    assert recall_of(pair(100, 0, 0, 0, unknown=900)).outcome is Standing.NOT_DEMONSTRATED


def test_worse_needs_the_opposite_bound_beyond_the_margin():
    assert recall_of(pair(60, 40, 0, 0)).outcome is Standing.WORSE
    assert recall_of(pair(60, 40, 0, 0), margin=0.35).outcome is Standing.NOT_DEMONSTRATED
    assert recall_of(pair(20, 40, 40, 0)).outcome is Standing.NOT_DEMONSTRATED


def test_nothing_to_compare_on_is_not_evaluable():
    finding = recall_of(pair(0, 0, 0, 0))
    assert (finding.outcome, finding.upper, finding.p) == (Standing.NOT_EVALUABLE, None, None)
    assert together({"b": pair(0, 0, 0, 0)}, 0.05, 0.95)[0].outcome is Standing.NOT_EVALUABLE


def test_equal_clusters_count_as_one_item_each():
    finding = recall_of(clustered(90, 1, 7))
    assert finding.n_eff == pytest.approx(91)
    assert finding.upper == pytest.approx(float(clopper_pearson_upper(1, 91, 0.05)), rel=1e-9)
    assert finding.mcnemar_exact is None
    assert finding.score_method.startswith("delta")


def test_independent_items_have_tango_s_interval_and_mcnemar_s_p_values_beside():
    finding = recall_of(pair(36, 12, 2, 0))
    assert (finding.score_lower, finding.score_upper) == pytest.approx((0.0823, 0.3219), abs=5e-3)
    assert finding.mcnemar_exact == pytest.approx(0.012939, abs=1e-6)
    assert finding.mcnemar_mid_p is not None
    assert finding.mcnemar_mid_p < finding.mcnemar_exact


def test_several_challengers_are_held_against_stricter_levels():
    one = findings({"b": pair(59, 0, 0, 0)}, 0.05, 0.95)
    two = findings({"b": pair(59, 0, 0, 0), "c": pair(40, 19, 0, 0)}, 0.05, 0.95)
    assert one[0].outcome is Standing.DEMONSTRATED
    assert {(f.challenger, f.outcome, f.level) for f in two if f.metric == "recall"} == {
        ("b", Standing.NOT_DEMONSTRATED, 0.975),
        ("c", Standing.WORSE, 0.975),
    }
    both_good = findings({"b": pair(100, 0, 0, 0), "c": pair(60, 0, 0, 0)}, 0.05, 0.95)
    assert [f.level for f in both_good if f.metric == "recall"] == [0.975, 0.95]
    assert {f.outcome for f in both_good if f.metric == "recall"} == {Standing.DEMONSTRATED}


def test_both_metrics_must_be_shown():
    good = (5000, 0, 0, 0)
    few = {"b": pair(59, 0, 0, 0, irrelevant=(20, 0, 0, 0))}
    assert together(few, 0.05, 0.95)[0].outcome is Standing.NOT_DEMONSTRATED
    assert together({"b": pair(59, 0, 0, 0, irrelevant=good)}, 0.05, 0.95)[0].outcome is Standing.DEMONSTRATED
    worse = {"b": pair(59, 0, 0, 0, irrelevant=(60, 40, 0, 0))}
    assert together(worse, 0.05, 0.95)[0].outcome is Standing.WORSE


def test_worse_in_one_of_two_metrics_is_said_of_the_challenger_only_beyond_the_doubt_of_looking_twice():
    found = findings({"b": pair(74, 16, 0, 0)}, 0.03, 0.95)
    lowest = next(f.lower for f in found if f.metric == "recall")
    expected = float(clopper_pearson_lower(16, 90, 0.025) - clopper_pearson_upper(0, 90, 0.025))
    assert lowest == pytest.approx(expected, rel=1e-9)
    between = lowest - 0.001
    assert recall_of(pair(74, 16, 0, 0), margin=between).outcome is Standing.WORSE
    assert together({"b": pair(74, 16, 0, 0)}, between, 0.95)[0].outcome is Standing.NOT_DEMONSTRATED
    assert together({"b": pair(74, 16, 0, 0)}, 0.03, 0.95)[0].outcome is Standing.WORSE


@settings(max_examples=60, deadline=None)
@given(tables=st.lists(st.tuples(*[st.integers(0, 40)] * 10), min_size=1, max_size=4), margin=st.sampled_from([0.02, 0.1, 0.3]))
def test_what_is_shown_together_is_shown_in_each_and_outcomes_agree_with_their_bounds(tables: list[tuple[int, ...]], margin: float):
    tallies = {f"m{i}": PairedTally.of_independent(NOBODY, NAMES, table(row[:5], row[5:])[None]) for i, row in enumerate(tables)}
    found = findings(tallies, margin, 0.95)
    for finding in found:
        if finding.upper is not None and finding.lower is not None and finding.difference is not None:
            assert (finding.outcome is Standing.DEMONSTRATED) == (finding.upper <= margin)
            assert finding.lower <= finding.difference <= finding.upper
    for both in together(tallies, margin, 0.95):
        if both.outcome is Standing.DEMONSTRATED:
            own = [f for f in found if f.challenger == both.challenger and f.metric != "accuracy"]
            assert {f.outcome for f in own} == {Standing.DEMONSTRATED}


@settings(max_examples=40, deadline=None)
@given(table=st.tuples(*[st.integers(0, 60)] * 4), more=st.integers(1, 5))
def test_more_losses_never_make_the_bound_smaller_nor_a_stricter_level(table: tuple[int, ...], more: int):
    both, lost, gained, neither = table
    if both >= more:
        less, worse = recall_of(pair(*table)), recall_of(pair(both - more, lost + more, gained, neither))
        assert less.upper is not None
        assert worse.upper is not None
        assert worse.upper >= less.upper
        assert (recall_of(pair(*table), level=0.99).upper or 0) >= less.upper


def test_disagreements_are_counted_for_every_group():
    slices = Slices(("sex",), {"sex": ("F", "M")}, 1)
    rows = [((5, 3, 1, 1), (8, 2)), ((5, 0, 1, 0), (8, 2)), ((0, 3, 0, 1), (0,))]
    tally = PairedTally.of_independent(slices, NAMES, np.stack([table(*row) for row in rows]))
    found = list(disagreements("b", tally, OF, 0.95))
    assert [(d.group, d.items.split()[0], d.counts.only_incumbent, d.counts.n) for d in found] == [
        ((), "relevant", 3, 10),
        ((), "irrelevant", 2, 10),
        ((("sex", "F"),), "relevant", 0, 6),
        ((("sex", "F"),), "irrelevant", 2, 10),
        ((("sex", "M"),), "relevant", 3, 4),
        ((("sex", "M"),), "irrelevant", 0, 0),
    ]
    assert found[-1].upper is None
    assert found[0].upper == pytest.approx(float(clopper_pearson_upper(3, 10, 0.05)), rel=1e-9)


def test_with_attempts_each_challenger_is_held_against_its_own_level_and_nothing_else():
    own = {"b": 0.9696, "c": 0.9924}
    tallies = {"b": pair(59, 0, 0, 0), "c": pair(400, 0, 0, 0)}
    found = findings(tallies, 0.05, 0.95, own)
    assert {f.challenger: f.level for f in found} == own
    assert {f.challenger: f.opposite_level for f in found} == own
    assert {f.challenger: f.outcome for f in found if f.metric == "recall"} == {
        "b": Standing.NOT_DEMONSTRATED,
        "c": Standing.DEMONSTRATED,
    }
    assert not any("holm" in f.method for f in found)
    assert {b.challenger: b.level for b in together(tallies, 0.05, 0.95, own)} == own


def test_grades_must_be_shown_in_all_that_matters_and_too_high_alone_stands_beside():
    of = paired_metrics(task_metrics("ordinal", ("none", "low", "high")))
    names = tuple(metric.name for metric in of)
    good, bad = [5000, 0, 0, 0, 0], [4000, 1000, 0, 0, 0]
    asked = Asked(margin=0.05, level=0.95)
    for place, name in enumerate(names):
        counts = np.array([[bad if other == place else good for other in range(len(names))]])
        (both,) = both_findings({"b": PairedTally.of_independent(NOBODY, names, counts)}, of, asked)
        assert both.outcome is (Standing.DEMONSTRATED if name == "over_grading_1" else Standing.WORSE), name
