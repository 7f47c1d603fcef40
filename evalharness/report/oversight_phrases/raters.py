"""How the metrics of people who labelled read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

RATER_PHRASES: dict[str, Phrase] = {
    "rater_agreement": Phrase(
        of="two people who labelled say the same of {} of the items",
        must="two people who labelled must say the same of {} of the items",
        share="the share of the items of which two people who labelled say the same",
        was="have the same label from two people",
    ),
    "cost_against_human": Phrase(
        of="an item costs {} more than with a person who labelled, on average",
        must="an item may cost {} more than with a person who labelled, on average",
        share="what an item costs more than with a person who labelled, on average",
    ),
}
