"""What the gate answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Code = Literal[0, 3, 10, 11, 12, 13]

CODES: tuple[Code, ...] = (13, 3, 10, 11, 12)
"""Blocking codes in the order in which they are reported when several hold."""

MEANING: dict[Code, str] = {
    0: "approved",
    3: "no evidence under this model's name",
    10: "a requirement is not met",
    11: "not evaluable, not demonstrated, or the claim is too low",
    12: "no valid sign-off",
    13: "altered, or evidence is for something else",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that stands in the way."""

    code: Code
    text: str
    run: str = ""
    """The run folder it is about; empty when it is about the request itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeen:
    """A run under this model's name, and how the gate used it."""

    run: str
    used: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The gate's answer. `code` is the exit code."""

    code: Code
    claim: str
    """The claim that was asked for."""
    model: str
    policy: str
    benchmark: str
    reasons: tuple[Reason, ...]
    runs: tuple[RunSeen, ...]

    @property
    def approved(self) -> bool:
        return self.code == 0


def first_code(reasons: Iterable[Reason]) -> Code:
    """The code that is reported: the first of 13, 3, 10, 11, 12 that any reason carries; 0 only for no reason at all."""
    present = {reason.code for reason in reasons}
    for code in CODES:
        if code in present:
            return code
    return 0
