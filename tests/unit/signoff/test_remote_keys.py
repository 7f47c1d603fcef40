"""Keys that are not files: reached through securesystemslib, checked at every signature, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import signing
from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, CryptoSigner, Key, SecretsHandler, Signature, Signer

from evalharness.errors import BadInput
from evalharness.signoff.envelope import read_statement, sign, statement, verified_by
from evalharness.signoff.keys import load_signer, public_file
from evalharness.signoff.predicates import KEY, KeyPredicate
from evalharness.signoff.remote_keys import is_remote, remote_signer


class Vault(Signer):
    """A vault that holds keys by name: the real interface, without a network."""

    def __init__(self, inner: CryptoSigner, public: Key) -> None:
        self._inner, self._public = inner, public

    @property
    def public_key(self) -> Key:
        return self._public

    @classmethod
    def from_priv_key_uri(cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None) -> Vault:
        name = priv_key_uri.partition(":")[2]
        if name == "pin":
            assert secrets_handler is not None
            assert secrets_handler("pin") == "1234"
            name = "ada"
        if name == "unreachable":
            raise ConnectionError("no route to the vault\x1b[31m")
        return cls(signing.signer(name), public_key)

    def sign(self, payload: bytes) -> Signature:
        return self._inner.sign(payload)


class Locked(Vault):
    def sign(self, payload: bytes) -> Signature:
        raise PermissionError(f"sealed: {len(payload)} bytes are not signed")


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, "hv", Vault)
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, "awskms", Locked)


def never() -> bytes:
    raise AssertionError("nobody should be asked")


def public(tmp_path: Path, person: str = "ada") -> Path:
    path = tmp_path / f"{person}.pub.json"
    path.write_bytes(public_file(signing.signer(person), person, False, "2026-01-01T00:00:00Z"))
    return path


def payload() -> bytes:
    return statement(
        KEY,
        {"x": "sha256:" + "0" * 64},
        KeyPredicate(
            schema="evalharness/key/v1", key="0" * 64, public="0" * 64, person="x", rehearsal=False, created="2026-01-01T00:00:00Z"
        ),
    )


@pytest.mark.usefixtures("vault")
def test_a_key_in_a_vault_signs_as_its_public_file_says(tmp_path: Path) -> None:
    signer, found = load_signer(f"{public(tmp_path)}=hv:ada", None, never)
    assert found == signing.public_hex("ada")
    made = read_statement(sign(payload(), [signer]), "made")
    assert verified_by(made, [found]) == made.keys


@pytest.mark.usefixtures("vault")
def test_a_hardware_module_gets_its_pin(tmp_path: Path) -> None:
    assert load_signer(f"{public(tmp_path)}=hv:pin", None, lambda: b"1234")[1] == signing.public_hex("ada")


@pytest.mark.usefixtures("vault")
def test_a_vault_that_signs_with_another_key_is_found_out_at_once(tmp_path: Path) -> None:
    signer, _ = load_signer(f"{public(tmp_path)}=hv:ben", None, never)
    with pytest.raises(BadInput, match="not as the public key says"):
        sign(payload(), [signer])


@pytest.mark.usefixtures("vault")
def test_a_vault_out_of_reach_or_sealed_is_bad_input_in_words_that_are_safe_to_print(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no route to the vault") as caught:
        load_signer(f"{public(tmp_path)}=hv:unreachable", None, never)
    assert "\x1b" not in str(caught.value)
    signer, _ = load_signer(f"{public(tmp_path)}=awskms:ada", None, never)
    with pytest.raises(BadInput, match="sealed"):
        sign(payload(), [signer])


def test_a_key_in_a_vault_needs_its_public_file() -> None:
    with pytest.raises(BadInput, match="public half") as caught:
        load_signer("hv:ada/1", None, never)
    assert "pub.json=hv:ada/1" in str(caught.value)


@pytest.mark.parametrize(
    ("scheme", "extra"), [("hv", "vault"), ("awskms", "awskms"), ("gcpkms", "gcpkms"), ("azurekms", "azurekms"), ("hsm", "hsm")]
)
def test_a_package_that_is_not_installed_is_named(scheme: str, extra: str) -> None:
    needs = {"hv": "hvac", "awskms": "boto3", "gcpkms": "google.cloud.kms", "azurekms": "azure.identity", "hsm": "pkcs11"}[scheme]
    try:
        __import__(needs)
    except ImportError:
        with pytest.raises(BadInput) as caught:
            remote_signer(f"{scheme}:{'02' if scheme == 'hsm' else 'name/1'}", signing.public_hex("ada"), never)
        assert f"securesystemslib[{extra}]" in str(caught.value)
    else:
        pytest.skip(f"{needs} is installed")


@pytest.mark.parametrize("text", ["ada.key.pem", "file:ada", "file2:ada", "tkey:x", "gnupg:x", "hv", "", "C:\\ada.key.pem"])
def test_what_is_no_address_of_a_known_service_is_a_path(text: str) -> None:
    assert not is_remote(text)
