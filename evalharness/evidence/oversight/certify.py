"""A certified threshold in an evidence document: what was promised, every candidate that was tried, and what follows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from evalharness.evidence.part import Count, GroupPart, Level, Number, Part
from evalharness.records import group_as_json
from evalharness.records.oversight_certify import CALIBRATION, MOST_PROMISES, TRAIN, Certificate, Denominator, Tried

Three = tuple[Count, Count, Count]
Six = tuple[Count, Count, Count, Count, Count, Count]


class TargetPart(Part):
    """A promise, and the items of the calibration split that it is about."""

    metric: str
    comparison: Literal["at_least", "at_most"]
    bound: Number
    group: Annotated[GroupPart, Field(min_length=1)] = Field(default_factory=dict)
    """The group that must keep it; absent: everybody together."""
    total: Count
    clusters: Count
    total2: Count
    """Sum over clusters of the squares of the items."""


class TriedPart(Part):
    """A candidate. For each target: items that count, and the sums over clusters of the squares of those and of the rest; of precision and
    elusion then also the denominator at this threshold: items, clusters, and the sum over clusters of the squares of the items."""

    threshold: Number
    counts: tuple[Three | Six, ...]
    limits: tuple[Number | None, ...]
    """For each target its deciding bound."""


class CertifyPart(Part):
    """Found on the train split, certified on the calibration split, judged on another."""

    targets: Annotated[tuple[TargetPart, ...], Field(min_length=1, max_length=MOST_PROMISES)]
    level: Level
    method: str
    start: Number
    """The candidate with which the train split has the search begin."""
    candidates: Annotated[int, Field(ge=1, le=1000)]
    tried: Annotated[tuple[TriedPart, ...], Field(min_length=1, max_length=1000)]
    threshold: Number | None
    """Null: none could be certified. The counts of this evidence are then those at `start`, and nothing is judged."""
    rows: dict[Literal["train", "calibration"], Count]
    """Labelled items by split."""
    unanswered: dict[Literal["train", "calibration"], Count]
    """How many of them got no answer."""

    @property
    def denominators(self) -> tuple[Denominator, ...]:
        """As records."""
        return tuple(Denominator(total=t.total, clusters=t.clusters, total2=t.total2) for t in self.targets)

    @property
    def candidates_tried(self) -> tuple[Tried, ...]:
        """As records."""
        return tuple(Tried(threshold=one.threshold, counts=one.counts, limits=one.limits) for one in self.tried)


def certificate_as_json(of: Certificate) -> dict[str, Any]:
    """As in `oversight.certify`."""
    return {
        "targets": [
            {
                "metric": target.metric, "comparison": comparison_of(at_least=target.at_least), "bound": target.bound,
                "total": known.total, "clusters": known.clusters, "total2": known.total2,
                **({"group": group_as_json(target.group)} if target.group else {}),
            }
            for target, known in zip(of.asked.targets, of.denominators, strict=True)
        ],
        "level": of.level,
        "method": of.method,
        "start": of.start,
        "candidates": of.candidates,
        "tried": [
            {"threshold": one.threshold, "counts": [list(counts) for counts in one.counts], "limits": list(one.limits)} for one in of.tried
        ],
        "threshold": of.threshold,
        "rows": dict(zip((TRAIN, CALIBRATION), of.rows, strict=True)),
        "unanswered": dict(zip((TRAIN, CALIBRATION), of.unanswered, strict=True)),
    }  # fmt: skip


def comparison_of(*, at_least: bool) -> str:
    """As the policy writes it."""
    return "at_least" if at_least else "at_most"
