"""What the gate answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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
class ConditionSeen:
    """One condition of an approval that counts, and how it stands."""

    id: str
    words: str
    person: str
    """Who made the approval that has it."""
    state: str
    """`holds`, `open until DAY`, `done`, or why it does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteSeen:
    """One signed decision, and whether it counts."""

    person: str
    role: str
    organisation: str
    kind: str
    created: datetime
    valid_until: datetime | None
    counts: bool
    against: tuple[str, ...]
    """Why it does not count."""
    why: str
    """In the signer's own words."""
    stance: str = ""
    """Of advice: for, against or neutral."""
    departures: tuple[str, ...] = ()
    """Of an approval: advisory roles whose advice against it answers, in words that the decision page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeen:
    """A run under this model's name, and how the gate used it."""

    run: str
    used: bool
    note: str
    votes: tuple[VoteSeen, ...] = ()
    """Every decision in it, by time."""
    conditions: tuple[ConditionSeen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A moment after which the answer must be asked anew."""

    until: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The gate's answer."""

    claim: str
    """The claim that was asked for."""
    model: str
    policy: str
    benchmark: str
    at: datetime
    """The moment for which it was asked."""
    reasons: tuple[Reason, ...]
    """Everything that stands in the way, in the order of `CODES`."""
    runs: tuple[RunSeen, ...]
    root: str = ""
    """Fingerprint of the root of the register of signers; empty when none could be read."""
    rehearsal: bool = False
    """Whether the register is one of rehearsal keys."""
    limits: tuple[Limit, ...] = ()
    """What ends first, first."""

    @property
    def code(self) -> Code:
        """The exit code: it follows from the reasons and from nothing else."""
        return first_code(self.reasons)

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
