"""Text that must fit: how many printed lines it takes, and what is left out when there are too many."""

from __future__ import annotations

import math
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.errors import shown

LINE = 92
"""Characters of a printed line of page one, in the widest of the usual fonts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What page one is drawn on."""

    lines: float
    """Printed lines of page one beside its headings, frames and gaps."""

    def most(self, limit: int) -> int:
        """How many characters, or names, there is room for, where `limit` are on a sheet."""
        return limit if math.isfinite(self.lines) else sys.maxsize


SHEET = Paper(lines=52)
ENDLESS = Paper(lines=math.inf)
"""Nothing is shortened or left to the annex."""


def lines(text: str, width: int = LINE) -> int:
    """Printed lines that a text takes, wrapped between words; characters of double width count twice."""
    spread = "".join(c + "x" if unicodedata.east_asian_width(c) in "WF" else c for c in text)
    return len(textwrap.wrap(spread, width))


def all_lines(texts: Sequence[str], width: int = LINE) -> int:
    """Printed lines of several texts, each on lines of its own."""
    return sum(lines(text, width) for text in texts)


def cut(text: str, most: int) -> str:
    """At most that many characters, hidden ones written out first."""
    visible = shown(text, 10 * most)
    return visible if len(visible) <= most else visible[: most - 1] + "…"


def visible(text: str) -> str:
    """The whole text, hidden characters written out."""
    return shown(text, 4000)


def listed(parts: Sequence[str]) -> str:
    """`a, b, and c`."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + ", and " + parts[-1]


def whole(texts: Sequence[str], room: float, what: str, place: str, width: int = LINE) -> tuple[str, ...]:
    """The first texts that fit, in their order and never cut; a last line says how many do not, and where they are."""
    if all_lines(texts, width) <= room:
        return tuple(texts)
    kept: list[str] = []
    for text in texts:
        if all_lines([*kept, text], width) <= room - 1:
            kept.append(text)
        elif kept:  # what is less important never takes the place of what is more
            break
    left = len(texts) - len(kept)
    things = what if left > 1 else what.removesuffix("s")
    return (*kept, f"And {left} more {things}: see “{place}”." if kept else f"{left} {things}: see “{place}”.")
