"""Answers aligned with the benchmark: every missing, extra, duplicate and invalid row counted."""

from evalharness.predictions.aligned import Aligned, align
from evalharness.predictions.answers import ANSWERED, DUPLICATE, INVALID, MISSING, STATUSES, Accounting, Answers, account
from evalharness.predictions.decide import decide
from evalharness.predictions.reading import Reading

__all__ = [
    "ANSWERED",
    "DUPLICATE",
    "INVALID",
    "MISSING",
    "STATUSES",
    "Accounting",
    "Aligned",
    "Answers",
    "Reading",
    "account",
    "align",
    "decide",
]
