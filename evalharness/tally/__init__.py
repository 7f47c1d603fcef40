"""Rows to counts: the last stage that sees rows. Tallies of disjoint parts merge in any order."""

from evalharness.tally.attainable import Attainable, AttainableCounter
from evalharness.tally.confusion import ConfusionTally, Counter
from evalharness.tally.moments import DENOMINATOR_NAMES, DENOMINATORS
from evalharness.tally.scores import ScoreCounter, ScoreSummary
from evalharness.tally.slices import Slices

__all__ = [
    "DENOMINATORS",
    "DENOMINATOR_NAMES",
    "Attainable",
    "AttainableCounter",
    "ConfusionTally",
    "Counter",
    "ScoreCounter",
    "ScoreSummary",
    "Slices",
]
