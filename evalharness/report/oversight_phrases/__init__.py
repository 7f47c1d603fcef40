"""How the metrics of oversight read in a sentence, in every task; one dictionary of each module in here."""

from __future__ import annotations

from evalharness.report.oversight_phrases.bands import BANDS_PHRASES
from evalharness.report.oversight_phrases.faults import FAULTS_PHRASES
from evalharness.report.oversight_phrases.sample import SAMPLE_PHRASES
from evalharness.report.phrases import Phrase

OVERSIGHT_PHRASES: dict[str, Phrase] = {**BANDS_PHRASES, **FAULTS_PHRASES, **SAMPLE_PHRASES}
"""By metric."""
