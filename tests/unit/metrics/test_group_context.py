"""What stands beside the gaps, for any tally."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tallies_by_hand import clusters_of_groups, everybody, independent, question

from evalharness.catalogue import task_metrics
from evalharness.evidence.group_context import GroupContextPart, group_context_as_json
from evalharness.metrics import group_context
from evalharness.metrics.gaps import asked_comparison, gap_estimates, gap_metrics
from evalharness.records.group_context import GapContext, GroupContext
from evalharness.stats.gap_sizes import detectable_gap, least_p, noise_floor

ORDINAL = task_metrics("ordinal", ("none", "C", "B", "A"))
COUNTS = st.tuples(*[st.integers(0, 5)] * 6)


def context_of(context: GroupContext, metric: str, between: tuple[str, ...] = ("group",), **more: object) -> GapContext:
    (found,) = [g for g in context.gaps if g.metric == metric and g.between == between and g.excluded == more.get("excluded", ())]
    return found


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(COUNTS, min_size=1, max_size=4).filter(lambda table: any(map(any, table))))
def test_every_number_stands_for_something_and_is_read_back(table: list[tuple[int, ...]]):
    tally = independent({(f"g{i}",): counts for i, counts in enumerate(table)})
    context = group_context(tally, 0.95, [question("recall", "max_difference", 0.1, between=("group",))])
    assert (context is None) == (len(table) == 1)
    if context is None:
        return
    assert [g.metric for g in context.gaps] == [m.name for m in gap_metrics(tally.of)]
    for gap in context.gaps:
        value, lower, upper = gap.difference_to_overall
        assert (value is None) == (gap.farthest is None)
        assert value is None or upper is None or lower is None or lower <= value + 1e-9 <= upper + 2e-9
        assert gap.noise_floor is None or 0 <= gap.noise_floor <= 1
        assert gap.least_p is None or 0 < gap.least_p <= 1
        assert gap.detectable is None or gap.detectable_smallest is None or gap.detectable <= gap.detectable_smallest + 1e-9
        if gap.least_p is not None and gap.least_p > 0.05:
            assert gap.detectable is None  # nothing could ever be seen
    document = group_context_as_json(context)
    assert GroupContextPart.model_validate_json(json.dumps(document)).record == context


def test_the_numbers_are_those_of_the_sizes_with_holm_over_the_pairs():
    tally = independent({("a",): (80, 4, 20, 96, 0, 0), ("b",): (45, 2, 5, 48, 0, 0), ("c",): (27, 3, 3, 27, 0, 0)})
    gap = context_of(group_context(tally, 0.95), "recall")
    rate = 152 / 180
    assert gap.noise_floor == pytest.approx(float(noise_floor([rate], [[100, 50, 30]])[0]), rel=1e-3)
    assert gap.detectable == pytest.approx(float(detectable_gap(rate, 50, 100, 0.05 / 6)), rel=1e-3)
    assert gap.detectable_smallest == pytest.approx(float(detectable_gap(rate, 30, 50, 0.05 / 6)), rel=1e-3)
    assert gap.least_p == pytest.approx(6 * float(least_p(50, 100)), rel=1e-3)
    assert gap.farthest in {(("group", "b"),), (("group", "c"),)}
    assert gap.difference_to_overall[0] == pytest.approx(max(0.9 - rate, rate - 0.8))


def test_a_metric_and_its_complement_differ_alike():
    tally = independent({("a",): (80, 4, 20, 96, 3, 0), ("b",): (45, 2, 5, 48, 0, 1), ("c",): (27, 3, 3, 27, 0, 0)})
    context = group_context(tally, 0.95)
    one, other = context_of(context, "recall"), context_of(context, "false_negative_rate")
    assert (one.noise_floor, one.detectable, one.least_p) == (other.noise_floor, other.detectable, other.least_p)
    assert one.difference_to_overall == pytest.approx(other.difference_to_overall, rel=1e-4)


def test_what_can_be_seen_is_what_the_lower_bound_of_the_gap_shows():
    """At the smallest p that any outcome can give: the bounds of the gaps themselves see the most telling outcome, or do not."""
    for size, seen in ((3, False), (20, True)):
        tally = independent({("a",): (size, 0, 0, 5, 0, 0), ("b",): (0, 0, size, 5, 0, 0)})
        asked = question("recall", "max_difference", 0.1, between=("group",))
        difference = next(iter(gap_estimates(asked_comparison(tally, asked, 0.95))))
        gap = context_of(group_context(tally, 0.95), "recall")
        assert (gap.least_p <= 0.05) == (difference.lower > 0) == seen


def test_groups_left_out_by_name_have_their_own_comparison():
    tally = independent({("a",): (80, 4, 20, 96, 0, 0), ("b",): (45, 2, 5, 48, 0, 0), ("c",): (1, 3, 29, 27, 0, 0)})
    left_out = ((("group", "c"),),)
    asked = question("recall", "max_difference", 0.1, between=("group",), excluded=left_out)
    context = group_context(tally, 0.95, [asked, asked])
    gap = context_of(context, "recall", excluded=left_out)
    assert gap.noise_floor == pytest.approx(float(noise_floor([125 / 150], [[100, 50]])[0]), rel=1e-3)
    assert gap.difference_to_overall[0] == pytest.approx(0.9 - 126 / 180)
    assert len([g for g in context.gaps if g.excluded]) == 1


def test_intersections_tell_of_what_is_asked_and_of_named_notions():
    cells = {(a, b): (20, 3, 5, 40, 0, 0) for a in "xy" for b in "uvw"}
    tally = independent(cells, attributes=("one", "two"), depth=2)
    context = group_context(tally, 0.95, [question("elusion", "at_most", 0.1)])
    deep = {g.metric for g in context.gaps if len(g.between) == 2}
    assert deep == {"recall", "false_positive_rate", "selection_rate", "precision", "elusion"}
    assert [c.between for c in context.conflicts] == [("one",), ("two",)]
    asked = [question("recall", "max_difference", 0.1, between=("two", "one"))]
    assert [c.between for c in group_context(tally, 0.95, asked).conflicts] == [("one",), ("two",), ("one", "two")]


def test_clusters_count_for_what_they_are_worth():
    rng = np.random.default_rng(5)
    parts = []
    for at in range(120):
        found = 4 * int(rng.random() < 0.8)
        parts.append({"ab"[at % 2]: (found, 0, 4 - found, 1, 0, 0)})
    gap = context_of(group_context(clusters_of_groups(parts), 0.95), "recall")
    assert gap.least_p == pytest.approx(2 * float(least_p(60, 60)), rel=1e-3)
    single = independent({("a",): (48, 0, 12, 60, 0, 0), ("b",): (48, 0, 12, 60, 0, 0)})
    assert gap.detectable == pytest.approx(context_of(group_context(single, 0.95), "recall").detectable, rel=0.15)


def test_every_task_has_its_own_metrics_and_everybody_alone_has_nothing():
    counts = np.arange(1, len(ORDINAL.outcomes) + 1)
    tally = independent({("a",): counts, ("b",): counts[::-1]}, of=ORDINAL)
    context = group_context(tally, 0.95)
    assert [g.metric for g in context.gaps] == [m.name for m in gap_metrics(ORDINAL)]
    assert context.conflicts == ()
    assert group_context(everybody((3, 1, 2, 5, 0, 0)), 0.95) is None


def test_of_a_weighted_sample_no_gap_is_told():
    tally = independent({("a",): (80, 4, 20, 96, 0, 0), ("b",): (45, 2, 5, 48, 0, 0)})
    assert group_context(replace(tally, strata=((0.5, tally), (1.0, tally))), 0.95) is None
