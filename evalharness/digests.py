"""Digests of bytes, files and canonical JSON, always written `sha256:` + 64 lower-case hex."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, NoReturn

import rfc8785

from evalharness.errors import unreadable

DIGEST_PATTERN = re.compile(r"sha256:[0-9a-f]{64}")
_CHUNK = 1 << 20


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
    """RFC 8785 canonical bytes. Raises rfc8785.CanonicalizationError for NaN, infinities and integers beyond 2**53."""
    return rfc8785.dumps(value)


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
