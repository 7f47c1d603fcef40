"""The register in words: in what two versions differ, and how an entry stands at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from evalharness.errors import shown
from evalharness.signoff.predicates import Authority, KeyRevocation, Root, RootKey, SignerEntry, SignersPredicate
from evalharness.signoff.skeleton import skeleton

State = Literal["in force", "not yet", "ended", "revoked"]
_AUTHORITY = {"lock": "lock a policy", "test_result": "sign a test result", "status": "sign the status list"}
_FIELDS = {"public": "public key", "person": "holder", "valid_from": "beginning", "rehearsal": "mark as a rehearsal key"}


def state_of(entry: SignerEntry, at: str) -> State:
    """How an entry stands at a time (UTC, as statements write it)."""
    if entry.revoked is not None:
        return "revoked"
    if at < entry.valid_from:
        return "not yet"
    return "in force" if at <= entry.valid_until else "ended"


def changes(before: SignersPredicate | None, after: SignersPredicate) -> tuple[str, ...]:
    """What `after` changes, a sentence each: what a holder of a root key agrees to by signing it.

    The root stands first. Two registers that differ have at least one sentence, and every key that came, went or changed is named by the
    first 16 digits of its id. Words of others are quoted and escaped and never cut, so the sentences are to be printed whole.
    """
    if before is None:
        return (*_root_changes(None, after.root), *_authority_changes(None, after.authority), *_signer_changes((), after.signers))
    found = (
        *_root_changes(before.root, after.root),
        *_authority_changes(before.authority, after.authority),
        *_signer_changes(before.signers, after.signers),
    )
    if not found and before != after:
        return ("no key, quorum, role or date of a key changes: only the version, its date, or what it follows",)
    return found


def root_words(root: Root) -> str:
    """`2 of: root-a 0123456789abcdef…, root-b fedcba9876543210… (REHEARSAL)`."""
    return f"{root.quorum} of: " + ", ".join(f"{k.person} {key_words(k)}" for k in root.keys)


def key_words(key: RootKey | SignerEntry) -> str:
    """The beginning of the key's id, and whether it is a rehearsal key."""
    return f"{key.key[:16]}…" + (" (REHEARSAL)" if key.rehearsal else "")


def _root_changes(old: Root | None, new: Root) -> Iterator[str]:
    takes, took = (f"{root.quorum} of {len(root.keys)} root keys" if root else "" for root in (new, old))
    if takes != took:
        yield f"it takes {takes} to change the register" + (f"; until now {took}" if took else "")
    before = old.keys if old else ()
    was, now = {key.key: key for key in before}, {key.key: key for key in new.keys}
    come = [key for key in new.keys if key.key not in was]
    gone = [key for key in before if key.key not in now]
    for person in dict.fromkeys(key.person for key in (*come, *gone)):
        yield _root_of_person(person, [k for k in come if k.person == person], [k for k in gone if k.person == person], before)
    for key in now.values():
        if key.key in was:
            yield from _field_changes("root key", was[key.key], key)
    yield from _order(before, new.keys, "root keys")


def _root_of_person(person: str, come: list[RootKey], gone: list[RootKey], before: Iterable[RootKey]) -> str:
    new, old = (" and ".join(map(key_words, keys)) for keys in (come, gone))
    if come and gone:
        return f"{person} gets ANOTHER root key: {new} instead of {old}; ask {person} whether it is theirs, by a way that you trust"
    if gone:
        return f"{person} no longer holds a root key: {old} is taken away"
    twins = sorted({key.person for key in before if key.person != person and skeleton(key.person) == skeleton(person)})
    return f"{person} gets a root key: {new}" + (f"; BEWARE, the name looks like that of {' and '.join(twins)}" if twins else "")


def _authority_changes(old: Authority | None, new: Authority) -> Iterator[str]:
    for name in Authority.model_fields:
        roles, before = getattr(new, name), None if old is None else getattr(old, name)
        if roles != before:
            said = f"who may {_AUTHORITY.get(name, name)}: {_listed(roles)}"
            yield said if before is None else f"{said}; until now {_listed(before)}"


def _signer_changes(before: tuple[SignerEntry, ...], after: tuple[SignerEntry, ...]) -> Iterator[str]:
    was, now = {entry.key: entry for entry in before}, {entry.key: entry for entry in after}
    for entry in after:
        if entry.key in was:
            yield from _entry_changes(was[entry.key], entry)
        else:
            yield _new_entry(entry, [held for held in before if held.person == entry.person])
    for entry in before:
        if entry.key not in now:
            yield f"the key {key_words(entry)} of {entry.person} is TAKEN OFF the register"
    yield from _order(before, after, "signers' keys")


def _new_entry(entry: SignerEntry, held: list[SignerEntry]) -> str:
    who = f"{entry.person} ({_quoted(entry.organisation)})"
    span = f"from {entry.valid_from} until {entry.valid_until}"
    ended = "" if entry.revoked is None else f"; it {_revoked(entry.revoked)}"
    if not held:
        return f"{who} may sign as {_listed(entry.roles)} {span} with the key {key_words(entry)}{ended}"
    beside = " and ".join(f"{key.key[:16]}…" for key in held)
    return f"{who} gets ANOTHER key: {key_words(entry)} besides {beside}; it may sign as {_listed(entry.roles)} {span}{ended}"


def _entry_changes(old: SignerEntry, new: SignerEntry) -> Iterator[str]:
    name = f"the key {new.key[:16]}… of {new.person}"
    if new.revoked != old.revoked:
        if new.revoked is None:
            yield f"{name} is NO LONGER REVOKED"
        else:
            yield f"{name} {_revoked(new.revoked)}" + (f"; until now it {_revoked(old.revoked)}" if old.revoked else "")
    if new.valid_until != old.valid_until:
        yield f"{name} ends {new.valid_until}; until now {old.valid_until}"
    yield from _field_changes("key", old, new, told=("revoked", "valid_until"))


def _field_changes(what: str, old: Any, new: Any, told: tuple[str, ...] = ()) -> Iterator[str]:
    """Every other field of the model, those that a later form of it adds too."""
    name = f"the {what} {new.key[:16]}… of {new.person}"
    for field in type(new).model_fields:
        value, was = getattr(new, field), getattr(old, field)
        if field not in told and value != was:
            yield f"{name} has ANOTHER {_FIELDS.get(field, field)}: {_value(value)} instead of {_value(was)}"


def _order(before: Iterable[RootKey | SignerEntry], after: Iterable[RootKey | SignerEntry], what: str) -> Iterator[str]:
    was, now = [key.key for key in before], [key.key for key in after]
    if [key for key in was if key in now] != [key for key in now if key in was]:
        yield f"the {what} stand in another order, or one of them twice"


def _revoked(revoked: KeyRevocation) -> str:
    return f"is revoked on {revoked.on}, and with it all that it signed: {_quoted(revoked.why)}"


def _listed(roles: tuple[str, ...]) -> str:
    return ", ".join(roles) or "nobody"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else _quoted(str(value))


def _quoted(text: str) -> str:
    """Words of somebody else: it is seen where they begin and end, and nothing is hidden in them or cut off."""
    return json.dumps(shown(text, len(text) + 1), ensure_ascii=False)
