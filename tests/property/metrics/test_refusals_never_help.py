"""Had the refused items been answered, in whatever way, no worst-case bound would have promised too much."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from tallies_by_hand import LEVEL, everybody, independent, named, policy

from evalharness.metrics import measure
from evalharness.metrics.gaps import GAP_METRICS
from evalharness.metrics.quantities import quantities

COUNTS = st.tuples(*[st.integers(0, 60)] * 4, *[st.integers(0, 9)] * 2).filter(lambda c: sum(c[4:]) > 0)
FEW = settings(max_examples=25, deadline=None, derandomize=True)
DUST = 1e-9


def answered(counts: tuple[int, ...]) -> list[tuple[int, ...]]:
    """As they are, and the four ways of answering all that was refused of a class."""
    tp, fp, fn, tn, relevant, irrelevant = counts
    found = [counts]
    for hit, alarm in product((True, False), repeat=2):
        p, n = (relevant if hit else 0), (irrelevant if alarm else 0)
        found.append((tp + p, fp + n, fn + relevant - p, tn + irrelevant - n, 0, 0))
    return found


@FEW
@given(COUNTS)
def test_a_share_s_worst_case_holds_whatever_the_answers(counts: tuple[int, ...]):
    asked = measure(everybody(counts), policy(), LEVEL)
    for way in answered(counts):
        real = measure(everybody(way), policy(), LEVEL)
        for quantity in quantities(policy()):
            before, after = named(asked, quantity.name), named(real, quantity.name)
            lower, upper = before.worst_case or (before.lower, before.upper)
            if lower is not None and after.lower is not None:
                assert lower <= after.lower + DUST
            if upper is not None and after.value is not None:
                assert after.upper is not None
                assert upper >= after.upper - DUST * upper


@FEW
@given(COUNTS, COUNTS)
def test_a_gap_s_worst_case_holds_whatever_the_answers_in_each_group(first: tuple[int, ...], second: tuple[int, ...]):
    asked = measure(independent({("a",): first, ("b",): second}), policy(), LEVEL)
    for one, other in product(answered(first), answered(second)):
        real = measure(independent({("a",): one, ("b",): other}), policy(), LEVEL)
        for metric in GAP_METRICS:
            before, after = (named(e, f"{metric.name}_difference") for e in (asked, real))
            upper = before.upper if before.worst_case is None else before.worst_case[1]
            if upper is not None:
                assert after.upper is not None
                assert upper >= after.upper - DUST
            before, after = (named(e, f"{metric.name}_ratio") for e in (asked, real))
            lower = before.lower if before.worst_case is None else before.worst_case[0]
            if lower is not None:
                assert after.lower is not None
                assert lower <= after.lower + DUST
