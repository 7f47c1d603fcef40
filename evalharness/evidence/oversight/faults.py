"""Injected faults in an evidence document: by kind, what became of the items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from evalharness.catalogue.oversight.faults import UNROUTED
from evalharness.evidence.part import Count, Digest, Part
from evalharness.records.oversight_faults import FaultCount, Where

Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MOST_KINDS = 64


class FaultPart(Part):
    """One kind of fault, and the fates of the items that it was injected into."""

    kind: Kind
    where: Where
    to_a_person: Count
    to_review: Count
    set_aside: Count
    lost: Count

    @property
    def record(self) -> FaultCount:
        """As a record."""
        return FaultCount(**self.model_dump())


class FaultsPart(Part):
    """All kinds that were tried. With a log of the system in use that log alone counts."""

    log: Digest | None = None
    """Of the log; absent where the harness injected the faults itself."""
    by_kind: Annotated[tuple[FaultPart, ...], Field(min_length=1, max_length=MOST_KINDS)]
    not_tried: dict[Kind, str] = Field(default_factory=dict)
    """Kinds that were not, and why."""

    @model_validator(mode="after")
    def _once(self) -> FaultsPart:
        kinds = [part.kind for part in self.by_kind]
        if len(set(kinds)) < len(kinds) or set(kinds) & set(self.not_tried):
            raise ValueError("a kind of fault stands there twice")
        if any((part.where == "live") != (self.log is not None) or not part.record.injected for part in self.by_kind):
            raise ValueError("faults of a log are live, others are not, and none is of no item")
        return self


def faults_as_json(counts: tuple[FaultCount, ...], *, log: str | None = None, not_tried: Mapping[str, str] | None = None) -> dict[str, Any]:
    """As in `oversight.faults`."""
    told = [
        {"kind": c.kind, "where": c.where, "to_a_person": c.to_a_person, "to_review": c.to_review, "set_aside": c.set_aside, "lost": c.lost}
        for c in counts
    ]
    return {**({"log": log} if log else {}), "by_kind": told, **({"not_tried": dict(not_tried)} if not_tried else {})}


def fault_inconsistencies(part: FaultsPart | None, shares: Mapping[str, tuple[int, int, tuple[str, ...]]]) -> Iterator[str]:
    """What cannot be so, in words. shares: (part, total, rests on) of everybody by metric."""
    told = shares.get(UNROUTED)
    if part is None:
        if told is not None:
            yield "tallies.shares: faults are counted, and there is no word of any (oversight.faults)"
        return
    counts = [fault.record for fault in part.by_kind]
    expected = sum(count.unrouted for count in counts), sum(count.injected for count in counts)
    if told is None or told[:2] != expected:
        yield f"tallies.shares: {UNROUTED}: it is {told and told[:2]}, and the faults make it {expected}"
    elif bool(told[2]) == (part.log is not None):
        yield f"tallies.shares: {UNROUTED}: what the harness injects itself rests on the system in use doing likewise, and a log does not"
