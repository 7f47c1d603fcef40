"""Attacks on the status list, on the clock, and on what must not vanish: withheld, rolled back, rewritten, signed by the wrong people."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import signing
from attacker import BARE, NOW, Scene, as_head, later, refused, resign

from evalharness.digests import sha256_file
from evalharness.errors import BadInput
from evalharness.signoff.envelope import read_statement
from evalharness.signoff.predicates import Anchor, Mark, StatusPredicate, StatusRef
from evalharness.workflows import status
from evalharness.workflows.clock import time_text

STATUS = "status.json"


def chain(scene: Scene) -> list[Path]:
    return sorted((scene.sign_off / "status").iterdir())


def head(scene: Scene) -> StatusPredicate:
    found: StatusPredicate = read_statement((scene.sign_off / STATUS).read_bytes(), STATUS).predicate
    return found


def mark(target: str, by: str = "ben", minutes: float = 40, why: str = "Because.") -> Mark:
    return Mark(target=target, why=why, by=by, on=time_text(later(minutes)))


def roll_back(scene: Scene, versions: int = 1) -> None:
    """Takes the newest versions away and puts the one before in their place."""
    for path in chain(scene)[-versions:]:
        path.unlink()
    as_head(scene, chain(scene)[-1])


TARGETS: dict[str, Callable[[Scene], Path]] = {
    "run": lambda scene: scene.run,
    "evidence": lambda scene: scene.run / "evidence.json",
    "report": lambda scene: scene.run / "report.html",
    "sums": lambda scene: scene.run / "SHA256SUMS",
    "test result": lambda scene: scene.result,
    "lock": lambda scene: scene.lock,
    "decision": lambda scene: scene.statement("ada"),
    "policy": lambda scene: scene.policy,
    "card": lambda scene: scene.card,
    "model": lambda scene: scene.root / "model_cards" / "predictions.csv",
}


@pytest.mark.parametrize("what", TARGETS)
def test_whatever_an_approval_rests_on_can_be_revoked(scene: Scene, what: str) -> None:
    scene.revoke(TARGETS[what](scene), why="It was a mistake.")
    refused(scene.ask(), 12, "revoked by ben", "It was a mistake.")


def test_a_revocation_that_only_status_json_forgets_is_seen(scene: Scene) -> None:
    before = (scene.sign_off / STATUS).read_bytes()
    scene.revoke(scene.run)
    (scene.sign_off / STATUS).write_bytes(before)
    refused(scene.ask(), 12, "version 3 lies beside it: rolled back")


def test_a_list_rolled_back_with_its_chain_is_seen_by_who_knows_the_newest_version(scene: Scene) -> None:
    scene.revoke(scene.run)
    roll_back(scene)
    assert scene.ask()[0] == 0  # nothing here names version 3: files alone cannot tell, and SECURITY.md says so
    refused(scene.ask(status_version=3), 12, "version 3 was seen before: rolled back")


def test_a_list_rolled_back_with_its_chain_is_seen_where_a_signer_had_the_newer_one(waiting: Scene) -> None:
    waiting.refresh(minutes=20)
    data = (waiting.sign_off / STATUS).read_bytes()
    had = StatusRef(version=2, digest=read_statement(data, STATUS).digest)
    waiting.cast("cy", status=had)
    assert waiting.ask() == (0, "")
    roll_back(waiting)
    refused(waiting.ask(), 12, "a signer had version 2 before them: rolled back")


def test_another_list_of_the_same_version_is_seen_where_a_signer_had_the_right_one(waiting: Scene) -> None:
    waiting.revoke(waiting.statement("eve"), minutes=20)
    had = StatusRef(version=2, digest=sha256_file(waiting.sign_off / STATUS))
    waiting.cast("cy", status=had)
    roll_back(waiting)
    waiting.status("ben", minutes=20)
    refused(waiting.ask(), (12, 13), "another version 2 of the status list")


def test_a_deleted_version_in_the_middle_is_seen(scene: Scene) -> None:
    scene.revoke(scene.run)
    scene.refresh()
    chain(scene)[2].unlink()
    refused(scene.ask(), 13, "status/0003.dsse.json is missing")


def test_the_next_author_cannot_forget_a_revocation(scene: Scene) -> None:
    scene.revoke(scene.run, "dee")
    scene.status("ben", minutes=45, revoked=())
    refused(scene.ask(), 13, "a revocation is for ever")


def test_the_next_author_cannot_reword_a_revocation(scene: Scene) -> None:
    scene.revoke(scene.run, "dee", why="It is unsafe.")
    old = head(scene).revoked[0]
    scene.status("ben", minutes=45, revoked=(old.model_copy(update={"target": "sha256:" + "0" * 64}),))
    refused(scene.ask(), 13, "a revocation is for ever")


def test_a_revocation_deleted_by_signing_its_version_anew_is_seen_in_the_next(scene: Scene) -> None:
    scene.revoke(scene.run, "dee")
    scene.refresh()
    resign(chain(scene)[2], lambda document: document["predicate"].update(revoked=[]), "dee")
    refused(scene.ask(), 13, "it does not follow version 3 that is here")


def test_only_whoever_suspends_lifts(scene: Scene) -> None:
    status.suspend(scene.issuer("dee", 40), str(scene.run), why="Wait.")
    refused(scene.ask(), 12, "suspended by dee")
    scene.status("ben", minutes=45, suspended=())
    refused(scene.ask(), 13, "it lifts what dee suspended")


@pytest.mark.parametrize("field", ["revoked", "suspended"])
def test_nobody_marks_in_somebody_else_s_name(scene: Scene, field: str) -> None:
    marks: dict[str, Any] = {field: (mark(sha256_file(scene.statement("eve")), by="dee"),)}
    scene.status("ben", **marks)
    refused(scene.ask(), 13, "in the name of somebody else")


def test_a_withheld_list_is_no_list(scene: Scene) -> None:
    (scene.sign_off / STATUS).unlink()
    refused(scene.ask(), 12, "status.json is absent: nobody can tell what was revoked")
    shutil.rmtree(scene.sign_off / "status")
    refused(scene.ask(), 12, "status.json is absent")


def test_a_list_that_is_no_longer_refreshed_runs_out(scene: Scene) -> None:
    scene.clock = later(31, days=7)
    refused(scene.ask(), 12, "out of date: it held until 2026-06-08T09:30:00Z")


def test_a_list_cannot_be_made_to_last(scene: Scene) -> None:
    scene.status("ben", next_update="2040-01-01T00:00:00Z")
    scene.clock = later(41, days=7)
    refused(scene.ask(), 12, "older than the policy's 7 days")


def test_a_list_of_the_future_is_refused(scene: Scene) -> None:
    scene.status("ben", minutes=24 * 60)
    refused(scene.ask(), 12, "the status list is dated 2026-06-02T09:00:00Z, later than the moment of the decision")


def test_a_list_dated_otherwise_than_it_was_signed_is_refused(scene: Scene) -> None:
    scene.status("ben", author={"created": time_text(later(10))})
    refused(scene.ask(), 13, "it was signed 2026-06-01T09:10:00Z as issued 2026-06-01T09:40:00Z")


def test_a_list_that_is_older_than_the_one_before_is_refused(scene: Scene) -> None:
    scene.status("ben", minutes=20)
    refused(scene.ask(), 13, "before version 2")


@pytest.mark.parametrize("person", ["eve", "fay"])
def test_a_list_by_somebody_without_the_authority_is_refused(scene: Scene, person: str) -> None:
    scene.status(person)
    refused(scene.ask(), 12, "the status list, signed by", "may not sign this")


def test_a_list_by_a_stranger_is_refused(scene: Scene) -> None:
    scene.status("ben", key_of="mallory")
    refused(scene.ask(), 12, "is not in the register of signers")


def test_a_list_in_somebody_else_s_name_is_refused(scene: Scene) -> None:
    scene.status("ben", key_of="dee")
    refused(scene.ask(), 12, "it says it is by ben; the key is dee's")


@pytest.mark.parametrize("organisation", ["Example Force", "A Supplier Ltd"])
def test_a_list_by_the_team_or_the_supplier_is_refused(scene: Scene, organisation: str) -> None:
    """The developers hold back their own revocations: they are the last who may say that nothing was revoked."""
    person = "dev-1" if organisation == "Example Force" else "sam"
    scene.enrol(signing.entry(person, "safeguarding", organisation=organisation))
    scene.status(person)
    refused(scene.ask(), 12, "status list", "team" if person == "dev-1" else "supplier")


def test_a_list_under_an_older_register_than_the_decisions_is_refused(waiting: Scene) -> None:
    waiting.register(issued=time_text(later(35)))
    waiting.cast("cy")
    refused(waiting.ask(), 12, "knows version 1 of the register, a decision version 2: it is an older list")
    waiting.refresh()
    assert waiting.ask() == (0, "")


def test_register_and_status_list_rolled_back_together_are_seen_by_what_names_them(waiting: Scene) -> None:
    readable = waiting.sign_off / "signers.yaml"
    before = readable.read_bytes()
    waiting.enrol(signing.entry("kim", "safeguarding"))
    waiting.cast("cy")
    waiting.refresh()
    assert waiting.ask() == (0, "")
    (waiting.sign_off / "signers" / "0002.dsse.json").unlink()
    readable.write_bytes(before)
    roll_back(waiting)
    refused(waiting.ask(), 12, "under version 2 of the register, which is not here: the register was rolled back")


def test_a_rejection_survives_that_register_and_status_list_are_rolled_back(scene: Scene) -> None:
    """hal holds a role that can stop an approval; the version of the register that his rejection names is taken away."""
    readable = scene.sign_off / "signers.yaml"
    before = readable.read_bytes()
    scene.enrol(signing.entry("kim", "safeguarding"))
    scene.cast("hal", decision="reject", why="It is unsafe.", **BARE)
    scene.refresh()
    refused(scene.ask(), 12, "hal, for data protection, rejected it")
    (scene.sign_off / "signers" / "0002.dsse.json").unlink()
    readable.write_bytes(before)
    roll_back(scene)
    refused(scene.ask(), 12, "hal")


@pytest.mark.parametrize("person", ["ada", "cy", "eve"])
def test_a_statement_that_the_list_has_seen_cannot_vanish(scene: Scene, person: str) -> None:
    scene.statement(person).unlink()
    refused(scene.ask(), (12, 13), "a decision that was there when the status list was issued is gone")


def test_the_last_dissent_cannot_vanish_after_the_list_was_refreshed(scene: Scene) -> None:
    """Nobody signed after it, so no statement names it: the status list does."""
    dissent = scene.cast("gil", "safeguarding", decision="dissent", why="I do not agree.", **BARE)
    assert scene.ask() == (0, "")  # a dissent is printed, it does not stop anything
    scene.refresh()
    dissent.unlink()
    refused(scene.ask(), (12, 13), "a decision that was there when the status list was issued is gone")


def test_a_run_that_the_list_has_seen_cannot_vanish(scene: Scene) -> None:
    """Its lock is taken away too, so that no lock is left without a result; a practice run that passes takes its place."""
    second = scene.attempt(45)
    scene.refresh(minutes=50)
    shutil.rmtree(second.run)
    second.lock.unlink()
    refused(scene.ask(), (10, 12, 13), "a lock that was there when the status list was issued is gone", "a test result that was there")


def test_the_next_author_cannot_forget_what_was_there(scene: Scene) -> None:
    dissent = scene.cast("gil", "safeguarding", decision="dissent", why="I do not agree.", **BARE)
    scene.refresh(minutes=42)
    gone = sha256_file(dissent)
    dissent.unlink()
    scene.status("ben", minutes=45, anchors=tuple(a for a in head(scene).anchors if a.digest != gone))
    refused(scene.ask(), 12, "it no longer names 1 of the locks and statements that version 3 had seen")


def test_a_list_cannot_say_that_a_statement_belongs_to_another_model(scene: Scene) -> None:
    last = head(scene)
    gone = sha256_file(scene.statement("ada"))
    moved = tuple(Anchor(digest=a.digest, kind=a.kind, model="other") if a.digest == gone else a for a in last.anchors)
    scene.status("ben", anchors=moved)
    refused(scene.ask(), 12, "it no longer names 1 of the locks and statements")


@pytest.mark.parametrize("kind", ["reject", "defer"])
def test_an_insider_cannot_revoke_somebody_s_veto(scene: Scene, kind: str) -> None:
    rejection = scene.cast("hal", decision=kind, why="It is unsafe.", **BARE)
    with pytest.raises(BadInput, match="nobody can take away a decision against approval"):
        scene.revoke(rejection)
    scene.status("ben", revoked=(mark(sha256_file(rejection)),))
    refused(scene.ask(), 12, "hal, for data protection", "this role can stop it", "It is unsafe.")


def test_an_insider_cannot_suspend_somebody_s_veto(scene: Scene) -> None:
    rejection = scene.cast("hal", decision="reject", why="It is unsafe.", **BARE)
    scene.status("ben", suspended=(mark(sha256_file(rejection)),))
    refused(scene.ask(), 12, "hal, for data protection, rejected it")


@pytest.mark.parametrize("at", ["2026-06-01T09:59:59Z", "2026-06-01T09:00:00Z", "2020-01-01T00:00:00Z"])
def test_the_past_cannot_be_approved(scene: Scene, at: str) -> None:
    refused(scene.ask(at=at), 12 if "09:59" in at else 11, "the past cannot be approved")


def test_a_past_in_which_it_was_not_revoked_yet_does_not_help(scene: Scene) -> None:
    scene.revoke(scene.run, minutes=50)
    refused(scene.ask(at=time_text(later(45))), 12, "the past cannot be approved", "revoked by ben")


def test_a_clock_that_is_set_back_before_the_run_is_noticed(scene: Scene) -> None:
    scene.clock = NOW - timedelta(days=300)
    refused(scene.ask(), (11, 12), "later than the moment of the decision")


def test_a_clock_set_back_to_the_day_of_the_approval_is_noticed_by_the_newest_list(scene: Scene) -> None:
    scene.revoke(scene.run, minutes=50)
    scene.clock = later(35)
    refused(scene.ask(), 12, "the status list is dated 2026-06-01T09:50:00Z, later than the moment of the decision")


def test_an_approval_ends(scene: Scene) -> None:
    scene.refresh(days=30)
    scene.clock = later(50, days=30)
    refused(scene.ask(), 12, "it ended at 2026-07-01T09:11:00Z")


def test_a_moment_after_the_end_cannot_be_asked_for_ahead(scene: Scene) -> None:
    refused(scene.ask(at="2026-08-01T00:00:00Z"), 12, "the status list is out of date", "it ended at")
