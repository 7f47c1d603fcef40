"""What must hold of one version of the register of signers, and of each version after the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalharness.errors import shown
from evalharness.signoff.ed25519 import key_id, weakness
from evalharness.signoff.predicates import RootKey, SignerEntry, SignersPredicate
from evalharness.signoff.skeleton import skeleton

LONGEST_ORGANISATION = 200
_LONGEST_WHY = 4000


def version_problems(predicate: SignersPredicate) -> tuple[str, ...]:
    """What is wrong with one version by itself, each in words; empty when all is well."""
    return (*_key_problems(predicate), *_person_problems(predicate), *_root_problems(predicate), *_entry_problems(predicate))


def change_problems(before: SignersPredicate, after: SignersPredicate) -> tuple[str, ...]:
    """What is wrong with `after` as the next version: entries are never dropped or changed, they only end earlier or are revoked."""
    return tuple(_changes(before, after))


def _key_problems(predicate: SignersPredicate) -> Iterator[str]:
    keys: list[RootKey | SignerEntry] = [*predicate.root.keys, *predicate.signers]
    for held in keys:
        if held.key != key_id(held.public):
            yield f"the key id {held.key[:16]}… of {held.person} is not that of its public key"
        if weak := weakness(held.public):
            yield f"the public key {held.key[:16]}… of {held.person} must not be used: {weak}"
    yield from (f"{name} stands twice among the root keys" for name in _repeated(k.key for k in predicate.root.keys))
    yield from (f"{name} stands twice among the signers' keys" for name in _repeated(e.key for e in predicate.signers))
    signers = {entry.key: entry for entry in predicate.signers}
    for root in predicate.root.keys:
        entry = signers.get(root.key)
        if entry is not None and (entry.person, entry.rehearsal) != (root.person, root.rehearsal):
            yield f"the root key {root.key[:16]}… of {root.person} is also a signer's, but not as the same person and kind of key"
        if entry is not None and entry.revoked is not None:
            yield f"the key {root.key[:16]}… of {root.person} is revoked and still a root key: change the root first"


def _person_problems(predicate: SignersPredicate) -> Iterator[str]:
    seen: dict[str, str] = {}
    for person in sorted({*(k.person for k in predicate.root.keys), *(e.person for e in predicate.signers)}):
        other = seen.setdefault(skeleton(person), person)
        if other != person:
            yield f"the names {other} and {person} look alike"
    organisations: dict[str, str] = {}
    for entry in predicate.signers:
        if organisations.setdefault(entry.person, entry.organisation) != entry.organisation:
            yield f"{entry.person} stands under two organisations"


def _root_problems(predicate: SignersPredicate) -> Iterator[str]:
    if predicate.root.quorum > len(predicate.root.keys):
        yield f"{predicate.root.quorum} root signatures are asked for and there are {len(predicate.root.keys)} root keys"
    for person in _repeated(key.person for key in predicate.root.keys):
        yield f"{person} holds two root keys: the quorum counts people"
    for name in ("lock", "test_result", "status"):
        for role in _repeated(getattr(predicate.authority, name)):
            yield f"the role {role} stands twice under authority: {name}"


def _entry_problems(predicate: SignersPredicate) -> Iterator[str]:
    for entry in predicate.signers:
        name = f"the entry of {entry.person} ({entry.key[:16]}…)"
        if entry.valid_from >= entry.valid_until:
            yield f"{name} ends before it begins"
        yield from (f"{name} names the role {role} twice" for role in _repeated(entry.roles))
        if not is_plain_line(entry.organisation, LONGEST_ORGANISATION):
            yield f"{name}: the organisation is not one plain line of at most {LONGEST_ORGANISATION} characters"
        if entry.revoked is not None and not is_plain_line(entry.revoked.why, _LONGEST_WHY):
            yield f"{name}: the reason for revoking is not one plain line"


def is_plain_line(text: str, longest: int) -> bool:
    """Whether text can stand in signers.yaml: one line with a word in it, nothing hidden, no blanks around it."""
    return any(c.isalnum() for c in text) and len(text) <= longest and text == text.strip() and shown(text, longest + 1) == text


def _changes(before: SignersPredicate, after: SignersPredicate) -> Iterator[str]:
    if after.issued < before.issued:
        yield f"it was issued {after.issued}, before the version it follows ({before.issued})"
    entries = {entry.key: entry for entry in after.signers}
    for old in before.signers:
        new = entries.get(old.key)
        if new is None:
            yield f"the entry of {old.person} ({old.key[:16]}…) was dropped: entries end or are revoked, they stay on the list"
        else:
            yield from _entry_changes(old, new)
    roots = {key.key: key for key in before.root.keys}
    for root in after.root.keys:
        if root.key in roots and roots[root.key] != root:
            yield f"the root key {root.key[:16]}… changed its holder or its kind"


def _entry_changes(old: SignerEntry, new: SignerEntry) -> Iterator[str]:
    name = f"the entry of {old.person} ({old.key[:16]}…)"
    if new.model_copy(update={"valid_until": old.valid_until, "revoked": old.revoked}) != old:
        yield f"{name} changed: a new role, organisation, beginning or person needs a new key"
    if new.valid_until > old.valid_until:
        yield f"{name} was made to last longer: that needs a new key"
    if old.revoked is not None and new.revoked != old.revoked:
        yield f"{name} was revoked and no longer is: a revocation is for ever"


def _repeated(items: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    found = [item for item in items if item in seen or seen.add(item)]  # type: ignore[func-returns-value]
    return sorted(set(found))
