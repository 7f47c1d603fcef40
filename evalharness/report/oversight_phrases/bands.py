"""How the metrics of bands read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

BANDS_PHRASES: dict[str, Phrase] = {
    "closed_by_machine_rate": Phrase(
        of="{} of all items are closed by the machine",
        must="{} of all items may be closed by the machine, without any person",
        share="the share of items that the machine closes",
        was="were closed by the machine",
    ),
    "unread_double_rate": Phrase(
        of="{} of the items given the top class are not read by two people",
        must="{} of the items given the top class may go unread by a second person",
        share="the share of items given the top class that are not read by two people",
        was="were not read by two people",
    ),
    "top_class_unread_rate": Phrase(
        of="{} of the items truly of the top class are given to nobody",
        must="{} of the items truly of the top class may be given to nobody",
        share="the share of items truly of the top class that are given to nobody",
        was="were given to nobody",
    ),
    "opened_rate_relevant": Phrase(
        of="{} of the relevant items are given to somebody to read",
        must="{} of the relevant items must be given to somebody to read",
        share="the share of relevant items that are given to somebody to read",
        was="were given to somebody to read",
    ),
    "deferral_rate": Phrase(
        of="{} of all items are left to a person",
        must="{} of all items may be left to a person",
        share="the share of items that are left to a person",
        was="were left to a person",
    ),
    "deferral_rate_relevant": Phrase(
        of="{} of the relevant items are left to a person",
        must="{} of the relevant items may be left to a person",
        share="the share of relevant items that are left to a person",
        was="were left to a person",
    ),
    "deferral_rate_irrelevant": Phrase(
        of="{} of the irrelevant items are left to a person",
        must="{} of the irrelevant items may be left to a person",
        share="the share of irrelevant items that are left to a person",
        was="were left to a person",
    ),
    "selective_risk": Phrase(
        of="{} of what the classifier decides is wrong",
        must="{} of what the classifier decides may be wrong",
        share="the share of what the classifier decides that is wrong",
        was="were decided wrongly",
    ),
}
