"""No count from 1 to 9 can be read from a cell, nor be told from two cells beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evalharness.evidence.oversight.reviews import ReaderPart
from evalharness.report.oversight.leaning import _cells
from evalharness.report.oversight.small_cells import HIDDEN, WITHHELD, cell

SMALL = range(1, 10)


def test_small_counts_are_hidden_and_none_is_told():
    assert [cell(n) for n in (0, 1, 9, 10, 12_345)] == ["0", HIDDEN, HIDDEN, "10", "12,345"]


def test_what_would_tell_a_small_count_is_withheld():
    assert cell(95, 5) == WITHHELD
    assert cell(95, 0) == cell(95, 10) == "95"
    assert cell(5, 5) == HIDDEN


@given(st.tuples(*[st.integers(0, 60)] * 5), st.integers(0, 30))
def test_no_small_count_of_a_reviewer_follows_from_the_row(counts: tuple[int, int, int, int, int], other: int):
    """counts: decided rightly and wrongly where the answer is right, likewise where it is wrong, and blind."""
    right_right, right, wrong_right, wrong, blind = counts
    shown = right_right + right + wrong_right + wrong
    part = ReaderPart(
        reviewers=1, read=shown + blind, model_right=right_right + right, right_when_right=right_right, model_wrong=wrong_right + wrong,
        right_when_wrong=wrong_right, shown=shown, override=min(other, shown),
    )  # fmt: skip
    told = [int(text) if text.isdigit() else None for text in _cells(part)]
    assert not any(one in SMALL for one in told)
    read, seen, override, mistaken, caught = told
    for whole, some in ((read, seen), (seen, override), (seen, mistaken), (mistaken, caught)):
        assert whole is None or some is None or whole - some not in SMALL
