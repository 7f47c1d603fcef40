"""What people do with the classifier's answers, in words."""

from __future__ import annotations

from evalharness.report.oversight.bands_phrases import BANDS_PHRASES
from evalharness.report.oversight.faults_phrases import FAULTS_PHRASES
from evalharness.report.oversight.sample_phrases import SAMPLE_PHRASES
from evalharness.report.phrases import Phrase

OVERSIGHT_PHRASES: dict[str, Phrase] = {**BANDS_PHRASES, **FAULTS_PHRASES, **SAMPLE_PHRASES}
"""How the metrics of oversight read; one dictionary of each module beside this one."""
