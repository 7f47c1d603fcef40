"""`openssl` and thirty lines of plain Python verify every kind of statement: nobody needs this package to check a signature.

By hand: take the base64 of `payload` and of `sig` out of the file, put the pre-authentication encoding in front of the payload, wrap the
32 bytes of the public key as PEM, and ask `openssl pkeyutl -verify -rawin`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from every_statement import every_statement

KINDS = ("key", "signers", "lock", "test-result", "decision", "status")
FIXTURE = Path(__file__).parents[1] / "fixtures" / "signed-v1"
SPKI = bytes.fromhex("302a300506032b6570032100")
"""DER of an Ed25519 public key up to its 32 bytes (RFC 8410)."""


def openssl() -> str:
    """The program, if it knows `pkeyutl -rawin` (1.1.1 and newer). Skips, or fails where it is required."""
    found = shutil.which("openssl")
    if found is None:
        told = "openssl is not installed"
        if os.environ.get("EVALHARNESS_REQUIRE_OPENSSL") == "1":
            pytest.fail(f"EVALHARNESS_REQUIRE_OPENSSL=1 and {told}")
        pytest.skip(told)
    return found


def pem(public: str) -> str:
    """The 32 bytes of a public key (hex) as openssl reads them."""
    return f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(SPKI + bytes.fromhex(public)).decode()}\n-----END PUBLIC KEY-----\n"


def what_was_signed(payload_type: str, payload: bytes) -> bytes:
    """DSSE v1, pre-authentication encoding: the type and the payload, each after its length in bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def accepts(folder: Path, public: str, message: bytes, signature: bytes) -> bool:
    """What openssl says, in its exit code and in its words."""
    for name, data in {"key.pem": pem(public).encode(), "message": message, "signature": signature}.items():
        (folder / name).write_bytes(data)
    command = [openssl(), "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key.pem", "-in", "message", "-sigfile", "signature"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert (done.returncode == 0) == ("Signature Verified Successfully" in said), said
    return done.returncode == 0


def parts(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """What was signed, and (key id, signature) of every signature of a statement's file."""
    envelope = json.loads(data)
    signatures = [(one["keyid"], base64.b64decode(one["sig"], validate=True)) for one in envelope["signatures"]]
    return what_was_signed(envelope["payloadType"], base64.b64decode(envelope["payload"], validate=True)), signatures


def body(data: bytes) -> dict[str, Any]:
    """What the statement says."""
    told: dict[str, Any] = json.loads(base64.b64decode(json.loads(data)["payload"]))
    return told


@pytest.fixture(scope="module")
def statements() -> dict[str, tuple[str, bytes]]:
    return every_statement()


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_accepts_every_kind_of_statement(kind: str, statements: dict[str, tuple[str, bytes]], tmp_path: Path) -> None:
    public, data = statements[kind]
    message, [(key, signature)] = parts(data)
    assert key == hashlib.sha256(SPKI + bytes.fromhex(public)).hexdigest()
    assert accepts(tmp_path, public, message, signature)


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_refuses_every_kind_of_statement_after_one_changed_byte(
    kind: str, statements: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    public, data = statements[kind]
    message, [(_, signature)] = parts(data)
    for place in (0, 7, len(message) // 2, len(message) - 1):
        assert not accepts(tmp_path, public, flipped(message, place), signature), place
    for place in (0, 31, 32, 63):
        assert not accepts(tmp_path, public, message, flipped(signature, place)), place
    assert not accepts(tmp_path, public, message, signature[:-1])
    assert accepts(tmp_path, public, message, signature)


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_refuses_the_payload_without_its_encoding_and_under_another_type(
    kind: str, statements: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    public, data = statements[kind]
    _, [(_, signature)] = parts(data)
    payload = base64.b64decode(json.loads(data)["payload"])
    assert not accepts(tmp_path, public, payload, signature)
    assert not accepts(tmp_path, public, what_was_signed("application/json", payload), signature)
    other = next(name for name in KINDS if name != kind)
    assert not accepts(tmp_path, public, parts(statements[other][1])[0], signature)


def test_openssl_refuses_another_person_s_key(tmp_path: Path) -> None:
    message, [(_, signature)] = parts(every_statement()["decision"][1])
    assert not accepts(tmp_path, every_statement()["decision"][0], message, signature)


def test_openssl_accepts_everything_that_was_ever_signed_for_a_workspace(tmp_path: Path) -> None:
    """The fixture that is kept for ever, by the public keys of its own register."""
    register = body((FIXTURE / "sign-off" / "signers" / "0008.dsse.json").read_bytes())["predicate"]
    publics = {entry["key"]: entry["public"] for entry in (*register["signers"], *register["root"]["keys"])}
    files = sorted(FIXTURE.rglob("*.dsse.json"))
    assert len(files) > 15
    for path in files:
        message, signatures = parts(path.read_bytes())
        assert signatures
        for key, signature in signatures:
            assert accepts(tmp_path, publics[key], message, signature), path.name


def test_the_kinds_here_are_all_the_kinds_there_are(statements: dict[str, tuple[str, bytes]]) -> None:
    from evalharness.signoff.predicates import PREDICATES

    told = {body(data)["predicateType"] for _, data in statements.values()}
    assert told == set(PREDICATES)
    assert set(statements) == set(KINDS)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
