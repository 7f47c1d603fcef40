"""What a policy says of the study in which people read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evalharness.records.share import ENRICHED, RESTS_ON, SYNTHETIC, THESE

SECOND_EDGES = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800, 3_600, 86_400)
"""Upper edges, included, of the classes that the seconds of readings are counted in."""
NOT_LISTED = "declared: what was assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStudy:
    """How a review log came about."""

    assigned: str = ""
    """sha256 of the list of what was assigned, made before anybody read; empty: not fixed."""
    these: bool = False
    """Whether figures are about these reviewers and no others."""
    by_chance: bool = False
    """Whether chance said who sees the classifier's answer on which item."""
    prevalence_within: tuple[float, float] | None = None
    """The share of relevant items among what is read, least and most, that is as at work; None: not stated."""
    slowest_seconds: float = 1_800.0
    """A reading that takes longer is slow."""


def rests_of_reviews(
    *, listed: bool, synthetic: bool, study: ReviewStudy, rehearsal: bool, relevant: int, labelled: int
) -> tuple[str, ...]:  # fmt: skip
    """What every figure of a review log rests on, in the order of `records.share.RESTS_ON`.

    Enriched: relevant items are more, or fewer, among the labelled readings than the policy allows; above a rehearsal also where it says
    nothing of that.
    """
    within = study.prevalence_within
    outside = not rehearsal if within is None else not labelled or not within[0] <= relevant / labelled <= within[1]
    told = {NOT_LISTED: not listed, SYNTHETIC: synthetic, ENRICHED: outside, THESE: study.these}
    return tuple(name for name in RESTS_ON if told.get(name))


WRONG_OFTEN = 0.05
"""How often shown answers must be wrong before seldom being overruled says anything."""
HALF = 0.5
"""Of that: who overrules less often is a flag."""


def hardly_overrules(*, shown: int, override: int, right: int, wrong: int, reviewers: int = 1) -> bool:
    """Whether the upper bound of how often a reviewer overrules lies below half of how often what they were shown is wrong.

    shown: decisions with an answer shown; right, wrong: of the labelled ones among them, those where the answer is so. The bound is
    Clopper and Pearson's at .05 over the number of `reviewers` that are looked at: it lies below p
    if P(X <= override) is at most that, X binomial of `shown` and p.
    """
    if not shown or not wrong or wrong < WRONG_OFTEN * (right + wrong):
        return False
    p = HALF * wrong / (right + wrong)
    if override >= p * shown:
        return False
    return _at_most(override, shown, p) <= 0.05 / max(reviewers, 1)


def _at_most(k: int, n: int, p: float) -> float:
    """P(X <= k) of X ~ Bin(n, p), for k below n p: from the largest term down."""
    log_term = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
    term, found = 1.0, 0.0
    for place in range(k, -1, -1):
        found += term
        term *= place * (1 - p) / ((n - place + 1) * p)
        if term < 1e-17 * found:
            break
    return math.exp(log_term) * found
