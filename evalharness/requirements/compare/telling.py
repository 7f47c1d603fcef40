"""Words that every comparison uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from evalharness.errors import shown
from evalharness.records.change import Change, Direction

_LONGEST = 300


def number(value: float) -> str:
    """`0.95`, `3`: as written, without a trailing zero."""
    return f"{Decimal(repr(float(value))).normalize():f}"


def apart(old: float, new: float) -> str:
    """How far two numbers are from one another, exactly as decimals: `0.05`."""
    return f"{abs(Decimal(repr(float(new))) - Decimal(repr(float(old)))).normalize():f}"


def quoted(text: str) -> str:
    """`"text"`, safe to print and not endless."""
    return f'"{shown(text, _LONGEST)}"'


def listed(words: Iterable[str]) -> str:
    """`a, b`; nothing: `nobody`."""
    return ", ".join(words) or "nobody"


def moved(part: str, what: str, old: float, new: float, *, weaker_when: str) -> Iterator[Change]:
    """A number of the policy that became larger or smaller; `weaker_when` is `higher`, `lower` or empty."""
    if old != new:
        side = "higher" if new > old else "lower"
        text = f"{what}: {number(old)} → {number(new)} ({side} by {apart(old, new)})"
        yield Change(part=part, text=text, direction=towards(side, weaker_when))


def towards(side: str, weaker_when: str) -> Direction:
    """Whether a move to this side asks less."""
    if not weaker_when:
        return ""
    return "weaker" if side == weaker_when else "stricter"


def left_and_joined(part: str, what: str, old: Iterable[str], new: Iterable[str], *, weaker_when: str) -> Iterator[Change]:
    """Members of a set that are gone, and those that are new; `weaker_when` is `gone` or `added`."""
    before, after = set(old), set(new)
    for member in sorted(before - after):
        yield Change(part=part, text=f"{what} gone: {shown(member, _LONGEST)}", direction=towards("gone", weaker_when))
    for member in sorted(after - before):
        yield Change(part=part, text=f"{what} added: {shown(member, _LONGEST)}", direction=towards("added", weaker_when))


def switched(part: str, old: bool, new: bool, now: str, *, weaker_when: bool) -> Iterator[Change]:
    """A rule that was turned on or off; `now` says what holds since."""
    if old is not new:
        yield Change(part=part, text=now, direction="weaker" if new is weaker_when else "stricter")
