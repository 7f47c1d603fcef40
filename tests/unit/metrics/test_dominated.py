"""Dominated models: on the point, in both directions, and only where both values are known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evalharness.catalogue import task_metrics
from evalharness.metrics.dominated import dominating

OF = task_metrics("binary").metrics
RECALL_AND_WORK = OF["recall"], OF["review_rate"]


def test_more_recall_for_no_more_work_dominates():
    points = {"a": (0.9, 0.3), "b": (0.95, 0.3), "c": (0.95, 0.4), "d": (0.9, 0.3), "e": (None, 0.1)}
    assert dominating(points, RECALL_AND_WORK) == {"a": ("b",), "b": (), "c": ("b",), "d": ("b",), "e": ()}


def test_of_two_kinds_of_errors_less_is_better():
    levels = task_metrics("ordinal", ("a", "b")).metrics
    errors = levels["under_grading_1"], levels["over_grading_1"]
    assert dominating({"a": (0.2, 0.1), "b": (0.1, 0.1)}, errors) == {"a": ("b",), "b": ()}


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_nobody_dominates_itself_and_two_never_dominate_each_other(points: dict[str, tuple[int, int]]):
    found = dominating({name: (up / 4, across / 4) for name, (up, across) in points.items()}, RECALL_AND_WORK)
    for name, others in found.items():
        assert name not in others
        assert not any(name in found[other] for other in others)
        for other in points:
            up, work = points[other][0] - points[name][0], points[name][1] - points[other][1]
            assert (other in others) == (min(up, work) >= 0 and max(up, work) > 0)
