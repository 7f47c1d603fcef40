"""A bound against a goal, in both directions, on the goal and beside it."""

from __future__ import annotations

import pytest

from evalharness.records import Prospect
from evalharness.requirements.bounds import clears, misses, undecided


@pytest.mark.parametrize(
    ("bound", "more", "reached", "missed"),
    [
        (0.9, True, True, False),
        (0.9, False, True, False),
        (0.91, True, True, False),
        (0.89, True, False, True),
        (0.91, False, False, True),
        (0.89, False, True, False),
    ],
)
def test_equality_reaches_a_goal_and_does_not_miss_it(bound: float, more: bool, reached: bool, missed: bool) -> None:
    assert (clears(bound, 0.9, more), misses(bound, 0.9, more)) == (reached, missed)


@pytest.mark.parametrize("more", [True, False])
def test_no_bound_neither_reaches_a_goal_nor_misses_it(more: bool) -> None:
    assert not clears(None, 0.9, more)
    assert not misses(None, 0.9, more)


def test_what_could_never_have_been_shown_says_so() -> None:
    assert undecided(0.5, 0.9, True, Prospect(attainable=True, needed=None)) == "the lower bound 0.5 is below 0.9"
    assert undecided(None, 0.9, False, Prospect(attainable=False, needed=None)).startswith(
        "there is no upper bound; even without any error"
    )
