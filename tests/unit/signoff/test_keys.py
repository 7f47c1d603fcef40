"""Key files: made encrypted, believed only when they sign themselves, loaded only when they are what they should be."""

from __future__ import annotations

from pathlib import Path

import pytest
import signing
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from securesystemslib.signer import CryptoSigner, Signature

from evalharness.errors import Altered, BadInput
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import sign, statement
from evalharness.signoff.keys import key_files, key_statement, load_signer, new_key, read_public
from evalharness.signoff.predicates import KEY, KeyPredicate

PASSPHRASE = signing.PASSPHRASE.encode()
CREATED = "2026-01-01T00:00:00Z"


def ask() -> bytes:
    return PASSPHRASE


def never() -> bytes:
    raise AssertionError("nobody should be asked")


def files(folder: Path, person: str = "ada", *, rehearsal: bool = False) -> tuple[Path, Path]:
    pem, public = key_files(signing.private_key(person), person, rehearsal, PASSPHRASE, CREATED, rounds=1000)
    (folder / "k.pem").write_bytes(pem)
    (folder / "k.pub.json").write_bytes(public)
    return folder / "k.pem", folder / "k.pub.json"


def described(public: str, person: str = "ada", *, key: str | None = None) -> KeyPredicate:
    return KeyPredicate(
        schema="evalharness/key/v1", key=key or key_id(public), public=public, person=person, rehearsal=False, created=CREATED
    )


def test_a_new_key_signs_and_its_public_file_says_whose_it_is(tmp_path: Path) -> None:
    pem, public = new_key("ada", True, PASSPHRASE, CREATED)
    (tmp_path / "k").write_bytes(pem)
    key = key_statement(public, "ada.pub.json")
    assert (key.person, key.rehearsal, key.created) == ("ada", True, CREATED)
    signer, found = load_signer(str(tmp_path / "k"), key, ask)
    assert found == key.public
    assert signer.public_key.keyval["public"] == key.public


def test_two_new_keys_differ() -> None:
    assert new_key("ada", False, PASSPHRASE, CREATED)[1] != new_key("ada", False, PASSPHRASE, CREATED)[1]


@pytest.mark.parametrize("passphrase", [b"", b"1234567", b"        ", "kürzer7".encode()])
def test_a_passphrase_that_is_empty_or_short_is_refused(passphrase: bytes) -> None:
    with pytest.raises(BadInput, match="too short"):
        new_key("ada", False, passphrase, CREATED)


@pytest.mark.parametrize("person", ["Ada", "a b", "", "../x", "аda", "-a"])
def test_a_person_that_is_no_name_is_refused(person: str) -> None:
    with pytest.raises(BadInput, match="person"):
        new_key(person, False, PASSPHRASE, CREATED)


@pytest.mark.parametrize("form", ["{}", "file:{}", "file2:{}"])
def test_a_key_file_is_loaded_by_path_or_by_uri(tmp_path: Path, form: str) -> None:
    pem, _ = files(tmp_path)
    assert load_signer(form.format(pem), None, ask)[1] == signing.public_hex("ada")


def test_a_wrong_passphrase_is_told_and_says_nothing_of_the_key(tmp_path: Path) -> None:
    pem, _ = files(tmp_path)
    with pytest.raises(BadInput, match="passphrase is wrong"):
        load_signer(str(pem), None, lambda: b"not the passphrase")
    with pytest.raises(BadInput, match="passphrase is wrong"):
        load_signer(str(pem), None, lambda: b"")


def test_an_unencrypted_private_key_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "plain.pem"
    path.write_bytes(signing.private_key("ada").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(BadInput, match="not encrypted"):
        load_signer(str(path), None, never)


@pytest.mark.parametrize(
    "other",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ed448.Ed448PrivateKey.generate,
    ],
    ids=["ECDSA", "RSA", "Ed448"],
)
def test_a_key_of_another_algorithm_is_refused(tmp_path: Path, other) -> None:
    path = tmp_path / "other.pem"
    path.write_bytes(other().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE)))
    with pytest.raises(BadInput, match="not Ed25519"):
        load_signer(str(path), None, ask)


def test_a_private_key_that_does_not_belong_to_the_public_one_is_refused(tmp_path: Path) -> None:
    pem, _ = files(tmp_path)
    with pytest.raises(BadInput, match="does not belong"):
        load_signer(str(pem), described(signing.public_hex("ben"), "ben"), ask)


def test_a_file_that_is_no_key_an_absent_one_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "torn").write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIG\n-----END ENCRYPTED PRIVATE KEY-----\n")
    for name, words in (("text", "not a private key"), ("torn", "damaged"), ("absent", "no such file"), (".", "no such file")):
        with pytest.raises(BadInput, match=words):
            load_signer(str(tmp_path / name), None, ask)


def test_the_public_file_reads_back(tmp_path: Path) -> None:
    _, public = files(tmp_path, rehearsal=True)
    key = read_public(public)
    assert (key.person, key.public, key.rehearsal) == ("ada", signing.public_hex("ada"), True)


def test_every_changed_byte_of_a_public_file_is_bad_input(tmp_path: Path) -> None:
    _, path = files(tmp_path)
    data = path.read_bytes()
    for position in range(0, len(data), 3):
        path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        with pytest.raises(BadInput, match="public key file"):
            read_public(path)


def test_a_public_file_signed_by_another_key_by_two_or_for_another_subject_is_not_believed() -> None:
    ada, ben = signing.public_hex("ada"), signing.public_hex("ben")
    right = {"ada": "sha256:" + key_id(ada)}
    wrong = {
        "another signer": sign(statement(KEY, right, described(ada)), [signing.signer("ben")]),
        "two signers": sign(statement(KEY, right, described(ada)), [signing.signer("ada"), signing.signer("ben")]),
        "another subject": sign(statement(KEY, {"ben": right["ada"]}, described(ada)), [signing.signer("ada")]),
        "another key id": sign(statement(KEY, {"ada": "sha256:" + key_id(ben)}, described(ada, key=key_id(ben))), [signing.signer("ada")]),
    }
    for what, data in wrong.items():
        with pytest.raises(Altered):
            pytest.fail(f"{what}: {key_statement(data, 'x')}")


def test_a_statement_of_another_kind_is_no_public_file(tmp_path: Path) -> None:
    office = signing.Office(tmp_path)
    with pytest.raises(BadInput, match="public key file"):
        read_public(office.folder / "signers" / "0001.dsse.json")


def test_a_key_of_small_order_under_which_anybody_could_sign_is_refused() -> None:
    for weak in ("01" + "00" * 31, "00" * 32, "ec" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f"):
        payload = statement(KEY, {"ada": "sha256:" + key_id(weak)}, described(weak))
        forged = sign(payload, [Forger(weak)])
        with pytest.raises(Altered, match="must not be used"):
            key_statement(forged, "ada.pub.json")


class Forger(CryptoSigner):
    """Signs with the all-zero signature, which is right under some keys of small order."""

    def __init__(self, public: str) -> None:
        super().__init__(signing.private_key("forger"))
        self._public_key.keyval["public"] = public

    def sign(self, payload: bytes) -> Signature:
        made = super().sign(payload)
        made.signature = "01" + "00" * 63
        return made


@pytest.mark.parametrize("scheme", ["", "file:", "file2:"])
def test_where_there_is_no_key_file_the_hint_says_which_file_it_is_and_nobody_is_asked(tmp_path: Path, scheme: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_signer(f"{scheme}{tmp_path / 'ada.key.pem'}", None, never)
    (problem,) = refused.value.problems
    assert problem.what == "there is no such file"
    assert problem.where == str(tmp_path / "ada.key.pem")
    assert "name the PERSON.key.pem that `evalharness key new PERSON` wrote" in problem.hint
