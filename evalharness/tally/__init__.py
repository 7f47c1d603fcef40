"""Rows to counts: the last stage that sees rows. Tallies of disjoint parts merge in any order."""

from evalharness.tally.attainable import Attainable, AttainableCounter, BestShare, Foreseen
from evalharness.tally.best_grading import BestGradingCounter
from evalharness.tally.best_linking import BestLinkingCounter
from evalharness.tally.best_ranking import BestRankingCounter
from evalharness.tally.confusion import ConfusionTally, Counter
from evalharness.tally.copies import CopyCounter, CopyTally
from evalharness.tally.scores import ScoreCounter, ScoreSummary
from evalharness.tally.slices import Slices

__all__ = [
    "Attainable",
    "AttainableCounter",
    "BestGradingCounter",
    "BestLinkingCounter",
    "BestRankingCounter",
    "BestShare",
    "ConfusionTally",
    "CopyCounter",
    "CopyTally",
    "Counter",
    "Foreseen",
    "ScoreCounter",
    "ScoreSummary",
    "Slices",
]
