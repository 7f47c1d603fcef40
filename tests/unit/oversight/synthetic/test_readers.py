"""What made-up reviewers say, beside what is true of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reviewers import dials_of, items_of

from evalharness.oversight.synthetic.readers import Items, Made, made_readings, study_items
from evalharness.oversight.synthetic.streams import item_codes
from evalharness.oversight.synthetic.truth import own_right, said_chances

EVERYTHING: dict[str, Any] = {
    "reviewers": 400, "blind_share": 0.4, "twice_share": 0.3, "seeded_share": 0.1, "unread_share": 0.05,
    "sensitivity": {"mean": 0.8, "spread": 0.15}, "specificity": {"mean": 0.9, "spread": 0.1},
    "hard": {"share": 0.1, "share_of_wrong": 0.5, "penalty": 0.2},
    "lean": {"of_reviewers": 0.6, "to_wrong": 0.4, "to_right": 0.3}, "fatigue_per_100": 0.1, "too_low": 0.7,
    "low_prevalence": {"below": 0.5, "drop": 0.05}, "same_errors": 0.2,
    "shifts": {"teams": 100, "of_each": 4, "readings": 60, "spread": 0.04},
}  # fmt: skip


def test_a_row_is_the_same_whichever_other_items_there_are() -> None:
    dials, items = dials_of(**EVERYTHING), items_of(2_000, prevalence=0.3)
    some = np.arange(1_999, 0, -3)
    every, fewer = made_readings(dials, items), made_readings(dials, items.at(some))
    rows = {row[:3]: row for row in _rows(every, items)}
    theirs = list(_rows(fewer, items.at(some)))
    assert theirs
    assert all(rows[row[:3]] == row for row in theirs)


def test_more_reviewers_seeds_and_dials_give_other_readings() -> None:
    items = items_of(500, prevalence=0.3)
    base = list(_rows(made_readings(dials_of(), items), items))
    assert list(_rows(made_readings(dials_of(), items), items)) == base
    for change in ({"seed": 2}, {"reviewers": 9}, {"blind_share": 0.9}):
        assert list(_rows(made_readings(dials_of(**change), items), items)) != base


def test_an_item_is_read_by_different_people_and_a_third_settles_where_two_differ() -> None:
    items = items_of(3_000, prevalence=0.3)
    made = made_readings(dials_of(reviewers=3, twice_share=0.5, seeded_share=0.1, unread_share=0.1), items)
    by_item: dict[int, list[int]] = {}
    for row in range(len(made.item)):
        by_item.setdefault(int(made.item[row]), []).append(row)
    assert sorted(by_item) == list(range(3_000))
    thirds = 0
    for rows in by_item.values():
        assert len({int(made.reviewer[row]) for row in rows}) == len(rows)
        assert [int(made.reading[row]) for row in rows] == list(range(1, len(rows) + 1))
        said = [int(made.said[row]) for row in rows]
        if len(rows) == 2:
            assert said[0] == said[1]
        if len(rows) == 3:
            thirds += 1
            assert said[0] != said[1]
        assert all(made.read[rows]) or not any(made.read[rows])
    assert thirds
    counts = np.bincount(made.reviewer[made.reading == 1], minlength=3)
    assert np.abs(counts - 1_000).max() < 4 * np.sqrt(3_000 * 2 / 9)


def test_seeded_rows_show_an_error_on_the_other_side_of_the_line() -> None:
    items = items_of(3_000, prevalence=0.4, outcomes=4, relevant_from=2)
    made = made_readings(dials_of(seeded_share=0.2), items)
    labels, shown = items.labels[made.item[made.seeded]], made.shown[made.seeded]
    assert len(labels) > 400
    assert not ((labels >= 2) == (shown >= 2)).any()
    assert not made.blind[made.seeded].any()
    assert (made.shown[~made.seeded] == items.decisions[made.item[~made.seeded]]).all()


@pytest.mark.parametrize("outcomes", [2, 4])
def test_what_is_said_is_as_frequent_as_the_truth_says(outcomes: int) -> None:
    """Each frequency within five standard deviations, by label, answer, and whether it was seen; reviewers depend, so allow for them."""
    dials = dials_of(**EVERYTHING)
    items = items_of(150_000, prevalence=0.45, outcomes=outcomes, miss=0.3)
    made = made_readings(dials, items)
    first = (made.reading == 1) & ~made.seeded
    compared = 0
    for label in range(outcomes):
        for decision in range(-1, outcomes):
            for blind in (False, True):
                at = np.flatnonzero(first & (items.labels[made.item] == label) & (made.shown == decision) & (made.blind == blind))
                if len(at) < 2_000:
                    continue
                found = np.bincount(made.said[at] % (outcomes + 1), minlength=outcomes + 1) / len(at)
                true = said_chances(
                    dials, label, decision, blind=blind, wrong=decision != label, prevalence=items.prevalence, outcomes=outcomes
                )
                assert abs(true.sum() - 1) < 1e-12
                spread = np.sqrt(0.15**2 / 3 / dials.reviewers + 0.04**2 / 3 / 400 + 0.25 / len(at) + 0.25 * 0.16 / dials.reviewers)
                assert np.abs(found - true).max() < 4 * spread
                compared += 1
    assert compared >= 6


def test_two_readings_of_one_item_miss_together_as_often_as_was_asked() -> None:
    dials = dials_of(twice_share=1.0, same_errors=0.36, sensitivity={"mean": 0.7}, blind_share=1.0, reviewers=500)
    made = made_readings(dials, items_of(40_000, prevalence=1.0))
    missed = [made.said[made.reading == number] == 0 for number in (1, 2)]
    assert abs(np.corrcoef(missed[0], missed[1])[0, 1] - 0.36) < 0.02


def test_skill_falls_with_fatigue_low_prevalence_and_hard_items() -> None:
    plain = own_right(dials_of(), above=True, hard=False, prevalence=0.5)
    assert plain == pytest.approx(0.8)
    tired = dials_of(fatigue_per_100=0.2, shifts={"readings": 100})
    assert own_right(tired, above=True, hard=False, prevalence=0.5) == pytest.approx(0.8 - 0.2 * 49.5 / 100)
    rare = dials_of(low_prevalence={"below": 0.1, "drop": 0.1})
    assert own_right(rare, above=True, hard=False, prevalence=0.05) == pytest.approx(0.7)
    assert own_right(rare, above=False, hard=False, prevalence=0.05) == pytest.approx(0.9)
    assert own_right(rare, above=True, hard=False, prevalence=0.1) == pytest.approx(0.8)
    assert own_right(dials_of(hard={"penalty": 0.3}), above=True, hard=True, prevalence=0.5) == pytest.approx(0.5)


def test_the_items_of_a_study_are_drawn_by_their_codes() -> None:
    codes = item_codes(3, (f"item-{i}" for i in range(1_000)))
    chosen = study_items(dials_of(items=100), codes)
    assert len(chosen) == 100
    assert codes[chosen].max() < np.delete(codes, chosen).min()
    assert (codes[chosen][1:] > codes[chosen][:-1]).all()
    assert sorted(study_items(dials_of(items=100), codes[:90]).tolist()) == list(range(90))


def _rows(made: Made, items: Items) -> list[tuple[Any, ...]]:
    rows = zip(
        items.codes[made.item].tolist(), made.reviewer.tolist(), made.reading.tolist(), made.blind.tolist(), made.seeded.tolist(),
        made.shown.tolist(), made.said.tolist(), made.read.tolist(), made.shift.tolist(), made.position.tolist(), made.seconds.tolist(),
        strict=True,
    )  # fmt: skip
    return list(rows)
