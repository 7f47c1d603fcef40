"""Shares counted in several ways of belonging together: by case, by reviewer, by shift, by person, by the day or the week."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.estimate import OVERALL, Group

ALONE = "item"
"""The way in which every unit is its own cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in which units belong together; sums over its clusters."""

    name: str
    clusters: int
    """Clusters with a unit in the denominator."""
    total2: int
    """Sum of the squares of the units in the denominator."""
    part2: int
    """Likewise of those that count."""
    rest2: int
    """Likewise of those that do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One share of one group: `part` of `total` units."""

    metric: str
    group: Group = OVERALL
    part: int
    total: int
    ways: tuple[Way, ...]
    """At least one; where there are several, units depend on one another in all of them at once."""
    rests_on: tuple[str, ...] = ()
    """What it takes for granted that nobody has measured (`records.share.RESTS_ON`), in that order."""


SYNTHETIC = "synthetic reviewers"
THESE = "these reviewers"
ENRICHED = "enriched study"
AS_HERE = "declared: the system in use routes faults as the harness does"
THE_REST = "declared: who is in the items that the table leaves out"
ONE_VIEW = "declared: one view for each reading"
AS_LOGGED = "declared: readings at work take as long as those of the log"
DECLARED = "declared: "
"""How the rest of a rest begins that decides rehearsals only."""
RESTS_ON = (
    "declared: reviewers' accuracy",
    "declared: opening of the rest",
    "declared: minutes",
    "declared: joint misses",
    "declared: what was assigned",
    AS_HERE,
    THE_REST,
    ONE_VIEW,
    AS_LOGGED,
    SYNTHETIC,
    ENRICHED,
    THESE,
)
"""What a figure about people may rest on. Declared and synthetic: it decides rehearsals only. An enriched study demonstrates nothing above
them. These reviewers: it decides, and is about no others."""
