"""Whether evidence can ever be signed. Page one, test results, `sign` and the gate all ask here, so that none of them says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalharness.evidence.schema import Evidence

BarKind = Literal["unlocked", "labels_seen", "blind", "practice_items", "other_benchmark"]

_WORDS: dict[BarKind, str] = {
    "unlocked": "this is a practice run: nothing was locked before it",
    "labels_seen": "these are answers by somebody who has seen the labels",
    "blind": "the answers came back through a blind key: they were made after the items, so no lock can have named what made them",
    "practice_items": "its items are for practice only",
    "other_benchmark": "its items are of another benchmark than the policy's",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason why nobody can sign it, whatever becomes of it."""

    kind: BarKind

    @property
    def words(self) -> str:
        """The reason, as the beginning of a sentence."""
        return _WORDS[self.kind]


def never_signed(evidence: Evidence) -> tuple[Bar, ...]:
    """Every reason, the weightiest first; empty: it can be signed."""
    notices = {notice.kind for notice in evidence.notices}
    asked = evidence.policy.document.get("benchmark")
    checks: tuple[tuple[bool, BarKind], ...] = (
        (evidence.lock is None, "unlocked"),
        ("labels_seen" in notices, "labels_seen"),
        (evidence.predictions.blind is not None, "blind"),
        ("practice_run" in notices, "practice_items"),
        ("other_benchmark" in notices or bool(asked and asked != evidence.benchmark.name), "other_benchmark"),
    )
    return tuple(Bar(kind) for holds, kind in checks if holds)


def bars_under_lock(evidence: Evidence) -> tuple[Bar, ...]:
    """The reasons beyond the want of a lock: with one of them a lock makes the run no better."""
    return tuple(bar for bar in never_signed(evidence) if bar.kind != "unlocked")
