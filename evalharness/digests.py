"""Digests of bytes, files and canonical JSON, always written `sha256:` + 64 lower-case hex."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NoReturn

import rfc8785

from evalharness.errors import unreadable

DIGEST_PATTERN = re.compile(r"sha256:[0-9a-f]{64}")
_CHUNK = 1 << 20
_SAFE = 2**53 - 1
_PLAIN = re.compile(r"-?(?:[1-9][0-9]*|0(?=\.[0-9]*[1-9]))\.[0-9]+")
"""Numbers that JavaScript writes as Python does, but for `.0`: no exponent, and no zero, whose sign it drops."""


def sha256_bytes(data: bytes) -> str:
    """Digest of `data`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Digest of a file's bytes. Raises BadInput when the file cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise unreadable(path, error) from error
    return "sha256:" + digest.hexdigest()


def canonical_json(value: Any) -> bytes:
    """RFC 8785 canonical bytes. Raises rfc8785.CanonicalizationError for NaN, infinities and integers beyond 2**53.

    What rfc8785 writes, in a third of the time: texts, whole numbers and plain decimals by Python's own encoder, all else by rfc8785.
    """
    pieces: list[str] = []
    try:
        _write(value, pieces.append, {})
        return "".join(pieces).encode()
    except (TypeError, UnicodeEncodeError):  # a key that is no text, a text that is no Unicode: rfc8785 says so
        return rfc8785.dumps(value)


def _write(value: Any, put: Callable[[str], None], keys: dict[str, str]) -> None:
    """`keys`: those that were written already, as they are written."""
    kind = type(value)
    if kind is str:
        put(encode_basestring(value))
    elif kind is dict and value:
        mark = "{"
        for key in sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16):
            put(mark)
            put(keys.get(key) or keys.setdefault(key, encode_basestring(key) + ":"))
            _write(value[key], put, keys)
            mark = ","
        put("}")
    elif (kind is list or kind is tuple) and value:
        mark = "["
        for part in value:
            put(mark)
            _write(part, put, keys)
            mark = ","
        put("]")
    elif kind is int and -_SAFE <= value <= _SAFE:
        put(repr(value))
    elif kind is float and _PLAIN.fullmatch(text := repr(value)):
        put(text.removesuffix(".0"))
    else:
        put(rfc8785.dumps(value).decode())


def _utf16(key: str) -> bytes:
    return key.encode("utf_16_be")


def read_canonical(data: bytes) -> Any:
    """The JSON value in `data`. Raises ValueError unless `data` is exactly its RFC 8785 form (rfc8785's errors are ValueErrors too),
    RecursionError when it is nested too deeply.
    """
    value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    if canonical_json(value) != data:
        raise ValueError("it is not in canonical form")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def sha256_json(value: Any) -> str:
    """Digest of the canonical JSON of `value`."""
    return sha256_bytes(canonical_json(value))
