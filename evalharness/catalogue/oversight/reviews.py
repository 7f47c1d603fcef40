"""What reviewers do with the classifier's answers, from a review log.

A reading that was assigned and not made, or made without a decision, is wrong wherever it could have been.
"""

from __future__ import annotations

from typing import Any, Literal

from evalharness.catalogue.metric import Metric
from evalharness.records.oversight_minutes import STEPS, step_name

SOURCE = "reviews"
_FLAG = "it is a flag and never a quota: a goal for it is met by disagreeing, or by waiting, for its own sake"


def _share(name: str, title: str, definition: str, of: str, better: Literal["higher", "lower", "either"], **more: Any) -> Metric:
    return Metric(
        name=name, title=title, definition=definition, kind="oversight", better=better, unit="proportion", decides="why_not" not in more,
        denominator_name=of, source=SOURCE, **more,
    )  # fmt: skip


REVIEW_SHARES: tuple[Metric, ...] = (
    _share(
        "reader_recall", "Relevant items that reviewers recognise",
        "Share of the readings of relevant items, with the classifier's answer shown, in which the reviewer says relevant.",
        "readings of relevant items, answer shown", "higher",
    ),
    _share(
        "reader_specificity", "Other items that reviewers recognise",
        "Share of the readings of items that are not relevant, with the classifier's answer shown, in which the reviewer says so.",
        "readings of other items, answer shown", "higher",
    ),
    _share(
        "blind_reader_recall", "Relevant items that reviewers recognise by themselves",
        "Share of the readings of relevant items, without the classifier's answer, in which the reviewer says relevant.",
        "blind readings of relevant items", "higher",
    ),
    _share(
        "blind_reader_specificity", "Other items that reviewers recognise by themselves",
        "Share of the readings of items that are not relevant, without the classifier's answer, in which the reviewer says so.",
        "blind readings of other items", "higher",
    ),
    _share(
        "wrong_when_model_wrong", "Reviewers wrong where the classifier is wrong",
        "Share of the readings in which the reviewer is wrong, among those shown a wrong answer.",
        "readings with a wrong answer shown", "lower",
    ),
    _share(
        "wrong_when_model_right", "Reviewers wrong where the classifier is right",
        "Share of the readings in which the reviewer is wrong, among those shown a right answer.",
        "readings with a right answer shown", "lower",
    ),
    _share(
        "blind_wrong_when_model_wrong", "Reviewers by themselves wrong where the classifier is wrong",
        "Share of the blind readings in which the reviewer is wrong, among those of items on which the classifier is wrong.",
        "blind readings of items on which the classifier is wrong", "lower",
    ),
    _share(
        "dismissal_rate", "Finds of the classifier that reviewers dismiss",
        "Share of the readings in which the reviewer does not say relevant, among those of relevant items, shown as relevant.",
        "readings of relevant items shown as relevant", "lower",
    ),
    _share(
        "commission_rate", "False alarms that reviewers confirm",
        "Share of the readings in which the reviewer says relevant, among those of items that are not, shown as relevant.",
        "readings of other items shown as relevant", "lower",
    ),
    _share(
        "omission_rate", "Misses that reviewers confirm",
        "Share of the readings in which the reviewer does not say relevant, among those of relevant items, shown as not relevant.",
        "readings of relevant items shown as not relevant", "lower",
    ),
    _share(
        "seeded_detection", "Seeded errors that reviewers catch",
        "Share of the readings with a wrong answer put there on purpose in which the reviewer is right.",
        "readings with a seeded error", "higher",
    ),
    _share(
        "double_reading_disagreement", "Items on which two reviewers disagree",
        "Share of the items read by two reviewers on which they do not say the same; a reading that was not made agrees with nothing.",
        "items read twice", "lower",
    ),
    _share(
        "third_reading_rate", "Items that need a third reviewer",
        "Share of the items read by two reviewers that a third one was to read.", "items read twice", "lower",
    ),
    _share(
        "joint_miss", "Relevant items that two reviewers both miss",
        "Share of the relevant items read by two reviewers that neither of them calls relevant.", "relevant items read twice", "lower",
    ),
    _share(
        "agreement_with_model", "Readings that say what the classifier says",
        "Share of the readings with an answer shown and a decision made in which both are the same.",
        "decided readings with an answer shown", "either", why_not=_FLAG,
    ),
    _share(
        "override_rate", "Readings that say something else than the classifier",
        "Share of the readings with an answer shown and a decision made in which the decision is another.",
        "decided readings with an answer shown", "either", why_not=_FLAG,
    ),
    _share(
        "slow_readings", "Readings that take long",
        "Share of the readings that take longer than the policy's `slowest_seconds` (1,800 where it says nothing).",
        "readings that were made", "either", why_not=_FLAG,
    ),
    _share(
        "read_model_recall", "Relevant items read that the classifier selects",
        "Share of the readings of relevant items, with the classifier's answer shown, in which that answer is relevant.",
        "readings of relevant items, answer shown", "higher",
        why_not="it is about the items that were read alone: require `recall`",
    ),
    _share(
        "read_model_specificity", "Other items read that the classifier sets aside",
        "Share of the readings of items that are not relevant, with the classifier's answer shown, in which that answer says so.",
        "readings of other items, answer shown", "higher",
        why_not="it is about the items that were read alone: require `specificity`",
    ),
)  # fmt: skip
"""Shares of readings, each a share row."""
_ORDER = "easy items may come first, or hard ones: chance does not say in which order people read"
ORDER_SHARES: tuple[Metric, ...] = (
    _share(
        "wrong_early_in_shift", "Reviewers wrong in the first third of a shift",
        "Share of the readings in which the reviewer is wrong, among the first third of those that a reviewer makes in a shift.",
        "first thirds of shifts", "lower", why_not=_ORDER,
    ),
    _share(
        "wrong_late_in_shift", "Reviewers wrong in the last third of a shift",
        "Share of the readings in which the reviewer is wrong, among the last third of those that a reviewer makes in a shift.",
        "last thirds of shifts", "lower", why_not=_ORDER,
    ),
    _share(
        "wrong_in_first_shifts", "Reviewers wrong in the first third of their shifts",
        "Share of the readings in which the reviewer is wrong, among those of the first third of a reviewer's shifts.",
        "readings in first shifts", "lower", why_not=_ORDER,
    ),
    _share(
        "wrong_in_last_shifts", "Reviewers wrong in the last third of their shifts",
        "Share of the readings in which the reviewer is wrong, among those of the last third of a reviewer's shifts.",
        "readings in last shifts", "lower", why_not=_ORDER,
    ),
)  # fmt: skip
"""Shares of readings by when they were made; a log of an older version lacks them."""
STEP_SHARES: tuple[Metric, ...] = tuple(
    _share(
        step_name(step), f"Readings that take longer than {step:,} seconds",
        f"Share of all readings that take longer than {step:,} seconds; one that was assigned and that nobody made takes as long as can "
        "be. Counted where the policy takes minutes from the log (`work: {minutes: measured}`).",
        "readings of all kinds", "lower", why_not="it is what measured minutes are made of: require `weekly_minutes`",
    )
    for step in STEPS
)  # fmt: skip
"""A ladder of how long readings take."""


def _difference(name: str, title: str, definition: str, better: Literal["higher", "lower"], **more: Any) -> Metric:
    return Metric(
        name=name, title=title, definition=definition, kind="oversight_difference", better=better, unit="index",
        decides="why_not" not in more, denominator_name="readings", source=SOURCE, **more,
    )  # fmt: skip


REVIEW_DIFFERENCES: tuple[Metric, ...] = (
    _difference(
        "automation_bias", "How much more often reviewers are wrong for having seen a wrong answer",
        "`wrong_when_model_wrong` less `blind_wrong_when_model_wrong`; it decides only where chance said who sees the answer.", "lower",
    ),
    _difference(
        "augmentation", "What reviewers gain by the classifier",
        "Mean of recall and specificity of reviewers who see the answer, less that of those who do not; it decides only where chance "
        "said who sees it.", "higher",
    ),
    _difference(
        "synergy", "What both together gain over the better of the two",
        "Mean of recall and specificity of reviewers who see the answer, less the higher of that of those who do not and of the "
        "classifier's on the items read; it decides only where chance said who sees it.", "higher",
    ),
    _difference(
        "tiring_trend", "How much more often reviewers are wrong late in a shift than early",
        "`wrong_late_in_shift` less `wrong_early_in_shift`: what comes late in a shift less what comes early.", "lower", why_not=_ORDER,
    ),
    _difference(
        "weariness_trend", "How much more often reviewers are wrong in their last shifts than in their first",
        "`wrong_in_last_shifts` less `wrong_in_first_shifts`; below 0 where people learn.", "lower", why_not=_ORDER,
    ),
)  # fmt: skip
"""Made of several share rows (`metrics.oversight_differences`)."""
REVIEW_METRICS = (*REVIEW_SHARES, *ORDER_SHARES, *STEP_SHARES, *REVIEW_DIFFERENCES)
IN_GROUPS = (
    "reader_recall", "reader_specificity", "blind_reader_recall", "blind_reader_specificity", "dismissal_rate", "commission_rate",
)  # fmt: skip
"""Shares that are counted for groups too."""
