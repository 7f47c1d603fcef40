"""How the metrics of oversight read in a sentence, in every task; one dictionary of each module in here."""

from __future__ import annotations

from evalharness.report.oversight_phrases.bands import BANDS_PHRASES
from evalharness.report.oversight_phrases.exposure import EXPOSURE_PHRASES
from evalharness.report.oversight_phrases.faults import FAULTS_PHRASES
from evalharness.report.oversight_phrases.people import PEOPLE_PHRASES
from evalharness.report.oversight_phrases.raters import RATER_PHRASES
from evalharness.report.oversight_phrases.reviews import REVIEW_PHRASES
from evalharness.report.oversight_phrases.sample import SAMPLE_PHRASES
from evalharness.report.oversight_phrases.team import TEAM_PHRASES
from evalharness.report.oversight_phrases.work import WORK_PHRASES
from evalharness.report.phrases import Phrase

OVERSIGHT_PHRASES: dict[str, Phrase] = {
    **BANDS_PHRASES,
    **REVIEW_PHRASES,
    **SAMPLE_PHRASES,
    **PEOPLE_PHRASES,
    **EXPOSURE_PHRASES,
    **FAULTS_PHRASES,
    **TEAM_PHRASES,
    **RATER_PHRASES,
    **WORK_PHRASES,
}
"""By metric."""
