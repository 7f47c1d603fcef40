"""What people do with a classifier's answers, as metrics: counted in share rows, not in outcomes of items."""

from __future__ import annotations

from dataclasses import replace

from evalharness.catalogue.metric import Metric
from evalharness.catalogue.oversight.bands import BANDS_METRICS
from evalharness.catalogue.oversight.exposure import EXPOSURE_METRICS
from evalharness.catalogue.oversight.faults import FAULT_METRICS
from evalharness.catalogue.oversight.people import PEOPLE_METRICS
from evalharness.catalogue.oversight.raters import RATER_METRICS
from evalharness.catalogue.oversight.reviews import REVIEW_METRICS
from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.catalogue.oversight.team import TEAM_METRICS
from evalharness.catalogue.oversight.work import WORK_METRICS

OVERSIGHT_METRICS: tuple[Metric, ...] = (
    *BANDS_METRICS,
    *REVIEW_METRICS,
    *SAMPLE_METRICS,
    *TEAM_METRICS,
    *RATER_METRICS,
    *WORK_METRICS,
    *PEOPLE_METRICS,
    *EXPOSURE_METRICS,
    *FAULT_METRICS,
)
"""One tuple of each module beside this one, in the order of the catalogue."""

NOT_SUPPLIED = {
    "bands": "the policy says of no bands what happens to the items in them",
    "reviews": "this run was given no review log",
    "sample": "this run was given no coded sample",
    "people": "this run was given no table of people",
    "exposure": "the policy does not say which items are severe, or this run was given no review log",
    "faults": "no faults were injected, and this run was given no log of faults",
    "work": "the policy declares no work, or this run was given nothing to reckon it from",
    "raters": "the benchmark has no labels of people beside clean ones of items that are decided one by one, or none in this split",
    "team": "neither a review log nor declared readers say what people do with the answers",
}
"""By source of a metric: why nothing was counted."""


def oversight_metrics(outcomes: int) -> tuple[Metric, ...]:
    """For a task of so many outcomes: none of them is counted."""
    nothing = (0,) * outcomes
    return tuple(replace(metric, numerator=nothing, denominator=nothing) for metric in OVERSIGHT_METRICS)
