"""From answers to decisions: the operating point applied."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.answers import ANSWERED, Answers
from evalharness.records import OperatingPoint

SELECTED = 1
NOT_SELECTED = 0
NO_ANSWER = -1


def decide(answers: Answers, operating_point: OperatingPoint) -> NDArray[np.int8]:
    """[rows] 1 selected, 0 not selected, -1 no answer. Selected when `score >= threshold`, both float64, or when the label is positive.

    Raises Fault when the answers are not of the kind that the operating point needs.
    """
    if operating_point.rule == "label":
        return _by_label(answers)
    if answers.scores is None or operating_point.threshold is None:
        raise Fault(f"the rule {operating_point.rule!r} needs scores and a threshold")
    with np.errstate(invalid="ignore"):
        selected = (answers.scores >= np.float64(operating_point.threshold)).astype(np.int8)
    selected[np.isnan(answers.scores) | (answers.status != ANSWERED)] = NO_ANSWER
    return selected


def _by_label(answers: Answers) -> NDArray[np.int8]:
    if answers.labels is None:
        raise Fault("the rule 'label' needs labels")
    return np.where(answers.status == ANSWERED, answers.labels, np.int8(NO_ANSWER))
