"""Keys of example people and a register of signers in a workspace, made in milliseconds; the same keys in every run.

office = signing.Office(workspace_root)             # writes sign-off/signers.yaml, signers/0001.dsse.json, root.txt and the key files
office.sign("ada", payload)                         # the bytes of a statement's file
office.author("ben")                                # an Author under that register
evalharness("lock", …, "--key", office.key("ben"), "--passphrase-env", office.passphrase_env)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, Signer

from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import sign, statement
from evalharness.signoff.keys import key_files, key_statement
from evalharness.signoff.predicates import (
    SIGNERS,
    Author,
    Authority,
    KeyPredicate,
    Root,
    RootKey,
    SignerEntry,
    SignersPredicate,
)
from evalharness.signoff.register import Register, read_register, root_fingerprint, subject_of
from evalharness.signoff.register_files import version_path
from evalharness.signoff.register_yaml import signers_yaml

PASSPHRASE = "correct horse battery"  # noqa: S105
PASSPHRASE_ENV = "EVALHARNESS_TEST_PASSPHRASE"  # noqa: S105
ISSUED, VALID_FROM, VALID_UNTIL = "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2040-12-31T23:59:59Z"
PEOPLE: dict[str, tuple[str, ...]] = {
    "ada": ("senior_responsible_owner",),
    "ben": ("independent_evaluator",),
    "cy": ("data_protection",),
    "dee": ("safeguarding",),
    "eve": ("victims_advocate",),
    "fay": ("officer_wellbeing",),
}
ROOT_PEOPLE = ("root-a", "root-b")
AUTHORITY = Authority(
    lock=("independent_evaluator", "senior_responsible_owner"),
    test_result=("independent_evaluator",),
    status=("senior_responsible_owner", "independent_evaluator", "data_protection", "safeguarding"),
)


def private_key(name: str) -> Ed25519PrivateKey:
    """The key of that name: derived from it, so that tests are reproducible."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"evalharness test key " + name.encode()).digest())


def signer(name: str) -> CryptoSigner:
    return CryptoSigner(private_key(name))


def public_hex(name: str) -> str:
    return str(signer(name).public_key.keyval["public"])


def entry(person: str, *roles: str, key: str | None = None, **changes: Any) -> SignerEntry:
    """An entry of the register; `key`: name of the key, by default the person's."""
    public = public_hex(key or person)
    values: dict[str, Any] = {
        "key": key_id(public), "public": public, "person": person, "organisation": "Example Force", "roles": roles,
        "valid_from": VALID_FROM, "valid_until": VALID_UNTIL, "rehearsal": True, "revoked": None,
    }  # fmt: skip
    return SignerEntry(**{**values, **changes})


def root(*names: str, quorum: int = 2, rehearsal: bool = True) -> Root:
    keys = tuple(RootKey(key=key_id(public_hex(n)), public=public_hex(n), person=n, rehearsal=rehearsal) for n in sorted(names))
    return Root(quorum=quorum, keys=keys)


@dataclass
class Office:
    """People, their keys and a register, written into the workspace at `root` when made."""

    root: Path
    people: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(PEOPLE))
    """Person -> roles."""
    organisation: str = "Example Force"
    organisations: Mapping[str, str] = field(default_factory=dict)
    """Person -> organisation, where it is another."""
    rehearsal: bool = True
    root_people: tuple[str, ...] = ROOT_PEOPLE
    quorum: int = 2
    issued: str = ISSUED
    authority: Authority = AUTHORITY
    passphrase_env: str = PASSPHRASE_ENV
    write: bool = True

    def __post_init__(self) -> None:
        os.environ[self.passphrase_env] = PASSPHRASE
        if self.write:
            for person in (*self.people, *self.root_people):
                self.write_key(person)
            self.write_first()

    @property
    def folder(self) -> Path:
        return self.root / "sign-off"

    @property
    def keys(self) -> Path:
        return self.root / ".keys"

    def write_key(self, person: str, name: str | None = None) -> Path:
        """Writes PERSON.key.pem and PERSON.pub.json (`name`: another key, under NAME.…). Returns the path of the private half."""
        name = name or person
        pem, public = key_files(private_key(name), person, self.rehearsal, PASSPHRASE.encode(), self.issued, rounds=1000)
        self.keys.mkdir(parents=True, exist_ok=True)
        (self.keys / f"{name}.key.pem").write_bytes(pem)
        (self.keys / f"{name}.pub.json").write_bytes(public)
        return self.key(name)

    def key(self, person: str) -> Path:
        """The private key file."""
        return self.keys / f"{person}.key.pem"

    def public_path(self, person: str) -> Path:
        return self.keys / f"{person}.pub.json"

    def public(self, person: str) -> KeyPredicate:
        return key_statement(self.public_path(person).read_bytes(), f"{person}.pub.json")

    def signer(self, person: str) -> Signer:
        return signer(person)

    def sign(self, person: str, payload: bytes) -> bytes:
        """The file of a statement with that payload, signed by one person."""
        return sign(payload, [signer(person)])

    def entries(self) -> tuple[SignerEntry, ...]:
        return tuple(
            entry(
                person, *roles, organisation=self.organisations.get(person, self.organisation), rehearsal=self.rehearsal,
                valid_from=self.issued,
            )
            for person, roles in sorted(self.people.items())
        )  # fmt: skip

    def first(self, **changes: Any) -> SignersPredicate:
        """Version 1 of the register."""
        values: dict[str, Any] = {
            "schema": "evalharness/signers/v1", "version": 1, "issued": self.issued, "previous": None,
            "root": root(*self.root_people, quorum=self.quorum, rehearsal=self.rehearsal),
            "authority": self.authority, "signers": self.entries(),
        }  # fmt: skip
        return SignersPredicate(**{**values, **changes})

    def next(self, **changes: Any) -> SignersPredicate:
        """The version after the one that is there; everything not in `changes` stays."""
        now = self.register()
        values = {name: getattr(now.predicate, name) for name in ("issued", "root", "authority", "signers")}
        return SignersPredicate(
            schema="evalharness/signers/v1", **{**values, "version": now.version + 1, "previous": now.digest, **changes}
        )

    def write_first(self, **changes: Any) -> None:
        first = self.first(**changes)
        self.write_version(first)
        (self.folder / "root.txt").write_text(root_fingerprint(first.root) + "\n")

    def write_version(self, predicate: SignersPredicate, *signers: str) -> Path:
        """Writes a version and signers.yaml, signed by `signers` (names of keys; default: the root people)."""
        payload = statement(SIGNERS, subject_of(predicate), predicate)
        path = version_path(self.folder, predicate.version)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sign(payload, [signer(name) for name in signers or self.root_people]))
        (self.folder / "signers.yaml").write_bytes(signers_yaml(predicate))
        return path

    def register(self) -> Register:
        return read_register(self.folder)

    def author(self, person: str, role: str | None = None, created: str = "2026-06-01T09:00:00Z") -> Author:
        """Who signs, under the register that is there; `role`: default the person's first."""
        return Author(person=person, role=role or self.people[person][0], created=created, signers=self.register().ref)
