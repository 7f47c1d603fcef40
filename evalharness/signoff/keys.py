"""Keys of people: made, described by a public file that they sign themselves, loaded to sign with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Signer

from evalharness.errors import Altered, BadInput, bad_input
from evalharness.files.names import check_name
from evalharness.files.yaml import read_bytes
from evalharness.signoff.ed25519 import key_id, weakness
from evalharness.signoff.encrypted_pem import ROUNDS, encrypted_pem
from evalharness.signoff.envelope import read_statement, sign, statement, verified_by
from evalharness.signoff.predicates import KEY, KeyPredicate
from evalharness.signoff.remote_keys import is_remote, remote_signer

SHORTEST_PASSPHRASE = 8
_FILE_SCHEMES = ("file2:", "file:")
_KEY_FILE = "a key file encrypted with a passphrase (PKCS8, PEM), as `evalharness key new` makes"


def new_key(person: str, rehearsal: bool, passphrase: bytes, created: str) -> tuple[bytes, bytes]:
    """A new Ed25519 key: (encrypted PKCS8 PEM of the private half, the public file signed by the key itself).

    Raises BadInput for a person that is not a name and for a passphrase shorter than 8 characters.
    """
    return key_files(Ed25519PrivateKey.generate(), person, rehearsal, passphrase, created)


def key_files(  # noqa: PLR0917  the same five as new_key
    private: Ed25519PrivateKey, person: str, rehearsal: bool, passphrase: bytes, created: str, rounds: int = ROUNDS
) -> tuple[bytes, bytes]:
    """As `new_key`, for a private key that is there already. rounds: work it takes to try a passphrase; fewer for tests alone."""
    check_name(person, "PERSON", "person")
    pem = encrypted_pem(private, check_passphrase(passphrase), rounds)
    return pem, public_file(CryptoSigner(private), person, rehearsal, created)


def public_file(signer: Signer, person: str, rehearsal: bool, created: str) -> bytes:
    """The public file of a key, signed by the key itself."""
    public = str(signer.public_key.keyval["public"])
    predicate = KeyPredicate(
        schema="evalharness/key/v1", key=key_id(public), public=public, person=person, rehearsal=rehearsal, created=created
    )
    return sign(statement(KEY, {person: "sha256:" + predicate.key}, predicate), [signer])


def check_passphrase(passphrase: bytes) -> bytes:
    """`passphrase`, if it is long enough. Raises BadInput otherwise."""
    length = len(passphrase.decode("utf-8", "replace"))
    if length < SHORTEST_PASSPHRASE or not passphrase.strip():
        raise bad_input(
            "the passphrase is too short",
            where="passphrase",
            got=f"{length} characters",
            expected=f"at least {SHORTEST_PASSPHRASE}",
            hint="several words are easy to keep and hard to guess",
        )
    return passphrase


def key_statement(data: bytes, name: str) -> KeyPredicate:
    """What a public file says. Raises Altered unless it is a statement about one key, rightly signed by that key and by it alone."""
    signed = read_statement(data, name, KEY)
    key: KeyPredicate = signed.predicate
    if weak := weakness(key.public):
        raise Altered([f"{name}: the public key must not be used: {weak}"])
    subject = [(r.name, r.digest.sha256) for r in signed.subject]
    if key.key != key_id(key.public) or subject != [(key.person, key.key)]:
        raise Altered([f"{name}: the key id is not that of the public key"])
    if signed.keys != (key.key,) or verified_by(signed, [key.public]) != (key.key,):
        raise Altered([f"{name}: it is not signed by the key that it shows"])
    return key


def read_public(path: Path) -> KeyPredicate:
    """The public file of a key (`PERSON.pub.json`). Raises BadInput when it cannot be read or cannot be believed."""
    data = read_bytes(path)
    try:
        return key_statement(data, path.name)
    except Altered as error:
        raise bad_input(
            "this is not a public key file, or it was changed",
            where=path,
            got=str(error),
            expected="the file PERSON.pub.json that `evalharness key new` wrote",
            hint="ask its owner for it again",
        ) from error


def load_signer(uri: str, public: KeyPredicate | None, passphrase: Callable[[], bytes]) -> tuple[Signer, str]:
    """A signer and its public key (hex), from the path of a key file (also `file:PATH`, `file2:PATH`) or `PUB.json=URI` of a key elsewhere.

    public: the public file that must belong to it; it takes the place of `PUB.json=`. passphrase: asked for a key file, or for a PIN.
    Raises BadInput when the key cannot be had, is not Ed25519, not encrypted, or not the one of its public file.
    """
    if public is None and is_remote(uri.partition("=")[2]):
        public_path, _, uri = uri.partition("=")
        public = read_public(Path(public_path))
    if is_remote(uri):
        if public is None:
            raise bad_input("the public half of this key is not known", where="--key", got=uri, hint=f"say --key PERSON.pub.json={uri}")
        return remote_signer(uri, public.public, passphrase), public.public
    path = _path_of(uri)
    signer = CryptoSigner(_private_key(path, passphrase))
    found = str(signer.public_key.keyval["public"])
    if public is not None and public.public != found:
        raise bad_input("the private key does not belong to this public key", where=path, got=key_id(found), expected=public.key)
    return signer, found


def _path_of(uri: str) -> Path:
    scheme = next((s for s in _FILE_SCHEMES if uri.startswith(s)), "")
    return Path(uri.removeprefix(scheme))


def _private_key(path: Path, passphrase: Callable[[], bytes]) -> Ed25519PrivateKey:
    if not path.is_file():
        hint = "name the PERSON.key.pem that `evalharness key new PERSON` wrote, or PERSON.pub.json=URI for a key in a vault"
        raise bad_input("there is no such file", where=path, expected=_KEY_FILE, hint=hint)
    data = read_bytes(path)
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" not in data:
        raise _not_a_key(path, data)
    try:
        key = load_pem_private_key(data, passphrase())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise bad_input(
            "the key file cannot be opened: the passphrase is wrong, or the file is damaged", where=path, hint="try again"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise bad_input("the key is not Ed25519", where=path, got=type(key).__name__, expected="a key made by `evalharness key new`")
    return key


def _not_a_key(path: Path, data: bytes) -> BadInput:
    if b"PRIVATE KEY-----" in data:
        return bad_input("the private key is not encrypted", where=path, expected=_KEY_FILE, hint="make a new key, and revoke this one")
    return bad_input("this is not a private key file", where=path, expected=_KEY_FILE)
