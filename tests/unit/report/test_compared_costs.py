"""What an error is worth, in words: the side and the range, never wider than it was shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compared_by_hand import COSTS, PAIR

from evalharness.catalogue import COMPARED
from evalharness.records.cost_ratio import CostRange
from evalharness.report.compared.costs import ERRORS, ONE, cheapest_sentence, pair_sentence


def test_both_sides_are_told_with_what_is_shown_rounded_inward():
    text = pair_sentence(COSTS, PAIR)
    assert "old costs less than new when one miss is worth more than 5 false alarms" in text
    assert "new costs less than old when one miss is worth less than 5 false alarms" in text
    assert "more than 6.124 false alarms" in text
    assert "less than 3.987 false alarms" in text


def test_what_is_not_shown_is_told_so_and_what_is_only_described():
    assert "Shown, 95\u00a0% sure: of neither" in pair_sentence(COSTS, replace(PAIR, one_shown=None, other_shown=None))
    assert "described only: no tally" in pair_sentence(COSTS, replace(PAIR, level=None, reason="no tally"))
    always = replace(PAIR, one_cheaper=(0.0, None), other_cheaper=None, one_shown=(0.0, None), other_shown=None)
    assert pair_sentence(COSTS, always).count("whatever one miss is worth") == 2
    assert "cost the same" in pair_sentence(COSTS, replace(PAIR, one_cheaper=None, other_cheaper=None))


def test_where_the_cheapest_model_changes_is_one_sentence():
    assert cheapest_sentence(COSTS) == (
        "What costs least on these items: new where one miss is worth less than 5 false alarms; "
        "old where one miss is worth more than 5 false alarms."
    )
    assert "Whatever one miss is worth, new and old costs least" in cheapest_sentence(
        replace(COSTS, ranges=(CostRange(ratios=(0.0, None), models=("new", "old")),))
    )


@pytest.mark.parametrize("task", [task for task, compared in COMPARED.items() if compared.errors])
def test_every_kind_of_error_has_words(task: str):
    assert set(COMPARED[task].errors or ()) <= set(ERRORS) & set(ONE)
