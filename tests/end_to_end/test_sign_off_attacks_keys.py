"""Attacks on keys and on the register: one key for two, look-alikes, keys before and after their time, a register of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import signing
from attacker import VOTERS, Scene, edit, later, refused

from evalharness.signoff.predicates import KeyRevocation
from evalharness.signoff.register import root_fingerprint
from evalharness.workflows import gate as gate_module
from evalharness.workflows.clock import time_text

AFTER = time_text(later(35))


def test_one_key_under_two_names_is_refused(scene: Scene) -> None:
    scene.enrol(signing.entry("bea", "data_protection", key="ben"))
    refused(scene.ask(), 13, "stands twice among the signers' keys")


def test_a_root_key_as_somebody_else_s_voting_key_is_refused(scene: Scene) -> None:
    scene.enrol(signing.entry("bea", "data_protection", key="root-a"))
    refused(scene.ask(), 13, "is also a signer's, but not as the same person")


@pytest.mark.parametrize(("person", "of"), [("gi1", "gil"), ("g-il", "gil"), ("gll", "gil"), ("da1", "dal"), ("ha1", "hal")])
def test_a_name_that_looks_like_another_is_refused(scene: Scene, person: str, of: str) -> None:
    if of == "dal":
        scene.enrol(signing.entry("dal", "safeguarding"))
    scene.enrol(signing.entry(person, "data_protection"))
    refused(scene.ask(), 13, "look alike", of, person)


def test_a_person_under_two_organisations_is_refused(scene: Scene) -> None:
    scene.enrol(signing.entry("ada", "senior_responsible_owner", key="ada-2", organisation="Another Force"))
    refused(scene.ask(), 13, "ada stands under two organisations")


@pytest.mark.parametrize("person", VOTERS)
def test_a_key_that_had_ended_signs_nothing(scene: Scene, person: str) -> None:
    scene.change_entry(person, valid_until=time_text(later(5)))
    refused(scene.ask(), 12, f"after the key of {person} had ended")


def test_a_key_of_the_future_signs_nothing(waiting: Scene) -> None:
    waiting.enrol(signing.entry("cy", "data_protection", key="cy-2", valid_from=time_text(later(days=2))))
    waiting.cast("cy", by="cy-2")
    refused(waiting.ask(), 12, "before the key of cy was in force", "missing: 1 x data protection")


def test_a_key_cannot_be_made_to_begin_earlier(scene: Scene) -> None:
    scene.enrol(signing.entry("kim", "data_protection", valid_from=time_text(later(days=2))))
    scene.change_entry("kim", valid_from=signing.VALID_FROM)
    refused(scene.ask(), 13, "a new role, organisation, beginning or person needs a new key")


def test_a_key_cannot_be_made_to_last_longer(scene: Scene) -> None:
    scene.change_entry("ada", valid_until="2050-01-01T00:00:00Z")
    refused(scene.ask(), 13, "made to last longer")


def test_a_rotated_key_signs_nothing_new(waiting: Scene) -> None:
    waiting.change_entry("cy", valid_until=AFTER)
    waiting.enrol(signing.entry("cy", "data_protection", key="cy-2", valid_from=AFTER))
    waiting.cast("cy", by="cy")
    refused(waiting.ask(), 12, "after the key of cy had ended", "missing: 1 x data protection")


@pytest.mark.parametrize("person", [*VOTERS, "eve"])
def test_a_revoked_key_takes_everything_with_it_that_it_ever_signed(scene: Scene, person: str) -> None:
    scene.change_entry(person, revoked=KeyRevocation(on=AFTER, why="The laptop was stolen."))
    scene.refresh("dee")
    why = "no advice of victims advocate that counts" if person == "eve" else "The laptop was stolen"
    refused(scene.ask(), 12, why)


def test_a_revoked_key_signs_no_older_statement(waiting: Scene) -> None:
    old = waiting.office.register().ref
    waiting.change_entry("cy", revoked=KeyRevocation(on=AFTER, why="The laptop was stolen."))
    waiting.cast("cy", minutes=12, author={"signers": old})
    refused(waiting.ask(), 12, "the key of cy was revoked", "missing: 1 x data protection")


def test_a_revocation_of_a_key_cannot_be_taken_back(scene: Scene) -> None:
    scene.change_entry("cy", revoked=KeyRevocation(on=AFTER, why="The laptop was stolen."))
    scene.change_entry("cy", revoked=None)
    refused(scene.ask(), 13, "was revoked and no longer is")


def test_an_entry_cannot_be_dropped(scene: Scene) -> None:
    scene.register(signers=tuple(e for e in scene.office.register().entries if e.person != "hal"))
    refused(scene.ask(), 13, "the entry of hal", "was dropped")


@pytest.mark.parametrize("change", [{"roles": ("data_protection", "safeguarding")}, {"organisation": "Nobody"}, {"person": "kim"}])
def test_an_entry_cannot_be_rewritten(scene: Scene, change: dict[str, Any]) -> None:
    scene.change_entry("hal", **change)
    refused(scene.ask(), 13, "needs a new key")


def test_an_attacker_s_own_key_signs_nothing(waiting: Scene) -> None:
    waiting.cast("cy", by="mallory")
    refused(waiting.ask(), 12, "is not in the register of signers", "missing: 1 x data protection")


def test_a_key_does_not_sign_for_somebody_else(waiting: Scene) -> None:
    waiting.cast("cy", by="dee")
    refused(waiting.ask(), 12, "it says it is by cy; the key is dee's")


def test_a_person_signs_in_no_role_that_they_do_not_hold(waiting: Scene) -> None:
    waiting.cast("dee", "data_protection")
    refused(waiting.ask(), 12, "dee does not have the role data_protection", "missing: 1 x data protection")


def test_a_register_of_the_attacker_s_own_is_not_the_pinned_one(scene: Scene, tmp_path: Path) -> None:
    pinned = scene.office.register().root
    shutil.rmtree(scene.sign_off / "signers")
    theirs = signing.Office(scene.root, root_people=("mal", "mel"))
    assert theirs.register().root != pinned
    refused(scene.ask(root=pinned), 12, "this is not the register that was agreed on")


def test_the_pin_may_come_from_the_environment_of_the_job(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gate_module.ROOT_VARIABLE, scene.office.register().root)
    assert scene.ask() == (0, "")
    monkeypatch.setenv(gate_module.ROOT_VARIABLE, "sha256:" + "0" * 64)
    refused(scene.ask(), 12, "this is not the register that was agreed on")


@pytest.mark.parametrize("pin", ["", " ", "sha256:", "0" * 64, "SHA256:" + "0" * 64])
def test_a_pin_that_is_none_is_an_error_and_not_no_pin(scene: Scene, monkeypatch: pytest.MonkeyPatch, pin: str) -> None:
    refused(scene.ask(root=pin), 2, "not the fingerprint of a root", "--root")
    monkeypatch.setenv(gate_module.ROOT_VARIABLE, pin)
    refused(scene.ask(), 2, "not the fingerprint of a root", gate_module.ROOT_VARIABLE)


def test_root_txt_of_another_root_is_refused(scene: Scene) -> None:
    (scene.sign_off / "root.txt").write_text(root_fingerprint(signing.root("mal", "mel")) + "\n")
    refused(scene.ask(), 12, "this is not the register that was agreed on")


@pytest.mark.parametrize("signers", [("root-a",), ("root-a", "mallory"), ("mallory", "mel"), ("ada", "ben")])
def test_a_version_of_the_register_without_its_root_s_quorum_is_refused(scene: Scene, signers: tuple[str, ...]) -> None:
    scene.register(*signers, signers=(*scene.office.register().entries, signing.entry("mal", "data_protection")))
    refused(scene.ask(), 13, "root signatures are there")


def test_a_new_root_that_the_old_one_did_not_sign_is_refused(scene: Scene) -> None:
    scene.register("mal", "mel", root=signing.root("mal", "mel"))
    refused(scene.ask(), 13, "0 of its 2 root signatures are there")


def test_one_root_key_cannot_lower_the_quorum(scene: Scene) -> None:
    scene.register("root-a", root=signing.root("root-a", "root-b", quorum=1))
    refused(scene.ask(), 13, "1 of its 2 root signatures are there")


def test_one_person_with_two_root_keys_is_no_quorum(scene: Scene) -> None:
    two = signing.root("root-a", "root-c")
    keys = tuple(key.model_copy(update={"person": "root-a"}) for key in two.keys)
    scene.register("root-a", "root-b", "root-c", root=two.model_copy(update={"keys": keys}))
    refused(scene.ask(), 13, "root-a holds two root keys")


def test_a_waiting_version_moved_into_place_is_refused(scene: Scene) -> None:
    waiting = scene.sign_off / "signers" / "0002.proposed.dsse.json"
    scene.register("root-a", signers=(*scene.office.register().entries, signing.entry("mal", "data_protection")))
    (scene.sign_off / "signers" / "0002.dsse.json").rename(waiting)
    shutil.copyfile(waiting, scene.sign_off / "signers" / "0002.dsse.json")
    refused(scene.ask(), 13, "1 of its 2 root signatures are there")


def test_a_missing_version_in_the_middle_is_seen(scene: Scene) -> None:
    scene.enrol(signing.entry("kim", "safeguarding"))
    scene.enrol(signing.entry("lou", "safeguarding"))
    (scene.sign_off / "signers" / "0002.dsse.json").unlink()
    refused(scene.ask(), 13, "signers/0002.dsse.json is missing")


def test_another_version_in_the_middle_is_seen(scene: Scene) -> None:
    kept, second = scene.copy(scene.root.parent / "kept"), scene.sign_off / "signers" / "0002.dsse.json"
    scene.enrol(signing.entry("kim", "safeguarding"))
    scene.enrol(signing.entry("lou", "safeguarding"))
    kept.enrol(signing.entry("mal", "data_protection"))
    second.write_bytes((kept.sign_off / "signers" / second.name).read_bytes())
    refused(scene.ask(), 13, "signers/0003.dsse.json: it does not follow the version before it")


def test_a_readable_register_that_says_something_else_is_seen(scene: Scene) -> None:
    edit(scene.sign_off / "signers.yaml", "safeguarding", "data_protection")
    refused(scene.ask(), 13, "signers.yaml")


def test_a_register_of_the_future_is_refused(scene: Scene) -> None:
    scene.register(issued=time_text(later(days=300)))
    refused(scene.ask(), 12, "register", "later than the moment of the decision")


def test_no_register_is_no_approval(scene: Scene) -> None:
    shutil.rmtree(scene.sign_off / "signers")
    refused(scene.ask(), 12, "there is no register of signers")


def test_a_statement_cannot_be_older_than_the_register_it_names(waiting: Scene) -> None:
    waiting.register(issued=AFTER)
    waiting.cast("cy", minutes=20)
    refused(waiting.ask(), 12, "before the register it names was issued", "missing: 1 x data protection")


def test_a_statement_under_another_root_is_refused(waiting: Scene) -> None:
    ref = waiting.office.register().ref.model_copy(update={"root": "sha256:" + "0" * 64})
    waiting.cast("cy", author={"signers": ref})
    refused(waiting.ask(), 12, "under a register with another root", "missing: 1 x data protection")


def test_a_statement_under_a_fork_of_the_register_is_refused(waiting: Scene) -> None:
    ref = waiting.office.register().ref.model_copy(update={"digest": "sha256:" + "0" * 64})
    waiting.cast("cy", author={"signers": ref})
    refused(waiting.ask(), 12, "under another version 1 of the register", "missing: 1 x data protection")


def test_a_statement_under_a_register_that_is_gone_is_refused(waiting: Scene) -> None:
    readable = waiting.sign_off / "signers.yaml"
    before = readable.read_bytes()
    waiting.register(issued=AFTER)
    waiting.cast("cy")
    (waiting.sign_off / "signers" / "0002.dsse.json").unlink()
    readable.write_bytes(before)
    refused(waiting.ask(), 12, "under version 2 of the register, which is not here: the register was rolled back")


def test_a_statement_dated_before_its_signer_was_enrolled_is_refused(waiting: Scene) -> None:
    """The entry says that the key was in force all the time; the register of that day did not know it."""
    old = waiting.office.register().ref
    waiting.enrol(signing.entry("kim", "data_protection"))
    waiting.cast("kim", minutes=11, author={"signers": old})
    refused(waiting.ask(), 12, "kim", "missing: 1 x data protection")
