"""How the metrics of classifier and people together read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

TEAM_PHRASES: dict[str, Phrase] = {
    "team_recall": Phrase(
        of="{} of the relevant items are found by classifier and people together",
        must="{} of the relevant items must be found by classifier and people together",
        share="the share of the relevant items that are found by classifier and people together",
        was="were found by both together",
    ),
    "team_false_alarm_rate": Phrase(
        of="{} of the other items are called relevant by classifier and people together",
        must="{} of the other items may be called relevant by classifier and people together",
        share="the share of the other items that are called relevant by classifier and people together",
        was="were called relevant by both together",
    ),
    "caught_rate": Phrase(
        of="{} of the misses of the classifier are caught by people",
        must="{} of the misses of the classifier must be caught by people",
        share="the share of the misses of the classifier that are caught by people",
        was="were caught by people",
    ),
    "created_miss_rate": Phrase(
        of="{} of the finds of the classifier are dismissed by people",
        must="{} of the finds of the classifier may be dismissed by people",
        share="the share of the finds of the classifier that are dismissed by people",
        was="were dismissed by people",
    ),
    "team_cost": Phrase(
        of="an item costs {} on average, once classifier and people have decided",
        must="an item may cost {} on average, once classifier and people have decided",
        share="the average cost of an item, once classifier and people have decided",
    ),
}
