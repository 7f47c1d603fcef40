"""What a classifier said about which records belong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.answers import Accounting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkAnswers:
    """Answers for a whole split of a linkage benchmark: a score for each candidate pair, or an entity for each record. Never both.

    Raises Fault when the arrays do not fit together: whoever makes a `LinkAnswers` must check the model's output first.
    """

    scores: NDArray[np.float64] | None
    """[candidate pairs], in the benchmark's order; NaN where there is no answer. Null when the classifier names entities."""
    entities: NDArray[np.int64] | None
    """[records] a number that records of one predicted entity share, -1 where there is no answer. Null when the classifier scores pairs."""
    status: NDArray[np.uint8]
    """[candidate pairs] or [records]: ANSWERED, MISSING, DUPLICATE or INVALID."""
    accounting: Accounting
    """Of the candidate pairs, or of the records. `invalid` counts pairs of a record with itself too, though they are no candidates."""
    self_pairs: int = 0
    """Rows that pair a record with itself."""

    def __post_init__(self) -> None:
        values = self.scores if self.entities is None else self.entities
        if values is None or (self.scores is not None and self.entities is not None):
            raise Fault("answers about links hold either scores of pairs or entities of records")
        if values.shape != self.status.shape or values.ndim != 1:
            raise Fault(f"answers about links: {values.shape} values and {self.status.shape} status codes")
