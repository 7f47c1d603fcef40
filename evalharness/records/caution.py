"""What a reader must know before believing a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CautionKind = Literal[
    "practice_run",
    "other_benchmark",
    "labels_seen",
    "canaries_unanswered",
    "better_than_possible",
    "bands_unknown",
    "unusable_answers",
    "cannot_fail",
    "constant_scores",
    "constant_answers",
    "reversed_scores",
    "tied_scores",
    "worse_than_lots",
    "impossible_claim",
    "claim_above_measured",
    "synthetic_reviewers",
    "no_certificate",
    "machine_closes",
    "elusion_only",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One remark for page one. The kind, never the words, decides how it is shown and what follows from it."""

    kind: CautionKind
    text: str
