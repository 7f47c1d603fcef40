"""A file's data with the place of every key and item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top: `("requirements", 2, "metric")`."""


def path_text(path: KeyPath) -> str:
    """`requirements[2].metric`; the top is `` (empty)."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlDocument:
    """What a YAML file says: plain values, and where each stands."""

    path_text: str
    """The file, as shown to people."""
    raw: bytes
    """The file's bytes."""
    data: Any
    """dict, list, str, int, float, bool, None. Dates and `no` stay text (YAML 1.2 core)."""
    places: dict[KeyPath, tuple[int, int]]
    """Line and column, from 1, of each key and item."""
    spoiled: frozenset[KeyPath] = field(default_factory=frozenset)
    """Places whose value could not be read and has been reported: later checks pass over them."""

    def where(self, path: KeyPath = ()) -> str:
        """`file:line:col` of `path`, or of the nearest thing above it; without places `file: requirements[2].metric`."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                line, column = self.places[path[:length]]
                return f"{self.path_text}:{line}:{column}"
        return f"{self.path_text}: {path_text(path)}" if path else self.path_text

    def is_spoiled(self, path: KeyPath) -> bool:
        """Whether the value at `path`, or one above or below it, could not be read."""
        return any(s[: len(path)] == path or path[: len(s)] == s for s in self.spoiled)
