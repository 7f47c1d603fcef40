"""What an adapter promises of its answers, said once: the conformance check asserts it, and every evaluation enforces it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks.batch import Column
from evalharness.predictions.answers import ANSWERED, STATUSES, Accounting, Answers, account
from evalharness.records import OperatingPoint

if TYPE_CHECKING:
    from evalharness.adapters.protocol import Classifier
    from evalharness.benchmarks.batch import Batch


class PromiseBroken(AssertionError):
    """An adapter did not keep a promise of the protocol; the message says which."""


def promise(kept: bool, text: str) -> None:
    """Raises PromiseBroken unless the promise is kept."""
    if not kept:
        raise PromiseBroken(f"not kept: {text}")


def columns_of(classifier: Classifier) -> frozenset[Column]:
    """What the classifier asks a batch to hold."""
    wanted: list[Column] = []
    if classifier.needs_ids:
        wanted.append("ids")
    if classifier.needs_features:
        wanted.append("features")
    return frozenset(wanted)


def values_of(answers: Answers) -> NDArray[Any]:
    """The scores, or the labels."""
    return np.asarray(answers.labels if answers.scores is None else answers.scores)


def check_answers(answers: object, batch: Batch, operating_point: OperatingPoint, *, unit_range: bool) -> Answers:
    """The answers, if they are in order: an Answers of the batch's length, of the kind that the operating point needs, with known status
    codes, and a value exactly where the status is ANSWERED; in [0, 1] where `unit_range`. Raises PromiseBroken otherwise.
    """
    where = f"rows {batch.start + 1} to {batch.start + batch.rows}"
    if not isinstance(answers, Answers):
        raise PromiseBroken(f"not kept: {where}: answers are an Answers, not {type(answers).__name__}")
    promise(len(answers) == batch.rows, f"{where}: {batch.rows} items get {batch.rows} answers, not {len(answers)}")
    promise(answers.status.dtype == np.uint8, f"{where}: status codes are uint8, not {answers.status.dtype}")
    promise(bool(np.isin(answers.status, STATUSES).all()), f"{where}: status codes are {STATUSES}")
    if operating_point.rule == "label":
        promise(answers.labels is not None and answers.labels.dtype == np.int8, f"{where}: the rule 'label' gets int8 labels")
        present = np.isin(values_of(answers), (0, 1))
    else:
        promise(answers.scores is not None and answers.scores.dtype == np.float64, f"{where}: a threshold gets float64 scores")
        present = np.isfinite(values_of(answers))
        inside = (values_of(answers)[present] >= 0) & (values_of(answers)[present] <= 1)
        promise(not unit_range or bool(inside.all()), f"{where}: a score outside [0, 1] is INVALID, unless the card says score_range: any")
    promise(np.array_equal(present, answers.status == ANSWERED), f"{where}: there is a usable value exactly where the status is ANSWERED")
    return answers


def check_accounting(accounting: object, status: NDArray[np.uint8]) -> Accounting:
    """The accounting, if it agrees with the status codes of the whole split. Raises PromiseBroken otherwise."""
    if not isinstance(accounting, Accounting):
        raise PromiseBroken(f"not kept: the accounting is an Accounting, not {type(accounting).__name__}")
    expected = account(status, rows=accounting.rows, extra=accounting.extra, other_split=accounting.other_split)
    promise(accounting == expected, f"the accounting agrees with the status codes: {accounting}, expected {expected}")
    promise(min(accounting.rows, accounting.extra, accounting.other_split) >= 0, "no count is negative")
    return accounting
