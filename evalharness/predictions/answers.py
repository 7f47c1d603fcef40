"""What a classifier said about each item, and the account of what it did not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault

ANSWERED = 0
"""There is a usable score or label."""
MISSING = 1
"""The item is not among the predictions."""
DUPLICATE = 2
"""The item is there more than once, even if every row says the same."""
INVALID = 3
"""The score is not a number, out of range or unreadable; the label is not one of the benchmark's."""

STATUSES: tuple[int, ...] = (ANSWERED, MISSING, DUPLICATE, INVALID)

NO_LABEL = -1
"""Where `Answers.labels` has no label."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Answers to consecutive items, in the order of the benchmark: scores, labels, or for the task `risk` both.

    Raises Fault when the arrays do not fit together: whoever makes an `Answers` must check the model's output first.
    """

    scores: NDArray[np.float64] | None
    """[rows] NaN where there is no answer; null when the classifier gives no scores."""
    labels: NDArray[np.int8] | None
    """[rows] -1 where there is no answer; otherwise 1 positive and 0 the other, or for ordinal and risk the place of the level or band
    among the benchmark's `levels`, which rise. Null when the classifier gives no labels."""
    status: NDArray[np.uint8]
    """[rows] ANSWERED, MISSING, DUPLICATE or INVALID."""

    def __post_init__(self) -> None:
        given = [values for values in (self.scores, self.labels) if values is not None]
        if not given:
            raise Fault("answers hold neither scores nor labels")
        for values in given:
            if values.shape != self.status.shape or values.ndim != 1:
                raise Fault(f"answers: {values.shape} values and {self.status.shape} status codes")

    def __len__(self) -> int:
        return len(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """Every row of the predictions and every item of the judged split, accounted for."""

    rows: int
    """Rows in the file, or items put to the model."""
    answered: int
    """Items of the judged split with a usable answer."""
    missing: int
    """Items of the judged split without a prediction."""
    duplicate: int
    """Items of the judged split predicted more than once: no answer."""
    invalid: int
    """Items of the judged split whose score or label cannot be used: no answer."""
    extra: int = 0
    """Rows whose id the benchmark does not know."""
    other_split: int = 0
    """Rows whose id belongs to another split of the benchmark."""


def account(status: NDArray[np.uint8], *, rows: int, extra: int = 0, other_split: int = 0) -> Accounting:
    """Accounting of the items whose `status` codes are given."""
    counts = [int(np.count_nonzero(status == code)) for code in STATUSES]  # bincount would take 8 bytes an item
    return Accounting(
        rows=rows,
        answered=counts[ANSWERED],
        missing=counts[MISSING],
        duplicate=counts[DUPLICATE],
        invalid=counts[INVALID],
        extra=extra,
        other_split=other_split,
    )
