"""Whether a run can be signed at all. Page one says so before it says anything else."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.evidence import Evidence, never_signed
from evalharness.evidence.never_signed import BarKind

_OTHER_ITEMS = frozenset({"practice_items", "other_benchmark"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Why nobody can sign a run, in the words of each place that says it."""

    banner: str
    edge: str
    """For the edge of every sheet."""
    beside: str
    """What follows the verdict: `MET, in a practice run`."""


PRACTICE = Standing(
    banner="PRACTICE RUN: nothing was fixed beforehand. It can never be signed.", edge="PRACTICE RUN", beside="in a practice run"
)
OTHER_ITEMS = Standing(
    banner="NOT FOR SIGNING: these are not the policy's own items. It can never be signed.",
    edge="NOT FOR SIGNING",
    beside="in a run that cannot be signed",
)
LABELS_SEEN = Standing(
    banner="NOT FOR SIGNING: the answers betray that somebody has seen the labels. It can never be signed.",
    edge="NOT FOR SIGNING",
    beside="in a run that cannot be signed",
)


BLIND = Standing(
    banner="NOT FOR SIGNING: the answers came back through a blind key. It can never be signed.",
    edge="NOT FOR SIGNING",
    beside="in a run that cannot be signed",
)
_STANDINGS: dict[BarKind, Standing] = {
    "unlocked": PRACTICE,
    "labels_seen": LABELS_SEEN,
    "blind": BLIND,
    "practice_items": OTHER_ITEMS,
    "other_benchmark": OTHER_ITEMS,
}


def standing(evidence: Evidence) -> Standing | None:
    """Null: it can be signed."""
    bars = never_signed(evidence)
    return _STANDINGS[bars[0].kind] if bars else None


def on_other_items(evidence: Evidence) -> bool:
    """Whether the items are only for practice, or of another benchmark than the policy's."""
    return any(bar.kind in _OTHER_ITEMS for bar in never_signed(evidence))
