"""Keys on disk: for their owner's eyes alone, never overwritten, never shown."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import signing
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import SIGNER_FOR_URI_SCHEME

from evalharness.errors import BadInput
from evalharness.workflows import keys
from evalharness.workflows.keys import enrol_key, make_key, show_key

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def ask() -> bytes:
    return signing.PASSPHRASE.encode()


def never() -> bytes:
    raise AssertionError("nobody should be asked")


def test_the_private_half_is_its_owner_s_alone_from_the_first_byte(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        facts = make_key("ada", out=tmp_path / "new", passphrase=ask, now=NOW)
    finally:
        os.umask(before)
    assert facts.private_file is not None
    assert stat.S_IMODE(facts.private_file.stat().st_mode) == 0o600
    assert (facts.person, facts.rehearsal, facts.created) == ("ada", False, "2026-06-01T09:00:00Z")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["ada.key.pem", "ada.pub.json"]


@pytest.mark.parametrize("taken", ["ada.key.pem", "ada.pub.json"])
def test_no_file_is_ever_overwritten_and_nobody_is_asked(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("precious")
    with pytest.raises(BadInput, match="exists already"):
        make_key("ada", out=tmp_path, passphrase=never, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "precious"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "ada.key.pem").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="exists already"):
        make_key("ada", out=tmp_path, passphrase=never, now=NOW)
    assert not (tmp_path / "elsewhere").exists()


def test_when_the_public_file_cannot_be_written_no_private_one_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = keys.new_file

    def full(path: Path, data: bytes, *, mode: int) -> None:
        if path.name.endswith(".pub.json"):
            raise OSError("no space left")
        real(path, data, mode=mode)

    monkeypatch.setattr(keys, "new_file", full)
    with pytest.raises(OSError, match="no space"):
        make_key("ada", out=tmp_path, passphrase=ask, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_private_key_inside_a_workspace_is_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    told: list[str] = []
    make_key("ada", out=tmp_path / "sub", passphrase=ask, notice=told.append, now=NOW)
    make_key("ada", out=tmp_path.parent / f"{tmp_path.name}-outside", passphrase=ask, notice=told.append, now=NOW)
    assert len(told) == 1
    assert "never commit" in told[0]


def test_both_halves_show_the_same_and_never_the_private_one(tmp_path: Path) -> None:
    facts = make_key("ada", out=tmp_path, rehearsal=True, passphrase=ask, now=NOW)
    of_public = show_key(tmp_path / "ada.pub.json", passphrase=never)
    of_private = show_key(tmp_path / "ada.key.pem", passphrase=ask)
    assert of_private == facts
    assert (of_public.key, of_public.person, of_public.rehearsal) == (facts.key, "ada", True)
    assert signing.PASSPHRASE not in repr(of_private)


def test_a_private_key_without_its_public_file_belongs_to_nobody_known(tmp_path: Path) -> None:
    office = signing.Office(tmp_path)
    alone = tmp_path / "alone.key.pem"
    alone.write_bytes(office.key("ada").read_bytes())
    facts = show_key(alone, passphrase=ask)
    assert (facts.person, facts.rehearsal, facts.public) == (None, None, signing.public_hex("ada"))
    (tmp_path / "alone.pub.json").write_bytes(office.public_path("ben").read_bytes())
    assert show_key(alone, passphrase=ask).person is None


class Vault:
    """securesystemslib makes its signers from URIs."""

    @classmethod
    def from_priv_key_uri(cls, uri: str, *_: object) -> object:
        return signing.signer(uri.removeprefix("hv:"))


def pem_of(path: Path, name: str) -> Path:
    path.write_bytes(signing.private_key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def test_a_key_in_a_vault_gets_a_public_file_that_it_signs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, "hv", Vault)
    facts = enrol_key("ada", "hv:ada", pem_of(tmp_path / "p.pem", "ada"), out=tmp_path, pin=never, now=NOW)
    assert (facts.person, facts.public, facts.private_file) == ("ada", signing.public_hex("ada"), None)
    with pytest.raises(BadInput, match="exists already"):
        enrol_key("ada", "hv:ada", tmp_path / "p.pem", out=tmp_path, pin=never, now=NOW)
    with pytest.raises(BadInput, match="not as the public key says"):
        enrol_key("ben", "hv:ada", pem_of(tmp_path / "q.pem", "ben"), out=tmp_path, pin=never, now=NOW)
    assert not (tmp_path / "ben.pub.json").exists()


def test_a_public_half_that_is_none_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "ec.pem"
    other.write_bytes(ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "text.pem").write_text("hello")
    for path, word in ((other, "not Ed25519"), (tmp_path / "text.pem", "not a public key"), (tmp_path / "absent", "no such file")):
        with pytest.raises(BadInput, match=word):
            enrol_key("ada", "hv:x/1", path, out=tmp_path, pin=never, now=NOW)
    with pytest.raises(BadInput, match="not the address"):
        enrol_key("ada", "ada.key.pem", other, out=tmp_path, pin=never, now=NOW)
