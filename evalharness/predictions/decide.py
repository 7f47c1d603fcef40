"""From answers to decisions, item by item. A daily budget needs whole queues (`queues`), linkage pairs of records (`links`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.answers import ANSWERED, Answers
from evalharness.records import OperatingPoint

SELECTED = 1
NOT_SELECTED = 0
NO_ANSWER = -1


def decide(answers: Answers, operating_point: OperatingPoint, levels: Sequence[str] = ()) -> NDArray[np.int8]:
    """[rows] the decision on each item, -1 for no answer.

    `score >= threshold`: 1 selected, 0 not, both numbers float64. `label`: the label's code as it stands (binary: 1 selected; ordinal: the
    level). `top_band`: 1 where the band is the one that the operating point names among `levels`, 0 elsewhere.
    Raises Fault when the answers are not of the kind that the operating point needs.
    """
    rule = operating_point.rule
    if rule == "label":
        return _labels(answers, rule)
    if rule == "top_band":
        return _in_top_band(_labels(answers, rule), operating_point, levels)
    if rule != "score >= threshold":
        raise Fault(f"the rule {rule!r} does not decide items one by one")
    if answers.scores is None or operating_point.threshold is None:
        raise Fault(f"the rule {rule!r} needs scores and a threshold")
    with np.errstate(invalid="ignore"):
        selected = (answers.scores >= np.float64(operating_point.threshold)).astype(np.int8)
    selected[np.isnan(answers.scores) | (answers.status != ANSWERED)] = NO_ANSWER
    return selected


def _labels(answers: Answers, rule: str) -> NDArray[np.int8]:
    if answers.labels is None:
        raise Fault(f"the rule {rule!r} needs labels")
    return np.where(answers.status == ANSWERED, answers.labels, np.int8(NO_ANSWER))


def _in_top_band(bands: NDArray[np.int8], operating_point: OperatingPoint, levels: Sequence[str]) -> NDArray[np.int8]:
    if operating_point.top_band not in levels:
        raise Fault(f"the band {operating_point.top_band!r} is none of the levels")
    top = levels.index(operating_point.top_band)
    return np.where(bands == NO_ANSWER, np.int8(NO_ANSWER), (bands == top).astype(np.int8))
