"""Whatever differs between two registers is told before a root key signs it: no change is silent, and no key changes unnamed."""

from __future__ import annotations

from typing import Any

import pytest
import signing
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.signoff.predicates import Authority, KeyRevocation, Root, RootKey, SignerEntry, SignersPredicate
from evalharness.signoff.register_words import changes

KEYS = st.sampled_from([f"{n:x}" * 64 for n in range(6)])
PERSONS = st.sampled_from(["root-a", "root-b", "r00t-b", "ada"])
TIMES = st.sampled_from(["2025-01-01T00:00:00Z", "2026-06-01T09:00:00Z", "2040-12-31T23:59:59Z"])
ROLES = st.lists(st.sampled_from(["safeguarding", "data_protection", "lead"]), min_size=1, max_size=3).map(tuple)
WORDS = st.sampled_from(["Example Force", "Example Force ", 'Other") Force'])
REVOKED = st.none() | st.builds(KeyRevocation, on=TIMES, why=WORDS)
ROOT_KEYS = st.builds(RootKey, key=KEYS, public=KEYS, person=PERSONS, rehearsal=st.booleans())
ENTRIES = st.builds(
    SignerEntry, key=KEYS, public=KEYS, person=PERSONS, organisation=WORDS, roles=ROLES, valid_from=TIMES, valid_until=TIMES,
    rehearsal=st.booleans(), revoked=REVOKED,
)  # fmt: skip
ROOTS = st.builds(Root, quorum=st.integers(1, 3), keys=st.lists(ROOT_KEYS, min_size=1, max_size=3, unique_by=lambda k: k.key).map(tuple))
AUTHORITIES = st.builds(Authority, lock=ROLES, test_result=ROLES, status=ROLES)


@st.composite
def registers(draw: Any, like: SignersPredicate | None = None) -> SignersPredicate:
    """A register; with `like`, one that shares most of its parts."""
    values = {
        "version": draw(st.integers(1, 2)), "issued": draw(TIMES), "previous": None, "root": draw(ROOTS), "authority": draw(AUTHORITIES),
        "signers": draw(st.lists(ENTRIES, max_size=3, unique_by=lambda e: e.key).map(tuple)),
    }  # fmt: skip
    if like is not None:
        kept = draw(st.sets(st.sampled_from(sorted(values)), max_size=len(values)))
        values |= {name: getattr(like, name) for name in kept}
    return SignersPredicate(schema="evalharness/signers/v1", **values)


@st.composite
def pairs(draw: Any) -> tuple[SignersPredicate, SignersPredicate]:
    before = draw(registers())
    return before, draw(registers(before))


@settings(max_examples=250, deadline=None)
@given(pair=pairs())
def test_two_registers_that_differ_have_a_sentence_and_every_key_that_differs_is_named(
    pair: tuple[SignersPredicate, SignersPredicate],
) -> None:
    before, after = pair
    told = changes(before, after)
    assert bool(told) == (before != after)
    for old, new in ((before.root.keys, after.root.keys), (before.signers, after.signers)):
        was, now = {key.key: key for key in old}, {key.key: key for key in new}
        for key in was.keys() | now.keys():
            if was.get(key) != now.get(key):
                assert any(key[:16] in line for line in told), (key, told)


@settings(max_examples=60, deadline=None)
@given(after=registers())
def test_of_a_first_register_every_key_is_named(after: SignersPredicate) -> None:
    told = "\n".join(changes(None, after))
    assert all(key.key[:16] in told for key in (*after.root.keys, *after.signers))


@settings(max_examples=100, deadline=None)
@given(before=registers(), place=st.integers(0, 2), key=KEYS)
def test_a_person_whose_root_key_changes_is_told_by_name_with_both_keys(before: SignersPredicate, place: int, key: str) -> None:
    keys = list(before.root.keys)
    old = keys[place % len(keys)]
    if key in {k.key for k in keys}:
        return
    keys[place % len(keys)] = old.model_copy(update={"key": key})
    after = before.model_copy(update={"root": before.root.model_copy(update={"keys": tuple(keys)})})
    (line,) = changes(before, after)
    assert line.startswith(f"{old.person} gets ANOTHER root key: {key[:16]}…")
    assert f"instead of {old.key[:16]}…" in line


OTHER: dict[str, Any] = {
    "public": "f" * 64, "person": "somebody", "organisation": "Elsewhere", "roles": ("lead", "safeguarding"),
    "valid_from": "2030-01-01T00:00:00Z", "valid_until": "2031-01-01T00:00:00Z", "rehearsal": False,
    "revoked": KeyRevocation(on="2030-01-01T00:00:00Z", why="lost"),
}  # fmt: skip


@pytest.mark.parametrize("field", sorted({*SignerEntry.model_fields} - {"key"}))
def test_every_field_of_an_entry_has_its_sentence_with_key_and_value(field: str) -> None:
    old = signing.entry("ada", "lead")
    new = old.model_copy(update={field: OTHER[field]})
    before, after = (register((entry,)) for entry in (old, new))
    (line,) = changes(before, after)
    (back,) = changes(after, before)
    value = {"revoked": "lost", "roles": "lead, safeguarding", "rehearsal": "no instead of yes"}.get(field, OTHER[field])
    assert str(value) in line
    assert old.key[:16] in line
    assert old.key[:16] in back


@pytest.mark.parametrize("field", sorted({*RootKey.model_fields} - {"key"}))
def test_every_field_of_a_root_key_has_its_sentence(field: str) -> None:
    before = register(())
    first, *rest = before.root.keys
    keys = (first.model_copy(update={field: OTHER[field]}), *rest)
    after = before.model_copy(update={"root": before.root.model_copy(update={"keys": keys})})
    (line,) = changes(before, after)
    assert first.key[:16] in line


def register(entries: tuple[SignerEntry, ...]) -> SignersPredicate:
    return SignersPredicate(
        schema="evalharness/signers/v1", version=1, issued=signing.ISSUED, previous=None, root=signing.root("root-a", "root-b"),
        authority=signing.AUTHORITY, signers=entries,
    )  # fmt: skip
