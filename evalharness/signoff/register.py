"""The register of signers: which key belongs to whom, in which roles, until when; every version signed by its root."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from evalharness.digests import sha256_bytes, sha256_json
from evalharness.errors import Altered, MissingSignOff
from evalharness.signoff.envelope import Signed, read_statement, verified_by
from evalharness.signoff.predicates import SIGNERS, Authority, Root, RootKey, SignerEntry, SignersPredicate, SignersRef
from evalharness.signoff.register_checks import change_problems, version_problems
from evalharness.signoff.register_files import YAML_FILE, read_plain, root_line, version_files
from evalharness.signoff.register_yaml import says, signers_yaml


class RegisterVersion(NamedTuple):
    """One version of the chain."""

    version: int
    digest: str
    """sha256 of its file."""
    issued: str
    keys: frozenset[str]
    """Ids of the signers' keys that it knew."""
    status: frozenset[str]
    """Roles that could issue a status list under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The highest version, after the whole chain was checked. Made by `read_register` only."""

    version: int
    digest: str
    """sha256 of the highest version's file."""
    issued: str
    root: str
    """Fingerprint of the root of version 1: what is pinned."""
    quorum: int
    """How many root keys it takes to change the register now."""
    root_keys: tuple[RootKey, ...]
    """The root keys now."""
    rehearsal: bool
    """Whether any version had a rehearsal key in its root: then everything under it is a rehearsal."""
    authority: Authority
    entries: tuple[SignerEntry, ...]
    versions: tuple[RegisterVersion, ...]
    """Every version, from 1."""

    @property
    def ref(self) -> SignersRef:
        """How a statement names this register."""
        return SignersRef(version=self.version, digest=self.digest, root=self.root)

    @property
    def predicate(self) -> SignersPredicate:
        """The highest version as it was signed."""
        return SignersPredicate(
            schema="evalharness/signers/v1",
            version=self.version,
            issued=self.issued,
            previous=self.versions[-2].digest if len(self.versions) > 1 else None,
            root=Root(quorum=self.quorum, keys=self.root_keys),
            authority=self.authority,
            signers=self.entries,
        )

    def entry(self, key: str) -> SignerEntry | None:
        """The entry of a key, by key id."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def person(self, person: str) -> tuple[SignerEntry, ...]:
        """Every entry of a person, ended and revoked ones too."""
        return tuple(entry for entry in self.entries if entry.person == person)


def root_fingerprint(root: Root) -> str:
    """What identifies a root: digest of its key ids and its quorum."""
    return sha256_json({"keys": sorted(key.key for key in root.keys), "quorum": root.quorum})


def subject_of(predicate: SignersPredicate) -> dict[str, str]:
    """The statement's subject: the readable file."""
    return {YAML_FILE: sha256_bytes(signers_yaml(predicate))}


def read_register(folder: Path, pinned: str | None = None) -> Register:
    """The register in `folder` (the workspace's `sign-off/`), each file read once.

    pinned: the root fingerprint that is known from elsewhere; it must be the register's. Without it root.txt alone is held against it.
    Raises MissingSignOff where a file is absent or the root is not the pinned one; Altered (every reason listed) where a signature, the
    chain, the readable file or the form is wrong.
    """
    chain = read_chain(version_files(folder))
    last, predicate = chain[-1], chain[-1].predicate
    if wrong := _readable_problems(read_plain(folder / YAML_FILE), last):
        raise Altered(wrong)
    fingerprint = root_fingerprint(chain[0].predicate.root)
    _check_pins(fingerprint, {"sign-off/root.txt": root_line(folder), "the pinned root": pinned})
    return Register(
        version=predicate.version,
        digest=last.digest,
        issued=predicate.issued,
        root=fingerprint,
        quorum=predicate.root.quorum,
        root_keys=predicate.root.keys,
        rehearsal=any(key.rehearsal for signed in chain for key in signed.predicate.root.keys),
        authority=predicate.authority,
        entries=predicate.signers,
        versions=tuple(_version(signed) for signed in chain),
    )


def _version(signed: Signed) -> RegisterVersion:
    told: SignersPredicate = signed.predicate
    keys = frozenset(entry.key for entry in told.signers)
    return RegisterVersion(told.version, signed.digest, told.issued, keys, frozenset(told.authority.status))


def read_chain(files: tuple[tuple[str, bytes], ...]) -> tuple[Signed, ...]:
    """Every version, checked from the first on. Raises Altered at the first version that is wrong, with every reason."""
    chain: list[Signed] = []
    for name, data in files:
        signed = read_statement(data, name, SIGNERS)
        problems = link_problems(chain[-1] if chain else None, signed)
        if problems:
            raise Altered([f"{name}: {problem}" for problem in problems])
        chain.append(signed)
    return tuple(chain)


def link_problems(before: Signed | None, signed: Signed) -> tuple[str, ...]:
    """Why `signed` is not the version of the register that follows `before` (null: the first); empty when it is."""
    problems = _own_problems(before, signed)
    return problems or _signature_problems(before, signed)


def form_problems(before: Signed | None, signed: Signed) -> tuple[str, ...]:
    """As `link_problems`, but without asking who signed: for a version that still waits for signatures, and whose readable file is to be
    written by this program."""
    problems = _own_problems(before, signed)
    if not problems and _readable_digest(signed) != subject_of(signed.predicate)[YAML_FILE]:
        return (f"its subject is not {YAML_FILE} as this version says it",)
    return problems


def _own_problems(before: Signed | None, signed: Signed) -> tuple[str, ...]:
    if signed.predicate_type != SIGNERS:
        return (f"it is a statement of another kind ({signed.predicate_type})",)
    predicate: SignersPredicate = signed.predicate
    found = list(version_problems(predicate))
    if predicate.version != (1 if before is None else before.predicate.version + 1):
        found.append(f"it says that it is version {predicate.version}")
    if predicate.previous != (None if before is None else before.digest):
        found.append("it does not follow the version before it: `previous` is not that file's digest")
    if before is not None:
        found += change_problems(before.predicate, predicate)
    if [resource.name for resource in signed.subject] != [YAML_FILE]:
        found.append(f"its subject is not {YAML_FILE}")
    return tuple(found)


def _readable_problems(readable: bytes, last: Signed) -> list[str]:
    """The readable file is the one that was signed, and says what was signed. In whatever form: a later program may write another."""
    found = []
    if not says(readable, last.predicate):
        found.append(f"{YAML_FILE} is not what version {last.predicate.version} says: it was edited, or is of another version")
    if sha256_bytes(readable) != _readable_digest(last):
        found.append(f"{last.name}: its subject is not {YAML_FILE} as it lies here")
    return found


def _readable_digest(signed: Signed) -> str:
    """Digest of the readable file that was signed with a version."""
    return f"sha256:{signed.subject[0].digest.sha256}"


def missing_signatures(before: Signed | None, signed: Signed) -> tuple[tuple[Root, int], ...]:
    """Roots whose quorum is not reached yet, with how many signatures are missing; the root before counts as well as the new one."""
    roots = roots_of(before, signed.predicate)
    short = [(root, root.quorum - len(verified_by(signed, (key.public for key in root.keys)))) for root in roots]
    return tuple((root, count) for root, count in short if count > 0)


def wrong_signatures(before: Signed | None, signed: Signed) -> tuple[str, ...]:
    """Signatures on a version that are not those of root keys; a right version has none."""
    right = verified_by(signed, {key.public for root in roots_of(before, signed.predicate) for key in root.keys})
    return tuple(f"the signature by {key[:16]}… is wrong, or not by a root key" for key in signed.keys if key not in right)


def roots_of(before: Signed | None, predicate: SignersPredicate) -> tuple[Root, ...]:
    """Who must sign a version: the root before it, and its own."""
    return (predicate.root,) if before is None else (before.predicate.root, predicate.root)


def _signature_problems(before: Signed | None, signed: Signed) -> tuple[str, ...]:
    found = list(wrong_signatures(before, signed))
    for root, missing in missing_signatures(before, signed):
        found.append(f"{root.quorum - missing} of its {root.quorum} root signatures are there")
    return tuple(found)


def _check_pins(fingerprint: str, pins: dict[str, str | None]) -> None:
    wrong = [
        f"the register's root is {fingerprint}, {name} is {pin or 'empty'}: this is not the register that was agreed on"
        for name, pin in pins.items()
        if pin is not None and not hmac.compare_digest(pin.encode(), fingerprint.encode())
    ]
    if wrong:
        raise MissingSignOff(wrong)
