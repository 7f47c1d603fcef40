"""The next version of the register, and the changes that cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import signing

from evalharness.errors import BadInput
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.predicates import KeyPredicate, SignersPredicate
from evalharness.signoff.register import Register
from evalharness.signoff.register_changes import (
    first_version,
    root_of,
    with_authority,
    with_revocation,
    with_root,
    with_rotation,
    with_signer,
)
from evalharness.signoff.register_words import changes, state_of

NOW, END = "2026-06-01T09:00:00Z", "2027-12-31T23:59:59Z"


def public(name: str, person: str | None = None, rehearsal: bool = True) -> KeyPredicate:
    value = signing.public_hex(name)
    return KeyPredicate(
        schema="evalharness/key/v1", key=key_id(value), public=value, person=person or name, rehearsal=rehearsal, created=signing.ISSUED
    )


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return signing.Office(tmp_path).register()


def added(register: Register, key: KeyPredicate, **given: Any) -> SignersPredicate:
    values = {"roles": ["safeguarding"], "organisation": "Example Force", "valid_from": NOW, "valid_until": END, "now": NOW, **given}
    return with_signer(register, key, **values)


def test_a_first_version_has_a_root_the_usual_authority_and_nobody(register: Register) -> None:
    first = first_version([public("root-b"), public("root-a")], 2, NOW)
    assert [key.person for key in first.root.keys] == ["root-a", "root-b"]
    assert (first.version, first.previous, first.signers) == (1, None, ())
    assert first.authority == signing.AUTHORITY == register.authority


@pytest.mark.parametrize("quorum", [0, -1, 3])
def test_a_quorum_that_nobody_or_too_many_would_have_to_reach_is_refused(quorum: int) -> None:
    with pytest.raises(BadInput, match="quorum"):
        root_of([public("root-a"), public("root-b")], quorum)


def test_one_root_key_given_twice_or_two_of_one_person_are_refused() -> None:
    for keys in ([public("root-a"), public("root-a")], [public("root-a"), public("root-b", "root-a")], [public("bob"), public("b", "b0b")]):
        with pytest.raises(BadInput, match="would not hold"):
            first_version(keys, 2, NOW)


def test_a_signer_is_added_in_order_with_the_mark_of_the_key(register: Register) -> None:
    after = added(register, public("bea", rehearsal=False))
    assert [entry.person for entry in after.signers] == ["ada", "bea", "ben", "cy", "dee", "eve", "fay"]
    assert after.signers[1].rehearsal is False
    assert (after.version, after.previous, after.issued) == (2, register.digest, NOW)
    assert changes(register.predicate, after) == (
        f'bea ("Example Force") may sign as safeguarding from {NOW} until {END} with the key {public("bea").key[:16]}…',
    )


@pytest.mark.parametrize(
    ("key", "given", "word"),
    [
        (public("ada"), {}, "in the register already"),
        (public("ada", "gus"), {}, "in the register already, as ada's"),
        (public("x", "b-en"), {}, "look alike"),
        (public("x", "r00t-a"), {}, "look alike"),
        (public("ada-two", "ada"), {"organisation": "Other"}, "two organisations"),
        (public("root-a", "gus"), {}, "root key"),
        (public("gus"), {"roles": []}, "no role"),
        (public("gus"), {"roles": ["Safe Guarding"]}, "not the name of a role"),
        (public("gus"), {"roles": ["a", "a"]}, "twice"),
        (public("gus"), {"organisation": ""}, "organisation"),
        (public("gus"), {"organisation": "Two\nlines"}, "organisation"),
        (public("gus"), {"organisation": "Hidden\u202etext"}, "organisation"),
        (public("gus"), {"organisation": "Аcme"}, "mixes alphabets"),
        (public("gus"), {"organisation": "x" * 201}, "organisation"),
        (public("gus"), {"valid_from": "2026-05-31T00:00:00Z"}, "nobody signs for the past"),
        (public("gus"), {"valid_until": NOW}, "an end after"),
        (public("gus"), {"now": "2024-01-01T00:00:00Z", "valid_from": "2024-01-01T00:00:00Z"}, "clock"),
    ],
)
def test_a_signer_that_cannot_be_is_refused(register: Register, key: KeyPredicate, given: dict[str, Any], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        added(register, key, **given)


def test_a_rotation_ends_the_old_keys_and_carries_the_roles_over(register: Register) -> None:
    after = with_rotation(register, public("ada-2", "ada"), valid_until=None, now=NOW)
    old, new = [entry for entry in after.signers if entry.person == "ada"]
    assert (old.valid_until, new.valid_from, new.valid_until) == (NOW, NOW, signing.VALID_UNTIL)
    assert (new.roles, new.organisation) == (old.roles, old.organisation)
    assert state_of(old, "2026-06-01T09:00:01Z") == "ended"
    (another, ends) = sorted(changes(register.predicate, after))
    assert another.startswith(
        f'ada ("Example Force") gets ANOTHER key: {new.key[:16]}… (REHEARSAL) besides {old.key[:16]}…; it may sign as '
    )
    assert ends == f"the key {old.key[:16]}… of ada ends {NOW}; until now {signing.VALID_UNTIL}"


def test_after_a_lost_key_was_revoked_a_new_one_takes_its_roles(tmp_path: Path) -> None:
    office = signing.Office(tmp_path)
    office.write_version(with_revocation(office.register(), "ada", why="lost", now=NOW))
    after = with_rotation(office.register(), public("ada-2", "ada"), valid_until=END, now=NOW)
    old, new = [entry for entry in after.signers if entry.person == "ada"]
    assert old.revoked is not None
    assert old.valid_until == signing.VALID_UNTIL
    assert new.roles == ("senior_responsible_owner",)


@pytest.mark.parametrize(
    ("key", "until", "now", "word"),
    [
        (public("gus"), None, NOW, "not in the register"),
        (public("ada"), None, NOW, "already"),
        (public("ada-2", "ada"), "2026-01-01T00:00:00Z", NOW, "--until"),
        (public("ada-2", "ada"), None, "2041-06-01T00:00:00Z", "--until"),
        (public("ada-2", "ada"), None, signing.ISSUED, "only begun"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused(register: Register, key: KeyPredicate, until: str | None, now: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        with_rotation(register, key, valid_until=until, now=now)


def test_a_revocation_takes_a_person_or_the_beginning_of_a_key_id(register: Register) -> None:
    key = public("ada").key
    for target in ("ada", key, key[:12]):
        after = with_revocation(register, target, why="lost laptop", now=NOW)
        (entry,) = [e for e in after.signers if e.revoked is not None]
        assert (entry.person, entry.revoked and entry.revoked.on) == ("ada", NOW)
        assert state_of(entry, NOW) == "revoked"
    assert "lost laptop" in changes(register.predicate, after)[0]


@pytest.mark.parametrize(
    ("target", "why", "word"), [("gus", "w", "no such"), ("ab", "w", "no such"), ("ada", "", "reason"), ("ada", "a\nb", "reason")]
)
def test_a_revocation_that_cannot_be_is_refused(register: Register, target: str, why: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        with_revocation(register, target, why=why, now=NOW)


def test_nobody_is_revoked_twice(tmp_path: Path) -> None:
    office = signing.Office(tmp_path)
    office.write_version(with_revocation(office.register(), "ada", why="lost", now=NOW))
    with pytest.raises(BadInput, match="revoked already"):
        with_revocation(office.register(), "ada", why="again", now=NOW)


def test_authority_changes_what_is_given_and_nothing_else(register: Register) -> None:
    after = with_authority(register, {"lock": ["safeguarding"]}, now=NOW)
    assert after.authority == signing.AUTHORITY.model_copy(update={"lock": ("safeguarding",)})
    assert changes(register.predicate, after) == (
        "who may lock a policy: safeguarding; until now independent_evaluator, senior_responsible_owner",
    )
    for given in ({}, {"lock": ["Bad Role"]}, {"lock": []}, {"lock": list(signing.AUTHORITY.lock)}):
        with pytest.raises(BadInput):
            with_authority(register, given, now=NOW)


def test_another_root_is_told_in_words(register: Register) -> None:
    after = with_root(register, [public("root-b"), public("root-c", rehearsal=False)], 1, now=NOW)
    assert changes(register.predicate, after) == (
        "it takes 1 of 2 root keys to change the register; until now 2 of 2 root keys",
        f"root-c gets a root key: {public('root-c').key[:16]}…",
        f"root-a no longer holds a root key: {public('root-a').key[:16]}… (REHEARSAL) is taken away",
    )


def test_another_key_under_the_same_name_is_told_as_loudly_as_can_be(register: Register) -> None:
    swapped = with_root(register, [public("root-a"), public("another", "root-b")], 2, now=NOW)
    assert changes(register.predicate, swapped) == (
        f"root-b gets ANOTHER root key: {public('another').key[:16]}… (REHEARSAL)"
        f" instead of {public('root-b').key[:16]}… (REHEARSAL); ask root-b whether it is theirs, by a way that you trust",
    )
    twin = with_root(register, [public("root-a"), public("other", "r00t-b")], 2, now=NOW)
    assert any(
        line.startswith("r00t-b gets a root key") and "BEWARE" in line and "root-b" in line for line in changes(register.predicate, twin)
    )


def test_a_first_version_names_every_root_key() -> None:
    first = first_version([public("root-b"), public("root-a")], 2, NOW)
    assert changes(None, first)[:3] == (
        "it takes 2 of 2 root keys to change the register",
        f"root-a gets a root key: {public('root-a').key[:16]}… (REHEARSAL)",
        f"root-b gets a root key: {public('root-b').key[:16]}… (REHEARSAL)",
    )


def test_words_of_others_are_quoted_escaped_and_never_cut(register: Register) -> None:
    (entry, *rest) = register.entries
    made = entry.model_copy(update={"key": "0" * 64, "organisation": 'X") may do nothing\u202e' + "y" * 3000})
    after = register.predicate.model_copy(update={"signers": (entry, *rest, made)})
    (line,) = changes(register.predicate, after)
    assert '("X\\") may do nothing\\\\u202ey' in line
    assert "y" * 3000 in line
    assert line.endswith(entry.valid_until)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2024-12-31T23:59:59Z", "not yet"),
        (signing.VALID_FROM, "in force"),
        (signing.VALID_UNTIL, "in force"),
        ("2041-01-01T00:00:00Z", "ended"),
    ],
)
def test_an_entry_is_in_force_from_its_first_to_its_last_second(at: str, state: str) -> None:
    assert state_of(signing.entry("ada", "a"), at) == state
