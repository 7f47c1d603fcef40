"""Whose statement can be believed, for what, and as whom one may sign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import signing

from evalharness.errors import Altered, BadInput
from evalharness.signoff.authors import author_for, author_problem
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import Signed, read_statement, sign, statement
from evalharness.signoff.predicates import STATUS_LIST, Author, KeyRevocation, SignersRef, StatusPredicate
from evalharness.signoff.register import Register

NOW = "2026-06-01T09:00:00Z"
STATUS_ROLES = signing.AUTHORITY.status


def signed_by(author: Author, *keys: str) -> Signed:
    """A status list by that author, signed with those keys."""
    predicate = StatusPredicate(
        schema="evalharness/status-list/v1", version=1, issued=author.created, next_update=author.created, previous=None, author=author,
        revoked=(), suspended=(), discharged=(),
    )  # fmt: skip
    payload = statement(STATUS_LIST, {"status": "sha256:" + "0" * 64}, predicate)
    return read_statement(sign(payload, [signing.signer(key) for key in keys]), "status.json")


def problems(register: Register, author: Author, *keys: str, roles: Any = STATUS_ROLES, claim: str = "rehearsal") -> tuple[str, ...]:
    return author_problem(register, signed_by(author, *(keys or (author.person,))), author, roles, claim)


@pytest.fixture
def office(tmp_path: Path) -> signing.Office:
    return signing.Office(tmp_path)


def with_entry(tmp_path: Path, person: str = "ada", **changes: Any) -> signing.Office:
    """An office in which one person's entry is other than usual."""
    office = signing.Office(tmp_path, write=False)
    office.write_first(signers=tuple(e.model_copy(update=changes) if e.person == person else e for e in office.entries()))
    return office


def test_nothing_speaks_against_a_right_author(office: signing.Office) -> None:
    assert problems(office.register(), office.author("ada")) == ()
    assert problems(office.register(), office.author("eve"), roles=None) == ()


def test_a_real_author_under_a_real_register_may_sign_for_any_claim(tmp_path: Path) -> None:
    office = signing.Office(tmp_path, rehearsal=False)
    for claim in ("rehearsal", "local", "shadow", "pilot"):
        assert problems(office.register(), office.author("ada"), claim=claim) == ()


def test_two_signatures_on_one_person_s_statement_are_not_believed(office: signing.Office) -> None:
    assert "2 signatures" in problems(office.register(), office.author("ada"), "ada", "ben")[0]


def test_a_key_that_nobody_registered_is_not_believed(office: signing.Office) -> None:
    assert "not in the register" in problems(office.register(), office.author("ada"), "mallory")[0]


def test_a_root_key_alone_signs_no_statement(office: signing.Office) -> None:
    assert "not in the register" in problems(office.register(), office.author("ada"), "root-a")[0]


def test_a_wrong_signature_is_altered(office: signing.Office) -> None:
    register, author = office.register(), office.author("ada")
    signed = signed_by(author, "ada")
    for changed in ("00" * 64, signed.signatures[0][1][:-2] + "ff"):
        forged = Signed(
            name="status.json", data=b"", digest="", predicate_type=STATUS_LIST, subject=signed.subject, predicate=signed.predicate,
            signatures=((signed.keys[0], changed),), payload=signed.payload,
        )  # fmt: skip
        with pytest.raises(Altered, match=r"status\.json"):
            author_problem(register, forged, author, None, "rehearsal")


def test_a_malleable_signature_is_altered(office: signing.Office) -> None:
    """S + L verifies under careless implementations and makes another file of the same statement."""
    author = office.author("ada")
    signed = signed_by(author, "ada")
    order = 2**252 + 27742317777372353535851937790883648493
    raw = bytes.fromhex(signed.signatures[0][1])
    other = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    forged = Signed(
        name="status.json", data=b"", digest="", predicate_type=STATUS_LIST, subject=signed.subject, predicate=signed.predicate,
        signatures=((signed.keys[0], other.hex()),), payload=signed.payload,
    )  # fmt: skip
    with pytest.raises(Altered):
        author_problem(office.register(), forged, author, None, "rehearsal")


def test_somebody_else_s_name_on_one_s_own_key_is_told(office: signing.Office) -> None:
    author = office.author("ada").model_copy(update={"person": "ben"})
    assert any("the key is ada's" in p for p in problems(office.register(), author, "ada"))


def test_a_role_that_the_person_lacks_or_that_may_not_sign_is_told(office: signing.Office) -> None:
    lacking = office.author("ada", "data_protection")
    assert any("does not have the role" in p for p in problems(office.register(), lacking))
    advising = office.author("eve")
    assert any("may not sign this" in p for p in problems(office.register(), advising))
    assert any("nobody" in p for p in problems(office.register(), advising, roles=()))


@pytest.mark.parametrize(
    ("created", "fine"),
    [
        ("2025-12-31T23:59:59Z", False),
        ("2026-01-01T00:00:00Z", True),
        ("2026-12-31T23:59:59Z", True),
        ("2027-01-01T00:00:00Z", False),
    ],
)
def test_a_key_signs_from_its_first_second_to_its_last(tmp_path: Path, created: str, fine: bool) -> None:
    office = with_entry(tmp_path, valid_from="2026-01-01T00:00:00Z", valid_until="2026-12-31T23:59:59Z")
    found = problems(office.register(), office.author("ada", created=created))
    assert (found == ()) is fine
    assert fine or any("before the key" in p or "after the key" in p for p in found)


def test_what_a_rotated_key_signed_before_it_ended_stays_and_nothing_after(tmp_path: Path) -> None:
    office = signing.Office(tmp_path)
    old = office.author("ada", created="2026-03-01T00:00:00Z")
    ada, *rest = office.register().entries
    ended, new = ada.model_copy(update={"valid_until": NOW}), signing.entry("ada", *ada.roles, key="ada-2", valid_from=NOW)
    office.write_version(office.next(signers=(ended, new, *rest)))
    register = office.register()
    assert problems(register, old, "ada") == ()
    after = office.author("ada", created="2026-07-01T00:00:00Z")
    assert any("had ended" in p for p in problems(register, after, "ada"))
    assert problems(register, after, "ada-2") == ()
    assert any("before the key" in p for p in problems(register, old, "ada-2"))


def test_a_revoked_key_is_believed_in_nothing_not_even_in_what_it_signed_before(tmp_path: Path) -> None:
    office = with_entry(tmp_path, revoked=KeyRevocation(on=NOW, why="lost laptop"))
    for created in ("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"):
        assert any("revoked" in p and "lost laptop" in p for p in problems(office.register(), office.author("ada", created=created)))


@pytest.mark.parametrize("claim", ["local", "shadow", "pilot", "anything"])
def test_a_rehearsal_key_or_register_counts_for_no_other_claim(tmp_path: Path, claim: str) -> None:
    demo = signing.Office(tmp_path / "demo")
    assert any("REHEARSAL" in p for p in problems(demo.register(), demo.author("ada"), claim=claim))
    real = signing.Office(tmp_path / "real", rehearsal=False, write=False)
    real.write_first(signers=tuple(e.model_copy(update={"rehearsal": e.person == "ada"}) for e in real.entries()))
    assert any("key of ada is a REHEARSAL" in p for p in problems(real.register(), real.author("ada"), claim=claim))
    assert problems(real.register(), real.author("ben"), claim=claim) == ()


def test_a_statement_under_a_newer_register_shows_that_this_one_was_rolled_back(office: signing.Office) -> None:
    newer = office.author("ada").model_copy(
        update={"signers": SignersRef(version=2, digest="sha256:" + "0" * 64, root=office.register().root)}
    )
    assert any("rolled back" in p for p in problems(office.register(), newer))


def test_a_statement_under_another_register_is_not_believed(office: signing.Office) -> None:
    ref = office.register().ref
    other = office.author("ada").model_copy(update={"signers": ref.model_copy(update={"digest": "sha256:" + "0" * 64})})
    assert any("another version 1" in p for p in problems(office.register(), other))
    root = office.author("ada").model_copy(update={"signers": ref.model_copy(update={"root": "sha256:" + "0" * 64})})
    assert any("another root" in p for p in problems(office.register(), root))


def test_a_statement_older_than_the_register_it_names_is_backdated(office: signing.Office) -> None:
    office.write_version(office.next(issued=NOW))
    assert any("before the register" in p for p in problems(office.register(), office.author("ada", created="2026-05-31T00:00:00Z")))
    assert problems(office.register(), office.author("ada", created=NOW)) == ()


def test_a_statement_under_an_older_version_of_the_chain_is_still_believed(office: signing.Office) -> None:
    author = office.author("ada")
    office.write_version(office.next(issued=NOW))
    assert problems(office.register(), author) == ()


def may(
    register: Register, person: str, role: str | None = None, *, roles: Any = None, created: str = NOW, claim: str = "rehearsal"
) -> Author:
    return author_for(register, signing.public_hex(person), role=role, roles=roles, created=created, claim=claim)


def test_the_holder_of_a_key_signs_in_the_one_role_that_fits(office: signing.Office) -> None:
    author = may(office.register(), "ada")
    assert (author.person, author.role, author.created) == ("ada", "senior_responsible_owner", NOW)
    assert author.signers == office.register().ref
    assert problems(office.register(), author) == ()


def test_of_several_roles_one_must_be_named(tmp_path: Path) -> None:
    office = signing.Office(tmp_path, people={"ada": ("data_protection", "safeguarding")})
    with pytest.raises(BadInput, match="several roles fit"):
        may(office.register(), "ada")
    assert may(office.register(), "ada", "safeguarding").role == "safeguarding"
    assert may(office.register(), "ada", roles=("safeguarding",)).role == "safeguarding"
    with pytest.raises(BadInput, match="no such role"):
        may(office.register(), "ada", "king")


@pytest.mark.parametrize(
    ("person", "changes", "word"),
    [
        ("mallory", {}, "not in the register"),
        ("eve", {"roles": STATUS_ROLES}, "no role that may sign this"),
        ("eve", {"roles": ()}, "gives nobody this authority"),
        ("ada", {"created": "2024-01-01T00:00:00Z"}, "before the key"),
        ("ada", {"created": "2050-01-01T00:00:00Z"}, "had ended"),
        ("ada", {"claim": "pilot"}, "REHEARSAL"),
    ],
)
def test_who_may_not_sign_is_told_before_anything_is_signed(
    office: signing.Office, person: str, changes: dict[str, Any], word: str
) -> None:
    with pytest.raises(BadInput, match=word):
        may(office.register(), person, **changes)


def test_a_revoked_key_signs_nothing_more(tmp_path: Path) -> None:
    office = with_entry(tmp_path, revoked=KeyRevocation(on=NOW, why="lost"))
    with pytest.raises(BadInput, match="revoked"):
        may(office.register(), "ada")
    assert office.register().entry(key_id(signing.public_hex("ada"))) is not None
