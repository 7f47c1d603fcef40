"""What is for practice alone: another split than the policy's, and a run without copies."""

from __future__ import annotations

import pytest
from tallies_by_hand import policy

from evalharness.errors import BadInput
from evalharness.workflows.asked_practice import check_copies, on_split
from evalharness.workflows.inputs import Request


def asked(split: str | None = None, *, locked: bool = False, copies: bool = True) -> Request:
    return Request(policy="p", model="m", split=split, locked=locked, copies=copies)


def test_the_split_asked_for_takes_the_place_of_the_policy_s():
    assert on_split(policy(), asked("train")).split == "train"


@pytest.mark.parametrize("locked", [True, False])
def test_the_policy_s_own_split_changes_nothing_under_a_lock_or_without(locked: bool):
    own = policy()
    assert on_split(own, asked(locked=locked)) is own
    assert on_split(own, asked(own.split, locked=locked)) is own


def test_another_split_is_refused_under_a_lock():
    with pytest.raises(BadInput, match="judged on the policy's split"):
        on_split(policy(), asked("train", locked=True))


def test_copies_may_be_left_out_for_practice_and_not_under_a_lock():
    check_copies(asked(copies=False))
    check_copies(asked(locked=True))
    with pytest.raises(BadInput, match="answers the copies of items too"):
        check_copies(asked(locked=True, copies=False))
