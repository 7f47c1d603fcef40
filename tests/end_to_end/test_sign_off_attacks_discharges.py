"""Attacks on what a status list frees: conditions said to be fulfilled, suspensions lifted, a chain that one of its authors writes anew."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import signing
from attacker import NOW, Scene, as_head, later, prepared, refused

from evalharness.digests import sha256_file
from evalharness.errors import MissingSignOff
from evalharness.signoff.predicates import Discharge, KeyRevocation
from evalharness.workflows import gate, status
from evalharness.workflows.clock import time_text

DUE = "the status list does not say that it was done"
IN_VAIN = "who says that it was done does not count"


@pytest.fixture(scope="module")
def overdue_once(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Approved; cy has set a condition for people that was due two days ago. The list is fresh."""
    scene = prepared(tmp_path_factory.mktemp("overdue"))
    scene.approve(voters=("ben", "ada"))
    day = NOW.date() + timedelta(days=1)
    scene.sign("cy", "approve-with-conditions", 11, conditions=(f"action=Fix the leak@{day}@ben",))
    scene.refresh(minutes=30, days=3)
    scene.clock = later(60, days=3)
    return scene


@pytest.fixture
def overdue(overdue_once: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    copy = overdue_once.copy(tmp_path / "w")
    monkeypatch.delenv(gate.ROOT_VARIABLE, raising=False)
    monkeypatch.setattr(gate, "clock_now", lambda: copy.clock)
    return copy


def say_done(scene: Scene, by: str, minutes: float = 40) -> None:
    """A version by hand in which somebody says that the condition was fulfilled."""
    on = time_text(later(minutes, days=3))
    done = Discharge(decision=sha256_file(scene.statement("cy")), condition="action-1", why="done", by=by, on=on)
    scene.status(by, minutes=minutes + 3 * 24 * 60, discharged=(done,))


def test_a_condition_that_is_overdue_blocks_until_somebody_who_may_says_that_it_was_done(overdue: Scene) -> None:
    refused(overdue.ask(), 12, DUE)
    status.discharge(overdue.issuer("ben", 40, days=3), overdue.statement("cy"), "action-1", why="It was mended.")
    assert overdue.ask() == (0, "")
    overdue.refresh("dee", 45, days=3)
    assert overdue.ask() == (0, "")


def test_a_planted_discharge_is_not_laundered_by_the_next_refresh(overdue: Scene) -> None:
    say_done(overdue, "eve")
    refused(overdue.ask(), 12, "may not sign this", IN_VAIN)
    with pytest.raises(MissingSignOff, match="by eve, who may not issue one"):
        overdue.refresh("ben", 45, days=3)
    overdue.status("ben", minutes=45 + 3 * 24 * 60)  # by hand, or with another program
    refused(overdue.ask(), 12, IN_VAIN, "eve as victims advocate")


def test_a_revocation_follows_a_planted_list_and_makes_nothing_of_it_good(overdue: Scene) -> None:
    say_done(overdue, "eve")
    status.revoke(overdue.issuer("ben", 45, days=3), str(overdue.statement("eve")), why="Eve was misled.")
    refused(overdue.ask(), 12, IN_VAIN)
    overdue.refresh("dee", 46, days=3)
    refused(overdue.ask(), 12, IN_VAIN)
    status.discharge(overdue.issuer("dee", 47, days=3), overdue.statement("cy"), "action-1", why="It was mended.")
    code, said = overdue.ask()
    assert code == 12  # what was revoked stays revoked
    assert IN_VAIN not in said


@pytest.mark.parametrize("organisation", ["Example Force", "A Supplier Ltd"])
def test_the_team_and_the_supplier_do_not_say_that_a_condition_was_fulfilled(overdue: Scene, organisation: str) -> None:
    person = "dev-1" if organisation == "Example Force" else "sam"
    overdue.enrol(signing.entry(person, "safeguarding", organisation=organisation))
    status.discharge(overdue.issuer(person, 40, days=3), overdue.statement("cy"), "action-1", why="We mended it.")
    overdue.refresh("ben", 45, days=3)
    refused(overdue.ask(), 12, IN_VAIN, "team" if person == "dev-1" else "supplier")


def test_a_discharge_ends_with_the_key_that_brought_it_and_can_be_given_anew(overdue: Scene) -> None:
    status.discharge(overdue.issuer("dee", 40, days=3), overdue.statement("cy"), "action-1", why="It was mended.")
    overdue.refresh("ben", 45, days=3)
    assert overdue.ask() == (0, "")
    revoked = KeyRevocation(on=time_text(later(46, days=3)), why="stolen")
    overdue.register(
        issued=time_text(later(46, days=3)),
        signers=tuple(
            e.model_copy(update={"revoked": revoked}) if e.person == "dee" else e for e in overdue.office.register().entries
        ),
    )  # fmt: skip
    refused(overdue.ask(), 12, IN_VAIN, "stolen")
    status.discharge(overdue.issuer("ben", 50, days=3), overdue.statement("cy"), "action-1", why="I looked again.")
    assert overdue.ask() == (0, "")


def test_a_suspension_lifted_by_a_key_that_was_revoked_stands_again(scene: Scene) -> None:
    status.suspend(scene.issuer("dee", 40), str(scene.run), why="Wait.")
    status.lift(scene.issuer("dee", 42), str(scene.run), why="it was a mistake")
    scene.refresh("ben", 43)
    assert scene.ask() == (0, "")
    scene.change_entry("dee", issued=later(44), revoked=KeyRevocation(on=time_text(later(44)), why="stolen"))
    scene.refresh("ben", 45)
    refused(scene.ask(), 12, "suspended by dee", "Wait.")


def fork(scene: Scene) -> str:
    """dee revokes the run; ben takes that version away and issues another of the same number. Returns how dee names hers."""
    seen = scene.revoke(scene.run, "dee").seen_as
    newest, before = sorted((scene.sign_off / "status").iterdir())[-1:-3:-1]
    newest.unlink()
    as_head(scene, before)
    scene.refresh("ben", 42)
    return seen


def test_a_version_written_anew_is_seen_by_who_kept_its_digest(scene: Scene) -> None:
    seen = fork(scene)
    assert seen.startswith("3@sha256:")
    assert scene.ask(status_version=3)[0] == 0  # the number alone stops nobody who holds a status key, and SECURITY.md says so
    refused(scene.ask(status_version=seen), 12, "the version 3 of the status list that was seen before", "rolled back or rewritten")
    scene.refresh("ben", 44)
    refused(scene.ask(status_version=seen), 12, "rolled back or rewritten")


def test_the_digest_of_an_older_version_is_enough_as_long_as_it_is_in_the_chain(scene: Scene) -> None:
    seen = scene.refresh("dee", 40).seen_as
    scene.refresh("ben", 42)
    assert scene.ask(status_version=seen) == (0, "")
    number, _, digest = seen.partition("@")
    refused(scene.ask(status_version=f"{int(number) + 1}@{digest}"), 12, "rolled back or rewritten")
    refused(scene.ask(status_version=f"9@{digest}"), 12, "version 9 was seen before: rolled back", "rolled back or rewritten")
    shutil.rmtree(scene.sign_off / "status")
    refused(scene.ask(status_version=seen), (12, 13))
