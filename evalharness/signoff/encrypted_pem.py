"""Private keys at rest: PKCS8 under PBES2 (RFC 8018), which cryptography and openssl read.

cryptography writes the same form, but with 2,048 rounds of PBKDF2 and no way to ask for more: too few for a stolen file.
"""

from __future__ import annotations

import base64
import os
import textwrap

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROUNDS = 600_000
"""Of PBKDF2-HMAC-SHA256, as OWASP's password storage guidance has it; a fifth of a second."""
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d02090500")
"""With the NULL that follows it."""
_AES_256_CBC = bytes.fromhex("060960864801650304012a")
_SEQUENCE, _OCTETS, _INTEGER = 0x30, 0x04, 0x02


def encrypted_pem(private: Ed25519PrivateKey, passphrase: bytes, rounds: int = ROUNDS) -> bytes:
    """`-----BEGIN ENCRYPTED PRIVATE KEY-----` …: PBKDF2-HMAC-SHA256, AES-256-CBC."""
    salt, start = os.urandom(16), os.urandom(16)
    key = PBKDF2HMAC(SHA256(), 32, salt, rounds).derive(passphrase)
    padder, cipher = PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    hidden = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    return _pem(_der(_SEQUENCE, _algorithm(salt, rounds, start), _der(_OCTETS, hidden)))


def _algorithm(salt: bytes, rounds: int, start: bytes) -> bytes:
    count = rounds.to_bytes(rounds.bit_length() // 8 + 1, "big")
    derivation = _der(_SEQUENCE, _der(_OCTETS, salt), _der(_INTEGER, count), _der(_SEQUENCE, _HMAC_SHA256))
    scheme = _der(_SEQUENCE, _AES_256_CBC, _der(_OCTETS, start))
    return _der(_SEQUENCE, _PBES2, _der(_SEQUENCE, _der(_SEQUENCE, _PBKDF2, derivation), scheme))


def _der(tag: int, *parts: bytes) -> bytes:
    """One element; everything here is shorter than 256 bytes."""
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body


def _pem(der: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(der).decode("ascii"), 64)
    return "\n".join(["-----BEGIN ENCRYPTED PRIVATE KEY-----", *lines, "-----END ENCRYPTED PRIVATE KEY-----", ""]).encode()
