"""Everything the decision page depends on. No clock: `as_of` is the time of the last thing that was signed about the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evalharness.evidence import Evidence
from evalharness.signoff.decisions import DecisionsRead
from evalharness.signoff.envelope import Signed
from evalharness.signoff.predicates import Discharge, Mark
from evalharness.signoff.references import References


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One role of the quorum."""

    role: str
    wanted: int
    people: tuple[str, ...]
    """Whose approvals in it count, sorted."""
    open: int
    """How many nobody fills. One person may not fill two, so that this can be more than `wanted` less `people`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the pure rules say of the decisions as of the last signature. Made by those who know the rules; here it is only shown."""

    approved: bool
    reasons: tuple[str, ...]
    """Why it is not approved, in words; empty exactly when it is."""
    seats: tuple[Seat, ...]
    why_not: Mapping[str, tuple[str, ...]]
    """Digest of a decision's file -> why it does not count; absent: it counts."""
    in_force: frozenset[str] = frozenset()
    """Digests of the approvals whose conditions apply."""
    status_days: int = 0
    """How old the status list may be, by the policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the status list says about this run and its statements."""

    revoked: tuple[Mark, ...] = ()
    suspended: tuple[Mark, ...] = ()
    discharged: tuple[Discharge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the page is drawn from."""

    evidence: Evidence
    refs: References
    read: DecisionsRead
    result: Signed | None
    """The test result; None when there is none that can be read."""
    marks: Marks
    state: State
    as_of: str
    """Time of the last signature or mark."""
    root: str
    """Fingerprint of the register's root; empty where there is no register."""
    rehearsal: bool = False
    """Whether the register has rehearsal keys: then everything under it is a rehearsal."""
    organisations: Mapping[str, str] = field(default_factory=dict)
    """Person -> organisation, as the register has it."""
    team: tuple[str, ...] | None = None
    """Who built the classifier, by its card; None when the card of this run is not here."""
    may_stop: tuple[str, ...] = ()
    """Who may issue a status list, with their roles: each of them alone can suspend or revoke."""
