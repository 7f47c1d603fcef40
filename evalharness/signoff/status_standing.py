"""What a chain of status lists frees: discharges and lifted suspensions count only from a version whose author could issue one.

Whatever takes something back counts from anybody's version. Whoever carries on what another version freed does not vouch for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evalharness.signoff.authors import issuer_problems, revocation_problems
from evalharness.signoff.envelope import Signed
from evalharness.signoff.predicates import Discharge, Mark, StatusPredicate
from evalharness.signoff.register import Register

UNCHECKED = "its signature is not checked: there is no register of signers here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A discharge, and the version that brought it."""

    discharge: Discharge
    version: Signed
    problems: tuple[str, ...]
    """Why whoever brought it could not; empty: it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was freed up to a version of the chain, and what was not."""

    done: tuple[Done, ...] = ()
    """Every discharge, in the order in which they came."""
    still_suspended: tuple[Mark, ...] = ()
    """Suspensions that a version no longer names whose author could not lift them."""


def standing(chain: Mapping[int, Signed | None], register: Register | None, head: int) -> Standing:
    """Of the versions from 1 to `head`. That each follows the one before was checked, and its signature; nothing is verified again."""
    done: dict[tuple[str, str, str, str], Done] = {}
    rehearsed: dict[Mark, bool] = {}
    still: list[Mark] = []
    before: tuple[Mark, ...] = ()
    for version in sorted(chain):
        signed = chain[version]
        if signed is None or version > head:
            continue
        told: StatusPredicate = signed.predicate
        for one in told.discharged:
            key = (one.decision, one.condition, one.by, one.on)
            if key not in done:
                done[key] = Done(discharge=one, version=signed, problems=free_problems(register, signed))
        for mark in before:
            if mark not in told.suspended:
                still = _after_lifting(mark, still, register, signed, rehearsed[mark])
        for mark in told.suspended:
            if mark not in rehearsed:
                rehearsed[mark] = _rehearsed(register, signed)
        before = told.suspended
    return Standing(done=tuple(done.values()), still_suspended=tuple(still))


def _after_lifting(mark: Mark, still: list[Mark], register: Register | None, signed: Signed, rehearsed: bool) -> list[Mark]:
    """What is still suspended when this version no longer names `mark`; a rehearsal key lifts only what one has suspended."""
    if free_problems(register, signed) or (_rehearsed(register, signed) and not rehearsed):
        return [*still, mark]
    return [other for other in still if (other.target, other.by) != (mark.target, mark.by)]


def free_problems(register: Register | None, signed: Signed) -> tuple[str, ...]:
    """Why this version's author cannot free anything: no right to issue it then, or a key that was revoked."""
    if register is None:
        return (UNCHECKED,)
    return (*issuer_problems(register, signed), *revocation_problems(register, signed))


def _rehearsed(register: Register | None, signed: Signed) -> bool:
    entries = () if register is None else tuple(register.entry(key) for key in signed.keys)
    return any(entry is not None and entry.rehearsal for entry in entries)
