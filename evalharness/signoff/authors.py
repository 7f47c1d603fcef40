"""Can the author of a statement be believed, and as whom may the holder of a key sign?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evalharness.errors import Altered, bad_input, shown
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import Signed, verified_by
from evalharness.signoff.predicates import Author, SignerEntry
from evalharness.signoff.register import Register

_REHEARSAL = "rehearsal"


def author_problem(register: Register, signed: Signed, author: Author, roles: Collection[str] | None, claim: str) -> tuple[str, ...]:
    """Why this statement's author cannot be believed, each in words; empty when nothing speaks against it.

    author: as `signed` states it. roles: those that may sign such a statement; null: any. claim: what the statement is to be used for.
    Raises Altered when the signature is by a registered key and wrong.
    """
    if len(signed.signatures) != 1:
        return (f"it carries {len(signed.signatures)} signatures; one person signs a statement",)
    entry = register.entry(signed.keys[0])
    if entry is None:
        return (f"its key {signed.keys[0][:16]}… is not in the register of signers",)
    if verified_by(signed, [entry.public]) != signed.keys:
        raise Altered([f"{shown(signed.name)}: the signature is not that of {entry.person}'s key {entry.key[:16]}…"])
    return (
        *_entry_problems(entry, author, roles),
        *_revocation(entry),
        *_claim_problems(register, entry, claim),
        *_register_problems(register, entry, author),
    )


def issuer_problems(register: Register, signed: Signed) -> tuple[str, ...]:
    """Why the author of a version of the status list could not issue one when they did, by the register that it names.

    The signature was verified before. A revocation of the key since is not told here (`revocation_problems`).
    """
    author = signed.predicate.author
    entry = register.entry(signed.keys[0]) if len(signed.keys) == 1 else None
    if entry is None:
        return ("its key is not in the register of signers",)
    named = next((v for v in register.versions if v.version == author.signers.version), None)
    return (*_entry_problems(entry, author, named.status if named else ()), *_register_problems(register, entry, author))


def revocation_problems(register: Register, signed: Signed) -> tuple[str, ...]:
    """That a key which signed this was revoked, then or since."""
    return tuple(text for key in signed.keys if (entry := register.entry(key)) is not None for text in _revocation(entry))


def author_for(register: Register, public: str, *, role: str | None, roles: Collection[str] | None, created: str, claim: str) -> Author:
    """The author as whom the holder of a public key (hex) may sign now.

    role: as wished; null: the only one that fits. roles: those that may sign such a statement; null: any of the person's.
    Raises BadInput when the key is not registered, not in force, revoked, without such a role, or several roles fit and none is wished.
    """
    entry = register.entry(key_id(public))
    if entry is None:
        raise bad_input(
            "the key is not in the register of signers",
            where="--key",
            got=key_id(public),
            expected="a key that `evalharness signers show` lists",
            hint="the holders of the root keys add it: evalharness signers add PERSON.pub.json …",
        )
    author = Author(person=entry.person, role=_fitting_role(entry, role, roles), created=created, signers=register.ref)
    problems = (
        *_entry_problems(entry, author, roles),
        *_revocation(entry),
        *_claim_problems(register, entry, claim),
        *_register_problems(register, entry, author),
    )
    if problems:
        raise bad_input(f"{entry.person} cannot sign this: {'; '.join(problems)}", where="--key", got=entry.key)
    return author


def _fitting_role(entry: SignerEntry, role: str | None, roles: Collection[str] | None) -> str:
    fitting = [name for name in entry.roles if roles is None or name in roles]
    if role is not None and role in fitting:
        return role
    if role is None and len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise bad_input(
            f"{entry.person} has no role that may sign this",
            where="--key",
            got=", ".join(entry.roles),
            expected="one of " + (", ".join(sorted(roles or ())) or "no role at all: the register gives nobody this authority"),
        )
    what = "several roles fit" if role is None else "no such role"
    raise bad_input(what, where="--role", got=role or "nothing", expected="one of " + ", ".join(fitting), hint="say --role ROLE")


def _entry_problems(entry: SignerEntry, author: Author, roles: Collection[str] | None) -> Iterator[str]:
    if author.person != entry.person:
        yield f"it says it is by {author.person}; the key is {entry.person}'s"
    if author.role not in entry.roles:
        yield f"{entry.person} does not have the role {author.role}"
    if roles is not None and author.role not in roles:
        yield f"the role {author.role} may not sign this (it takes {' or '.join(sorted(roles)) or 'a role, and nobody has been given one'})"
    if author.created < entry.valid_from:
        yield f"it was signed {author.created}, before the key of {entry.person} was in force ({entry.valid_from})"
    if author.created > entry.valid_until:
        yield f"it was signed {author.created}, after the key of {entry.person} had ended ({entry.valid_until})"


def _revocation(entry: SignerEntry) -> Iterator[str]:
    if entry.revoked is not None:
        yield f"the key of {entry.person} was revoked on {entry.revoked.on}: {shown(entry.revoked.why, 200)}"


def _claim_problems(register: Register, entry: SignerEntry, claim: str) -> Iterator[str]:
    if claim == _REHEARSAL:
        return
    if register.rehearsal:
        yield f"the register is a REHEARSAL one (a key of its root is): it counts for no claim above rehearsal, so not for {claim}"
    if entry.rehearsal:
        yield f"the key of {entry.person} is a REHEARSAL key: it counts for no claim above rehearsal, so not for {claim}"


def _register_problems(register: Register, entry: SignerEntry, author: Author) -> Iterator[str]:
    named = next((v for v in register.versions if v.version == author.signers.version), None)
    if author.signers.root != register.root:
        yield "it was signed under a register with another root"
    if named is None:
        yield f"it was signed under version {author.signers.version} of the register, which is not here: the register was rolled back"
    elif named.digest != author.signers.digest:
        yield f"it was signed under another version {author.signers.version} of the register than the one here"
    elif author.created < named.issued:
        yield f"it was signed {author.created}, before the register it names was issued ({named.issued})"
    elif entry.key not in named.keys:
        yield f"it was signed under version {named.version} of the register, which did not know this key of {entry.person} yet"
