"""Blocks of a policy that have no words of their own, leaf by leaf as they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evalharness.errors import shown
from evalharness.records.change import Change

MOST_LEAVES = 12
"""Of one key: further ones are counted."""
_LONGEST = 120
_ABSENT = object()


def compare_written(part: str, old: Any, new: Any) -> Iterator[Change]:
    """Every leaf that differs, under `part`; nothing where both are alike. A list is compared place by place."""
    found = list(_leaves(part, old, new))
    for path, before, after in found[:MOST_LEAVES]:
        yield Change(part=part, text=f"{path}: {_text(before)} → {_text(after)}")
    if len(found) > MOST_LEAVES:
        yield Change(part=part, text=f"{part}: {len(found) - MOST_LEAVES} further values differ")


def _leaves(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}, key=str):
            yield from _leaves(f"{path}.{shown(str(key), _LONGEST)}", old.get(key, _ABSENT), new.get(key, _ABSENT))
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for place in range(max(len(old), len(new))):
            yield from _leaves(f"{path}[{place + 1}]", *(each[place] if place < len(each) else _ABSENT for each in (old, new)))
    elif old is _ABSENT or new is _ABSENT or type(old) is not type(new) or old != new:
        yield path, old, new


def _text(value: Any) -> str:
    if value is _ABSENT:
        return "nothing"
    return shown(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str), _LONGEST)
