"""Ed25519 public keys: which bytes are one, and what identifies it."""

from __future__ import annotations

import hashlib

_SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
"""DER of SubjectPublicKeyInfo for Ed25519 up to the 32 key bytes (RFC 8410)."""
_P = 2**255 - 19
_ORDER_EIGHT_Y = 55188659117513257062467267217118295137698188065244968500265048394206261417927
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_EIGHT_Y, _P - _ORDER_EIGHT_Y})
"""y of the eight points of small order: under such a key anybody's signature verifies."""


def key_id(public: str) -> str:
    """sha256 of the SubjectPublicKeyInfo (DER) of a public key given in hex: the id that statements carry."""
    return hashlib.sha256(_SPKI_PREFIX + bytes.fromhex(public)).hexdigest()


def weakness(public: str) -> str:
    """Why these 32 bytes (hex) must not be used as a public key; empty when nothing is known against them."""
    y = int.from_bytes(bytes.fromhex(public), "little") & ((1 << 255) - 1)
    if y >= _P:
        return "it is not in canonical form"
    if y in _SMALL_ORDER_Y:
        return "it is a point of small order, under which anybody can sign"
    return ""
