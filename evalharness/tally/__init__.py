"""Rows to counts: the last stage that sees rows. Tallies of disjoint parts merge in any order."""

from evalharness.tally.clusters import clusters_ascend
from evalharness.tally.confusion import ConfusionTally, Counter
from evalharness.tally.moments import DENOMINATOR_NAMES, DENOMINATORS
from evalharness.tally.slices import Slices

__all__ = ["DENOMINATORS", "DENOMINATOR_NAMES", "ConfusionTally", "Counter", "Slices", "clusters_ascend"]
