"""How each metric reads in a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """How a metric reads; `{}` is the place of an amount such as `at least 95 %`."""

    of: str
    must: str
    """The same as a demand; what may be at most so much may, what must be at least so much must."""
    share: str
    """The quantity as a noun, for comparisons between groups."""
    was: str = ""
    """What became of those that are counted: `of 58 relevant items, 39 were found`. Empty where nothing is counted."""


COMMON_PHRASES: dict[str, Phrase] = {
    "unusable_answer_rate": Phrase(
        of="{} of the answers cannot be used",
        must="{} of the answers may be unusable: there twice, or not to be read",
        share="the share of answers that cannot be used",
        was="have an answer that cannot be used",
    ),
}
"""Metrics that read alike in every task."""
PHRASES: dict[str, Phrase] = {
    "recall": Phrase(
        of="{} of the relevant items are found",
        must="{} of the relevant items must be found",
        share="the share of relevant items that are found",
        was="were found",
    ),
    "false_negative_rate": Phrase(
        of="{} of the relevant items are missed",
        must="{} of the relevant items may be missed",
        share="the share of relevant items that are missed",
        was="were missed",
    ),
    "specificity": Phrase(
        of="{} of the irrelevant items are left alone",
        must="{} of the irrelevant items must be left alone",
        share="the share of irrelevant items that are left alone",
        was="were left alone",
    ),
    "false_positive_rate": Phrase(
        of="{} of the irrelevant items are wrongly flagged",
        must="{} of the irrelevant items may be wrongly flagged",
        share="the share of irrelevant items that are wrongly flagged",
        was="were wrongly flagged",
    ),
    "precision": Phrase(
        of="{} of the flagged items are relevant",
        must="{} of the flagged items must be relevant",
        share="the share of flagged items that are relevant",
        was="were relevant",
    ),
    "false_discovery_rate": Phrase(
        of="{} of the flagged items are irrelevant",
        must="{} of the flagged items may be irrelevant",
        share="the share of flagged items that are irrelevant",
        was="were irrelevant",
    ),
    "negative_predictive_value": Phrase(
        of="{} of the items set aside are irrelevant",
        must="{} of the items set aside must be irrelevant",
        share="the share of set-aside items that are irrelevant",
        was="were irrelevant",
    ),
    "selection_rate": Phrase(
        of="{} of all items are flagged",
        must="{} of all items must be flagged",
        share="the share of items that are flagged",
        was="were flagged",
    ),
    "accuracy": Phrase(
        of="{} of all items are sorted correctly",
        must="{} of all items must be sorted correctly",
        share="the share of items that are sorted correctly",
        was="were sorted correctly",
    ),
    "review_rate": Phrase(
        of="{} of all items go to a person",
        must="{} of all items may go to a person",
        share="the share of items that go to a person",
        was="go to a person",
    ),
    "set_aside_rate": Phrase(
        of="{} of all items are set aside",
        must="{} of all items must be set aside",
        share="the share of items that are set aside",
        was="were set aside",
    ),
    "elusion": Phrase(
        of="{} of the items set aside are relevant after all",
        must="{} of the items set aside may be relevant after all",
        share="the share of set-aside items that are relevant after all",
        was="were relevant after all",
    ),
    "no_answer_rate": Phrase(
        of="{} of all items get no answer",
        must="{} of all items may be left without an answer",
        share="the share of items without an answer",
        was="got no answer",
    ),
    "routed_recall": Phrase(
        of="{} of the relevant items reach a person",
        must="{} of the relevant items must reach a person",
        share="the share of relevant items that reach a person",
        was="reach a person",
    ),
    "system_recall": Phrase(
        of="{} of the relevant items are found by model and reviewers together",
        must="{} of the relevant items must be found by model and reviewers together",
        share="the share of relevant items found by model and reviewers together",
    ),
    "review_minutes_per_1000": Phrase(
        of="1,000 items take {} of review",
        must="1,000 items may take {} of review",
        share="the review time for 1,000 items",
    ),
    "reviews_per_find": Phrase(
        of="{} are needed for each relevant item found",
        must="{} may be needed for each relevant item found",
        share="the number of reviews for each relevant item found",
    ),
    "expected_cost": Phrase(
        of="an item costs {} on average",
        must="an item may cost {} on average",
        share="the average cost of an item",
    ),
    "recall_of_answered": Phrase(
        of="{} of the relevant items that got an answer are found",
        must="{} of the relevant items that got an answer must be found",
        share="the share found among relevant items with an answer",
    ),
}
