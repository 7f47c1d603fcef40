"""Keys of people, on disk: made once, never overwritten, shown without their private half."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from evalharness.errors import Problems, bad_input
from evalharness.files.atomic import Taken, new_file
from evalharness.files.names import check_name
from evalharness.files.yaml import read_bytes
from evalharness.records.progress import Notice, unheard
from evalharness.signoff.ed25519 import key_id, weakness
from evalharness.signoff.keys import load_signer, new_key, public_file, read_public
from evalharness.signoff.predicates import KeyPredicate
from evalharness.signoff.remote_keys import is_remote, remote_signer
from evalharness.workflows.clock import clock_now, time_text

PRIVATE, PUBLIC = ".key.pem", ".pub.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """What may be told of a key: everything but its private half."""

    key: str
    """Key id: sha256 of the SubjectPublicKeyInfo, in hex."""
    public: str
    """The 32 bytes of the public key, in hex."""
    person: str | None
    """Null where only a private key file is known."""
    rehearsal: bool | None
    """Null where only a private key file is known."""
    created: str | None
    private_file: Path | None = None
    public_file: Path | None = None


def make_key(
    person: str,
    *,
    out: Path | None = None,
    rehearsal: bool = False,
    passphrase: Callable[[], bytes],
    notice: Notice = unheard,
    now: datetime | None = None,
) -> KeyFacts:
    """Makes a key: PERSON.key.pem (encrypted, for its owner's eyes alone) and PERSON.pub.json (to be handed on) in `out`.

    passphrase: asked once the files are known to be free. Raises BadInput when one of them exists, the person is not a name, the
    passphrase is too short, or the folder cannot be written; nothing is left then.
    """
    private, public = _free_paths(person, out, (PRIVATE, PUBLIC))
    pem, data = new_key(person, rehearsal, passphrase(), time_text(now or clock_now()))
    _new(private, pem, 0o600)
    try:
        _new(public, data, 0o644)
    except BaseException:
        private.unlink(missing_ok=True)
        raise
    if (workspace := _workspace_above(private)) is not None:
        notice(f"{private} lies in the workspace {workspace}: keep private keys elsewhere, and never commit one")
    return _facts(read_public(public), private, public)


def enrol_key(
    person: str,
    uri: str,
    public_pem: Path,
    *,
    out: Path | None = None,
    rehearsal: bool = False,
    pin: Callable[[], bytes],
    now: datetime | None = None,
) -> KeyFacts:
    """The public file of a key that lies elsewhere (`hv:NAME/VERSION`, …), signed by that key: PERSON.pub.json in `out`.

    public_pem: its public half (PEM, SubjectPublicKeyInfo). Raises BadInput when the service cannot be used, when it signs with another
    key, when the key is not Ed25519, and when the file exists.
    """
    (path,) = _free_paths(person, out, (PUBLIC,))
    if not is_remote(uri):
        raise bad_input("not the address of a key elsewhere", where="--uri", got=uri, expected="hv:NAME/VERSION, awskms:…, gcpkms:…, hsm:…")
    signer = remote_signer(uri, _public_of(public_pem), pin)
    _new(path, public_file(signer, person, rehearsal, time_text(now or clock_now())), 0o644)
    return _facts(read_public(path), None, path)


def show_key(path: Path, *, passphrase: Callable[[], bytes]) -> KeyFacts:
    """What a public file or a private key file (its passphrase is asked) is. Never returns the private half.

    Of a private key, whose it is comes from the public file beside it, where there is one. Raises BadInput when it is neither.
    """
    if b"PRIVATE KEY-----" not in read_bytes(path):
        return _facts(read_public(path), None, path)
    _, public = load_signer(str(path), None, passphrase)
    beside = path.with_name(path.name.removesuffix(PRIVATE) + PUBLIC)
    known = read_public(beside) if beside.is_file() else None
    if known is None or known.public != public:
        return KeyFacts(key=key_id(public), public=public, person=None, rehearsal=None, created=None, private_file=path)
    return _facts(known, path, beside)


def _facts(key: KeyPredicate, private: Path | None, public: Path) -> KeyFacts:
    return KeyFacts(
        key=key.key, public=key.public, person=key.person, rehearsal=key.rehearsal, created=key.created,
        private_file=private, public_file=public,
    )  # fmt: skip


def _free_paths(person: str, out: Path | None, endings: tuple[str, ...]) -> tuple[Path, ...]:
    check_name(person, "PERSON", "person")
    paths = tuple((out or Path()) / (person + ending) for ending in endings)
    problems = Problems()
    for path in paths:
        if path.exists() or path.is_symlink():
            problems.add("the file exists already", where=path, hint="a key is never overwritten: name another folder with --out")
    problems.raise_if_any()
    return paths


def _new(path: Path, data: bytes, mode: int) -> None:
    try:
        new_file(path, data, mode=mode)
    except Taken as error:
        raise bad_input("the file exists already", where=path, hint="a key is never overwritten: name another folder with --out") from error


def _public_of(path: Path) -> str:
    try:
        key = load_pem_public_key(read_bytes(path))
    except ValueError as error:
        raise bad_input("this is not a public key", where=path, expected="PEM, '-----BEGIN PUBLIC KEY-----'") from error
    if not isinstance(key, Ed25519PublicKey):
        raise bad_input("the key is not Ed25519", where=path, got=type(key).__name__, hint="statements are signed with Ed25519 only")
    public = key.public_bytes_raw().hex()
    if weak := weakness(public):
        raise bad_input(f"the public key must not be used: {weak}", where=path)
    return public


def _workspace_above(path: Path) -> Path | None:
    return next((folder for folder in path.resolve().parents if (folder / "policies").is_dir()), None)
