"""The register in words: in what two versions differ, and how an entry stands at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from evalharness.signoff.predicates import Root, SignerEntry, SignersPredicate

State = Literal["in force", "not yet", "ended", "revoked"]


def state_of(entry: SignerEntry, at: str) -> State:
    """How an entry stands at a time (UTC, as statements write it)."""
    if entry.revoked is not None:
        return "revoked"
    if at < entry.valid_from:
        return "not yet"
    return "in force" if at <= entry.valid_until else "ended"


def changes(before: SignersPredicate | None, after: SignersPredicate) -> tuple[str, ...]:
    """What `after` changes, a sentence each: what a holder of a root key agrees to by signing it."""
    return tuple(_changes(before, after))


def root_words(root: Root) -> str:
    """`2 of: root-a, root-b (REHEARSAL)`."""
    return f"{root.quorum} of: " + ", ".join(k.person + (" (REHEARSAL)" if k.rehearsal else "") for k in root.keys)


def _changes(before: SignersPredicate | None, after: SignersPredicate) -> Iterator[str]:
    if before is None or before.root != after.root:
        yield f"the register is changed by {root_words(after.root)}" + (f"; until now {root_words(before.root)}" if before else "")
    for name, what in (("lock", "lock a policy"), ("test_result", "sign a test result"), ("status", "sign the status list")):
        roles, old = getattr(after.authority, name), before and getattr(before.authority, name)
        if roles != old:
            yield f"who may {what}: {', '.join(roles)}" + (f"; until now {', '.join(old)}" if old else "")
    known = {entry.key: entry for entry in before.signers} if before else {}
    for entry in after.signers:
        yield from _entry_changes(known.get(entry.key), entry)


def _entry_changes(old: SignerEntry | None, new: SignerEntry) -> Iterator[str]:
    mark = ", REHEARSAL" if new.rehearsal else ""
    if old is None:
        yield (
            f"{new.person} ({new.organisation}) may sign as {', '.join(new.roles)} from {new.valid_from} until {new.valid_until}"
            f" with the key {new.key[:16]}…{mark}"
        )
        return
    if new.revoked != old.revoked and new.revoked is not None:
        yield f"the key {new.key[:16]}… of {new.person} is revoked, and with it all that it signed: {new.revoked.why}"
    if new.valid_until != old.valid_until:
        yield f"the key {new.key[:16]}… of {new.person} ends {new.valid_until}; until now {old.valid_until}"
