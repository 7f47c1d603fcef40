"""How an approval is taken back or stopped."""

from __future__ import annotations

from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.words import names

COMMANDS = (
    "evalharness status suspend RUN --why … --key …",
    "evalharness status revoke RUN --why … --key …",
)


_WHERE = " (RUN is the folder of the run)"


def take_back(facts: PageFacts, whose: str) -> str:
    """`You can take it back at any time …`; the commands follow it."""
    start = f"{whose} can take it back at any time by signing defer or reject."
    if not facts.may_stop:
        return f"{start} Nobody can stop it at once: the register names nobody who may issue a status list."
    if len(facts.may_stop) == 1:
        return f"{start} {facts.may_stop[0]} can stop it at once{_WHERE}:"
    return f"{start} Any one of {names(facts.may_stop)} can stop it at once{_WHERE}:"


def stop_lines(facts: PageFacts, whose: str) -> tuple[str, ...]:
    """For a terminal."""
    return (take_back(facts, whose), *((f"  {command}" for command in COMMANDS) if facts.may_stop else ()))
