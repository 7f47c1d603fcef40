"""Whether a run can be signed at all. Page one says so before it says anything else."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.evidence import Evidence
from evalharness.report.policy_text import PolicyText

_OTHER_ITEMS = frozenset({"practice_run", "other_benchmark"})


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


def standing(evidence: Evidence, policy: PolicyText) -> Standing | None:
    """Null: it can be signed."""
    if evidence.lock is None:
        return PRACTICE
    if any(notice.kind == "labels_seen" for notice in evidence.notices):
        return LABELS_SEEN
    return OTHER_ITEMS if on_other_items(evidence, policy) else None


def on_other_items(evidence: Evidence, policy: PolicyText) -> bool:
    """Whether the items are only for practice, or of another benchmark than the policy's."""
    other = bool(policy.benchmark) and policy.benchmark != evidence.benchmark.name
    return other or any(notice.kind in _OTHER_ITEMS for notice in evidence.notices)
