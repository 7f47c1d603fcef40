"""Private keys at rest: a standard form, with many rounds between a thief and the passphrase."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import signing
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from evalharness.signoff.encrypted_pem import ROUNDS, encrypted_pem
from evalharness.signoff.keys import new_key

PASSPHRASE = b"correct horse"


@pytest.mark.parametrize("rounds", [1, 127, 128, 255, 256, 32768, 65535, 100_000])
def test_cryptography_reads_it_whatever_the_number_of_rounds(rounds: int) -> None:
    key = signing.private_key("ada")
    read = load_pem_private_key(encrypted_pem(key, PASSPHRASE, rounds), PASSPHRASE)
    assert read.private_bytes_raw() == key.private_bytes_raw()  # type: ignore[union-attr]


def test_the_same_key_is_never_written_twice_alike() -> None:
    key = signing.private_key("ada")
    assert encrypted_pem(key, PASSPHRASE, 10) != encrypted_pem(key, PASSPHRASE, 10)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_a_new_key_and_finds_the_rounds_in_it() -> None:
    pem, _ = new_key("ada", False, PASSPHRASE, "2026-01-01T00:00:00Z")
    shown = subprocess.run(["openssl", "asn1parse"], input=pem, capture_output=True, check=True).stdout.decode()
    assert f"INTEGER           :{ROUNDS:06X}" in shown
    assert "PBKDF2" in shown
    assert "aes-256-cbc" in shown
    opened = subprocess.run(["openssl", "pkey", "-passin", "pass:correct horse", "-noout"], input=pem, capture_output=True, check=False)
    assert opened.returncode == 0, opened.stderr
    refused = subprocess.run(["openssl", "pkey", "-passin", "pass:wrong horse", "-noout"], input=pem, capture_output=True, check=False)
    assert refused.returncode != 0


def test_the_private_half_is_not_in_the_file() -> None:
    key = signing.private_key("ada")
    assert key.private_bytes_raw() not in encrypted_pem(key, PASSPHRASE, 10)
    assert b"ENCRYPTED PRIVATE KEY" in encrypted_pem(key, PASSPHRASE, 10)
