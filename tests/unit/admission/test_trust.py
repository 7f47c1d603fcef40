"""The register and the status list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gate_worlds import RUN, STATUS, VOTES, WORLD, case_of

from evalharness.admission.case import RegisterCase, StatusCase
from evalharness.admission.trust import anchor_reasons, register_reasons, status_reasons


def of_register(register: RegisterCase, asked: int = 0) -> list[tuple[int, str]]:
    return [(r.code, r.text) for r in register_reasons(replace(case_of({**WORLD, "asked": asked}), register=register))]


def of_status(asked: int = 0, votes: Any = VOTES, **changes: Any) -> list[tuple[int, str]]:
    world = {**WORLD, "asked": asked, "status": {**STATUS, **changes}, "runs": ({**RUN, "votes": votes},)}
    return [(r.code, r.text) for r in status_reasons(case_of(world))]


NOBODY: frozenset[str] = frozenset()


def test_a_register_in_order_gives_no_reason() -> None:
    assert of_register(RegisterCase(root="r", rehearsal=True, people=NOBODY)) == []


def test_an_absent_register_blocks_with_twelve_and_an_altered_one_with_thirteen() -> None:
    assert of_register(RegisterCase(root="", rehearsal=False, people=NOBODY, missing=("absent",))) == [(12, "absent")]
    assert of_register(RegisterCase(root="", rehearsal=False, people=NOBODY, altered=("x",))) == [(13, "x")]
    assert of_register(RegisterCase(root="", rehearsal=False, people=NOBODY)) == [(12, "there is no register of signers")]


def test_a_rehearsal_register_approves_nothing_above_a_rehearsal() -> None:
    ((code, text),) = of_register(RegisterCase(root="r", rehearsal=True, people=NOBODY), asked=3)
    assert code == 12
    assert "rehearsal keys" in text
    assert "'pilot'" in text


def test_a_status_list_in_order_gives_no_reason() -> None:
    assert of_status() == []


def test_without_a_status_list_nobody_can_tell_what_was_revoked() -> None:
    assert [code for code, _ in of_status(state="absent")] == [12]
    ((code, text),) = [(r.code, r.text) for r in status_reasons(replace(case_of(WORLD), status=StatusCase(found=None)))]
    assert code == 12
    assert "no status list" in text


def test_an_altered_status_list_is_thirteen() -> None:
    assert [code for code, _ in of_status(state="altered")] == [13]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"author": False}, "revoked"),
        ({"issued": 7, "signed": 7}, "later than the moment"),
        ({"next": 5}, "out of date"),
        ({"issued": -2, "signed": -2}, "older than the policy's 7 days"),
        ({"highest": 2}, "version 2 lies beside it"),
        ({"least": 2}, "version 2 was seen before"),
        ({"least": 1, "seen": "another"}, "(another list) is not here: rolled back or rewritten"),
        ({"version": 2, "highest": 2, "least": 1, "seen": "another"}, "the version 1 of the status list that was seen before"),
        ({"dependent": "team"}, "belongs to the team"),
        ({"dependent": "supplier"}, "belongs to the supplier"),
    ],
)
def test_a_list_that_cannot_be_relied_upon_is_twelve(changes: dict[str, Any], words: str) -> None:
    found = of_status(**changes)
    assert {code for code, _ in found} == {12}
    assert words in " ".join(text for _, text in found)


@pytest.mark.parametrize(("version", "least"), [(1, 1), (2, 1), (2, 2)])
def test_the_very_list_that_was_seen_before_gives_no_reason(version: int, least: int) -> None:
    assert of_status(version=version, highest=version, least=least, seen="this one") == []


def test_a_rehearsal_key_signs_no_status_list_for_a_pilot() -> None:
    ((code, text),) = of_status(asked=3, rehearsal=True)
    assert code == 12
    assert "rehearsal key" in text


def test_a_list_older_than_the_register_or_the_list_that_a_signer_had_was_rolled_back() -> None:
    ((code, text),) = of_status(votes=({**VOTES[0], "register": 2}, *VOTES[1:]))
    assert code == 12
    assert "older list" in text
    ((code, text),) = of_status(votes=({**VOTES[0], "saw": 2}, *VOTES[1:]))
    assert code == 12
    assert "rolled back" in text


def test_what_nobody_believes_says_nothing_about_versions() -> None:
    assert of_status(votes=(*VOTES, {**VOTES[0], "person": "s", "register": 9, "saw": 9, "believed": False})) == []


def test_another_list_of_the_same_version_than_a_signer_had_is_thirteen() -> None:
    ((code, text),) = of_status(votes=({**VOTES[0], "defects": frozenset({"other list"})}, *VOTES[1:]))
    assert code == 13
    assert "another version 1" in text


def test_a_lock_or_statement_that_was_there_and_is_gone_is_thirteen() -> None:
    found = list(anchor_reasons(case_of({**WORLD, "status": {**STATUS, "anchors": False}})))
    assert [r.code for r in found] == [13]
    assert "is gone" in found[0].text
    assert list(anchor_reasons(case_of({**WORLD, "status": {**STATUS, "anchors": "all there"}}))) == []
