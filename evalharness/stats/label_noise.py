"""What imperfect labels do to a measured recall (Rogan and Gladen 1978), if labels err independently of the classifier.

That is false where annotators saw its answers, or find the same items hard: then nothing here holds.
"""

from __future__ import annotations

from typing import NamedTuple


class Table(NamedTuple):
    """Shares of all items."""

    positive: float
    """Relevant."""
    selected_positive: float
    """Relevant and selected."""
    selected_negative: float
    """Not relevant, and selected."""


def measured_recall(true: Table, sensitivity: float, specificity: float) -> float | None:
    """Recall against labels that call `sensitivity` of the relevant items and 1 - `specificity` of the others relevant.

    [pi se R + (1-pi)(1-sp) F] / [pi se + (1-pi)(1-sp)]; None where nothing would be labelled relevant.
    """
    false = 1 - specificity
    labelled = true.positive * sensitivity + (1 - true.positive) * false
    found = true.selected_positive * sensitivity + true.selected_negative * false
    return found / labelled if labelled > 0 else None


def true_recall(measured: Table, sensitivity: float, specificity: float) -> float | None:
    """The inverse: recall of what is truly relevant, from what was measured against such labels.

    None where no items with such labels could have given the counts (a share outside [0, 1]), or where labels tell nothing.
    """
    told = sensitivity + specificity - 1
    if told <= 0:
        return None
    selected = measured.selected_positive + measured.selected_negative
    positive = (measured.positive - (1 - specificity)) / told
    found = (measured.selected_positive - (1 - specificity) * selected) / told
    rest = selected - found
    possible = positive > 0 and 0 <= found <= positive and 0 <= rest <= 1 - positive
    return found / positive if possible else None
