"""What the people who labelled the items achieve themselves, one by one and without the classifier, and how far they agree."""

from __future__ import annotations

from typing import Literal

from evalharness.catalogue.metric import Metric

SOURCE = "raters"
RATED_TASKS = ("binary", "ordinal")
"""Tasks whose items people label one by one, against labels that a person can be wrong about."""
RATER_AGREEMENT = "rater_agreement"
COST_AGAINST_HUMAN = "cost_against_human"
COST_KIND: Literal["oversight_rater_cost"] = "oversight_rater_cost"
_NOT_THE_CLASSIFIER = "it is about the people who labelled; hold the classifier against them with `relative_to: human` and `margin`"
_ITEMS = "items that a person labelled"
OF_RATERS = {
    "recall": ("Relevant items that a person who labelled finds", "relevant items that a person labelled", "higher"),
    "false_positive_rate": ("Other items that a person who labelled calls relevant", "irrelevant items that a person labelled", "lower"),
    "accuracy": ("Items that a person who labelled gets right", _ITEMS, "higher"),
    "exact_agreement": ("Items that a person who labelled gives their true level", _ITEMS, "higher"),
    "adjacent_agreement": ("Items that a person who labelled gives their true level or one beside it", _ITEMS, "higher"),
    "gross_error": ("Items that a person who labelled puts two or more levels off", _ITEMS, "lower"),
    "under_grading_1": ("Items that a person who labelled grades too low", _ITEMS, "lower"),
    "under_grading_2": ("Items that a person who labelled grades two or more levels too low", _ITEMS, "lower"),
    "over_grading_1": ("Items that a person who labelled grades too high", _ITEMS, "lower"),
    "critical_miss": ("Top-level items that a person who labelled gives the lowest level", f"top-level {_ITEMS}", "lower"),
}  # fmt: skip
"""By metric of the classifier: title, denominator, and which direction is better."""
REACH = {
    **{name: (f"rater_{name}", False) for name in OF_RATERS},
    "false_negative_rate": ("rater_recall", True),
    "specificity": ("rater_false_positive_rate", True),
}
"""By metric of the classifier: the same of a person who labelled, and whether it counts the contrary."""


def _of_rater(name: str, title: str, of: str, better: Literal["higher", "lower"]) -> Metric:
    return Metric(
        name=f"rater_{name}", title=title, kind="oversight", source=SOURCE, better=better, unit="proportion", decides=False,
        definition=f"`{name}` of the first person who labelled, against the clean label, of the items that this person labelled.",
        denominator_name=of, why_not=_NOT_THE_CLASSIFIER,
    )  # fmt: skip


def _alone(name: str, title: str, definition: str, of: str, better: Literal["higher", "lower", "either"]) -> Metric:
    return Metric(
        name=name, title=title, kind="oversight", source=SOURCE, better=better, unit="proportion", decides=False, definition=definition,
        denominator_name=of, why_not=f"it is a part of `{COST_AGAINST_HUMAN}`",
    )  # fmt: skip


_RELEVANT, _OTHER = f"relevant {_ITEMS}", f"irrelevant {_ITEMS}"
PARTS_OF_COST: tuple[Metric, ...] = (
    _alone(
        "rated_relevant", "Labelled items that are relevant", "Share of the items that a person labelled that are relevant.",
        _ITEMS, "either",
    ),
    _alone(
        "found_by_person_alone", "Relevant items that a person finds and the classifier does not",
        "Share of the relevant items that a person labelled that the person calls relevant and the classifier does not select.",
        _RELEVANT, "lower",
    ),
    _alone(
        "found_by_classifier_alone", "Relevant items that the classifier finds and a person does not",
        "Share of the relevant items that a person labelled that the classifier selects and the person does not call relevant.",
        _RELEVANT, "higher",
    ),
    _alone(
        "spared_by_person_alone", "Other items that the classifier selects and a person spares",
        "Share of the other items that a person labelled that the classifier selects, or does not answer, and the person spares.",
        _OTHER, "lower",
    ),
    _alone(
        "spared_by_classifier_alone", "Other items that a person calls relevant and the classifier spares",
        "Share of the other items that a person labelled that the person calls relevant and the classifier sets aside.",
        _OTHER, "higher",
    ),
    _alone(
        "rated_refused_relevant", "Relevant labelled items without an answer",
        "Share of the relevant items that a person labelled that the classifier does not answer.", _RELEVANT, "lower",
    ),
    _alone(
        "rated_refused_other", "Other labelled items without an answer",
        "Share of the other items that a person labelled that the classifier does not answer.", _OTHER, "lower",
    ),
)  # fmt: skip
"""Binary: who is right alone, of the same items."""
RATER_METRICS: tuple[Metric, ...] = (
    Metric(
        name=RATER_AGREEMENT, title="Items on which two people who labelled say the same", kind="oversight", source=SOURCE, better="higher",
        unit="proportion", decides=True, denominator_name="items that two people labelled",
        definition="Share of the items that two people or more labelled on which the first two of them say the same.",
    ),
    *(
        _of_rater(name, title, of, "higher" if better == "higher" else "lower")
        for name, (title, of, better) in OF_RATERS.items()
    ),
    *PARTS_OF_COST,
    Metric(
        name=COST_AGAINST_HUMAN, title="How much dearer an item is with the classifier than with a person", kind=COST_KIND, source=SOURCE,
        better="lower", unit="cost", decides=True, denominator_name=_ITEMS,
        definition="Mean cost an item in one unit as the classifier decides, less that as the first person who labelled does, of the same "
        "items; what is selected, or called relevant, costs its review, and the rest what it costs to set it aside.",
    ),
)  # fmt: skip
