"""What the measures of the task `risk` are, for the glossary."""

from __future__ import annotations

from collections.abc import Mapping

RISK_DEFINITIONS: Mapping[str, str] = {
    "recall": "Share of the truly “‹top›” reports that are placed there; a report without an answer counts as placed lower.",
    "false_negative_rate": "Share of the truly “‹top›” reports that are placed lower; a report without an answer counts as placed lower.",
    "specificity": "Share of the other reports that are kept out of “‹top›”; a report without an answer counts as placed there.",
    "false_positive_rate": "Share of the other reports that are placed in “‹top›”; a report without an answer counts as placed there.",
    "precision": "Share of the reports placed in “‹top›” that belong there; reports without an answer are left out.",
    "false_discovery_rate": "Share of the reports placed in “‹top›” that do not belong there; reports without an answer are left out.",
    "negative_predictive_value": "Share of the reports placed lower that belong there; reports without an answer are left out.",
    "selection_rate": "Share of all reports that are placed in “‹top›”; a report without an answer is not.",
    "accuracy": "Share of all reports that are rightly placed in “‹top›” or below it; a report without an answer is wrong.",
    "review_rate": "Share of all reports that are acted on first: placed in “‹top›”, or without an answer.",
    "set_aside_rate": "Share of all reports that are not opened first: answered, and placed lower than “‹top›”. They wait.",
    "elusion": "Share of the reports placed lower that are truly “‹top›”.",
    "no_answer_rate": "Share of all reports for which the classifier gave no usable answer.",
    "routed_recall": "Share of the truly “‹top›” reports that are acted on first: placed there, or without an answer.",
    "system_recall": (
        "The share of truly “‹top›” reports that are acted on first, times the share that reviewers are declared to recognise at the least."
    ),
    "review_minutes_per_1000": "The share of reports that are acted on first, times 1,000, times the declared minutes per review.",
    "reviews_per_find": "How many reports are acted on first for each of them that is truly “‹top›”.",
    "expected_cost": (
        "Average cost of a report in one declared unit; a report without an answer costs the dearer of being acted on first and waiting."
    ),
    "recall_of_answered": "Share of the truly “‹top›” reports with an answer that are placed there.",
    "f1": (
        "Twice the truly “‹top›” reports placed there, divided by the same and those wrongly placed there and those placed lower; "
        "a report without an answer counts as wrong, so as one of these two."
    ),
    "fbeta_0_5": (
        "One number for how many of the reports placed in “‹top›” belong there and how many of those that belong there are placed there; "
        "the first counts for more. A report without an answer counts as wrongly placed."
    ),
    "fbeta_2": (
        "One number for how many of the truly “‹top›” reports are placed there and how many of those placed there belong there; "
        "the first counts for more. A report without an answer counts as wrongly placed."
    ),
    "youden": (
        "The truly “‹top›” reports placed there and the other reports kept out, as shares, added up, less 1. Drawing lots reaches 0."
    ),
    "cohen_kappa": (
        "How often the place given is the true one, beyond what drawing lots with the same shares would reach: 1 for always, 0 for no "
        "more. A report without an answer counts as wrongly placed."
    ),
    "balanced_accuracy": "Average of the truly “‹top›” reports placed there and the other reports kept out.",
    "matthews_corrcoef": "How well the place given and the true one go together; a report without an answer counts as wrongly placed.",
}
