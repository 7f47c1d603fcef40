"""Data that did not come through our YAML reader, held to the same rules."""

from __future__ import annotations

import math
from typing import Any

from evalharness.errors import Problems
from evalharness.files.builder import DEEPEST
from evalharness.files.document import KeyPath, path_text
from evalharness.files.scalars import LARGEST_INTEGER, first_forbidden


def check_plain(data: Any, name: str, problems: Problems, path: KeyPath = ()) -> None:
    """Adds a problem for every value that `examine_yaml` could not have given (types, huge numbers, control characters, deep nesting)."""
    where = f"{name}: {path_text(path)}" if path else name
    if len(path) > DEEPEST:
        problems.add(f"nested deeper than {DEEPEST} levels", where=where)
    elif isinstance(data, dict):
        for key, value in data.items():
            if not isinstance(key, str) or first_forbidden(key) is not None:
                problems.add("the key is not plain text", where=where, got=key)
            else:
                check_plain(value, name, problems, (*path, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            check_plain(value, name, problems, (*path, position))
    elif not _is_plain(data):
        problems.add(
            "a value is not allowed", where=where, got=data, expected="text without control characters, a number JSON can hold, true, false"
        )


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return first_forbidden(value) is None
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, int) and abs(value) <= LARGEST_INTEGER)
