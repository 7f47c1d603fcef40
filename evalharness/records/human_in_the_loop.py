"""What a policy declares of the people behind the model: one part for each question about them."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.oversight_bands import Bands
from evalharness.records.oversight_exposure import ExposureLimits
from evalharness.records.oversight_people import PeopleLimits
from evalharness.records.oversight_raters import LabelQuality
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.records.oversight_sample import Sampling
from evalharness.records.oversight_team import Team
from evalharness.records.oversight_work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanInTheLoop:
    """What the policy declares of the people behind the model."""

    minutes_per_review: float
    items_per_week: int
    sensitivity_low: float
    """Share of the relevant items put before a reviewer that the reviewer recognises: the low end."""
    sensitivity_high: float
    source: str
    """`declared`: nobody has measured it."""
    review_study: ReviewStudy | None = None
    """How the review log came about; None: the policy says nothing of it."""
    relevant_from: str = ""
    """Ordinal: the level from which on an item is relevant; empty where the policy does not say."""
    bands: Bands | None = None
    """What happens to each item; None where the policy does not say."""
    label_quality: LabelQuality | None = None
    """What follows from what the people who labelled reach themselves; None where the policy does not ask for it."""
    team: Team | None = None
    """What is declared of readers; None where nothing is."""
    work: Work | None = None
    """The people that there are for the reading; None where the policy does not say."""
    people: PeopleLimits | None = None
    """Times for what is done about the people in the items; None where none are stated."""
    exposure: ExposureLimits | None = None
    """Which items are severe; None where the policy does not say."""
    sampling: Sampling | None = None
    """How a sample of every pile is drawn and coded; None where the policy does not say."""
