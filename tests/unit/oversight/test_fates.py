"""Fates of items, and the shares that follow, against one item at a time in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import Fault
from evalharness.oversight.fates import FATES, Fated, fates, shares, shares_of_outcomes
from evalharness.records.oversight_bands import Band, Bands

FIRST, REVIEW = Band(name="first", at_least=0.9, readers=2), Band(name="review", selected=True, readers=1)
WAITS = Band(name="waits", rest=True, readers=0, opened_within_days=30)
CLOSED = Band(name="closed", rest=True, readers=0)
ITEMS = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.45, 0.5, 0.55, 0.9, 0.95, 1.0, None]), st.booleans()), max_size=30)


def fate_of(score: float | None, within: float | None) -> int:
    if score is None or (within is not None and abs(score - 0.5) < within):
        return 3
    return 0 if score >= 0.9 else 1 if score >= 0.5 else 2


def counted(bands: Bands, items: list[tuple[float | None, bool]]) -> tuple[list[int], dict[str, tuple[int, int]]]:
    scores = np.array([np.nan if s is None else s for s, _ in items], dtype=np.float64)
    decisions = np.array([-1 if s is None else int(s >= 0.5) for s, _ in items], dtype=np.int8)
    labels = np.array([int(y) for _, y in items], dtype=np.int8)
    found = fates(bands, decisions, scores=scores, threshold=0.5)
    flags = shares(bands, Fated(fates=found, decisions=decisions, labels=labels, relevant=labels == 1, top=1))
    assert all(not (part & ~total).any() for part, total in flags.values())
    return found.tolist(), {name: (int(part.sum()), int(total.sum())) for name, (part, total) in flags.items()}


@given(ITEMS, st.sampled_from([None, 0.06]), st.sampled_from([WAITS, CLOSED]))
def test_every_item_has_the_fate_of_the_first_band_that_takes_it(items: list[tuple[float | None, bool]], within: float | None, last: Band):
    bands = Bands(bands=(FIRST, REVIEW, last), defer_within=within, machine_closes="why" if last.closes else "")
    found, told = counted(bands, items)
    by_hand = [fate_of(score, within) for score, _ in items]
    assert found == by_hand
    relevant = [fate for fate, (_, y) in zip(by_hand, items, strict=True) if y]
    rest = [fate for fate, (_, y) in zip(by_hand, items, strict=True) if not y]
    wrong = [fate for fate, (s, y) in zip(by_hand, items, strict=True) if fate < 3 and (s is not None and s >= 0.5) != y]
    assert told == {
        "closed_by_machine_rate": (by_hand.count(2) * last.closes, len(items)),
        "unread_double_rate": (by_hand.count(1), by_hand.count(0) + by_hand.count(1)),
        "top_class_unread_rate": (relevant.count(2), len(relevant)),
        "opened_rate_relevant": (len(relevant) - relevant.count(2), len(relevant)),
        "deferral_rate": (by_hand.count(3), len(items)),
        "deferral_rate_relevant": (relevant.count(3), len(relevant)),
        "deferral_rate_irrelevant": (rest.count(3), len(rest)),
        "selective_risk": (len(wrong), len(items) - by_hand.count(3)),
    }


def test_levels_go_where_the_policy_names_them_and_a_spot_check_changes_nothing():
    levels = ("none", "C", "B", "A")
    bands = Bands(
        bands=(Band(name="a", levels=("A",), readers=2), Band(name="bc", levels=("C", "B"), readers=1), CLOSED), machine_closes="w"
    )
    given_levels = np.array([3, 2, 1, 0, -1], dtype=np.int8)
    assert fates(bands, given_levels, given=given_levels, levels=levels).tolist() == [0, 1, 1, 2, 3]
    labels = np.array([3, 3, 0, 3, 1], dtype=np.int8)
    flags = shares(
        bands, Fated(fates=np.array([0, 1, 1, 2, 3], np.int8), decisions=given_levels, labels=labels, relevant=labels >= 1, top=3)
    )
    told = {name: (int(part.sum()), int(total.sum())) for name, (part, total) in flags.items()}
    assert told["top_class_unread_rate"] == (1, 3)
    assert told["unread_double_rate"] == (0, 1)
    assert told["selective_risk"] == (3, 4)
    assert told["closed_by_machine_rate"] == (1, 5)


@pytest.mark.parametrize(
    "bands",
    [
        Bands(bands=(FIRST, REVIEW, WAITS)),
        Bands(bands=(Band(name="a", levels=("A",)), WAITS)),
        Bands(bands=(REVIEW, WAITS), defer_within=0.1),
    ],
)
def test_what_bands_need_and_do_not_get_is_a_fault(bands: Bands):
    with pytest.raises(Fault):
        fates(bands, np.array([1, 0], dtype=np.int8))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.sampled_from([WAITS, CLOSED]), st.integers(1, 2))
def test_two_bands_are_counted_alike_from_items_and_from_outcomes(outcomes: list[int], last: Band, readers: int):
    """Outcomes in the order tp, fp, fn, tn, no answer of a relevant and of an irrelevant item."""
    bands = Bands(bands=(Band(name="today", selected=True, readers=readers), last), machine_closes="w" if last.closes else "")
    decisions = np.array([(1, 1, 0, 0, -1, -1)[o] for o in outcomes], dtype=np.int8)
    labels = np.array([(1, 0, 1, 0, 1, 0)[o] for o in outcomes], dtype=np.int8)
    found = fates(bands, decisions)
    assert found.tolist() == [FATES[o] for o in outcomes]
    by_items = shares(bands, Fated(fates=found, decisions=decisions, labels=labels, relevant=labels == 1, top=1))
    counts = np.bincount(outcomes, minlength=6)
    for name, (part, total) in shares_of_outcomes(bands).items():
        assert (int(counts @ part), int(counts @ total)) == (int(by_items[name][0].sum()), int(by_items[name][1].sum())), name
