"""YAML text of plain values (JSON is YAML): enough for tests to write files with."""

from __future__ import annotations

import json
from typing import Any


def dump(value: dict[str, Any]) -> str:
    """One `key: JSON` line for each top-level key."""
    return "".join(f"{key}: {json.dumps(item, ensure_ascii=False)}\n" for key, item in value.items())
