"""How the metrics of a drawn sample read in a sentence, in every task."""

from __future__ import annotations

from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, RECOGNITION
from evalharness.report.phrases import Phrase

SAMPLE_PHRASES: dict[str, Phrase] = {
    ELUSION: Phrase(
        of="{} of what was set aside is relevant",
        must="{} of what was set aside may be relevant, by a drawn sample",
        share="the share of what was set aside that is relevant",
    ),
    RECALL: Phrase(
        of="{} of the period's relevant items were found",
        must="{} of the period's relevant items must be found, by a drawn sample of every pile",
        share="the share of the period's relevant items that were found",
    ),
    PRECISION: Phrase(
        of="{} of what was found is relevant",
        must="{} of what was found must be relevant, by a drawn sample",
        share="the share of what was found that is relevant",
    ),
    RECOGNITION: Phrase(
        of="{} of the seeds were recognised by coders",
        must="{} of the seeds must be recognised by those who code the drawn sample",
        share="the share of seeds that coders recognise",
    ),
}
