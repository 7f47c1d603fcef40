"""The counts in an evidence document, and how far they are from the best that the known truth allows."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from evalharness.evidence.beside import BesideParts
from evalharness.evidence.copied import CopiesPart
from evalharness.evidence.part import Count, GroupPart, Number, Part
from evalharness.evidence.shares import SharePart

LONGEST_SECOND = 4_095
"""Upper triangle of the outcomes of nine levels."""


class ConfusionPart(Part):
    """Counts of one group, of a task whose items are relevant or not."""

    group: GroupPart
    tp: Count
    fp: Count
    fn: Count
    tn: Count
    no_answer_positive: Count
    no_answer_negative: Count

    @property
    def counts(self) -> tuple[int, ...]:
        """The six counts, in the catalogue's order of outcomes."""
        return self.tp, self.fp, self.fn, self.tn, self.no_answer_positive, self.no_answer_negative


class OrdinalPart(Part):
    """Counts of one group, of a task with K rising levels."""

    group: GroupPart
    labels: tuple[str, ...]
    """The levels, rising."""
    matrix: tuple[tuple[Count, ...], ...]
    """K rows of true level, K columns of predicted level."""
    no_answer: tuple[Count, ...]
    """Items without an answer by true level."""

    @property
    def counts(self) -> tuple[int, ...]:
        """The counts, in the catalogue's order of outcomes: row by row, then those without an answer."""
        return (*(count for row in self.matrix for count in row), *self.no_answer)

    @model_validator(mode="after")
    def _square(self) -> OrdinalPart:
        size = len(self.labels)
        if [len(row) for row in self.matrix] != [size] * size or len(self.no_answer) != size:
            raise ValueError("the matrix and the items without an answer do not have one row for each level")
        return self


class MomentPart(Part):
    """Second moments of one group's clusters: the bounds can be recomputed from these and the counts."""

    group: GroupPart
    second: tuple[Count, ...] = Field(min_length=21, max_length=LONGEST_SECOND)
    """Upper triangle, row by row, of the sum over clusters of the outer product of the counts: 21 numbers for six outcomes."""
    clusters: dict[str, Count]
    """Clusters with an item in each denominator."""


class CountsPart(Part):
    """Counts under one condition. Those of an ordinal task are in `ordinal`, of any other in `confusion`."""

    confusion: tuple[ConfusionPart, ...] = ()
    ordinal: tuple[OrdinalPart, ...] = ()
    moments: tuple[MomentPart, ...]

    @field_validator("ordinal", mode="after")
    @classmethod
    def _there_or_absent(cls, value: Any) -> Any:
        """One way to say that there are none."""
        if not value:
            raise ValueError("counts of another task have no such name")
        return value

    @property
    def counted(self) -> tuple[ConfusionPart | OrdinalPart, ...]:
        """The counts of every group, whatever the task."""
        return self.ordinal or self.confusion


class OtherCountsPart(CountsPart):
    """The same items under another condition, perhaps of fewer groups."""

    condition: Annotated[str, Field(min_length=1)]
    """As in the estimates that follow from them: `at budget 10`."""


class StratumPart(CountsPart):
    """Items of the sample that were drawn with one chance."""

    inclusion: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class TalliesPart(CountsPart):
    """Counts: all that was kept of the rows. `confusion`, `ordinal` and `moments` are of the run as it stands."""

    queues: Annotated[int, Field(ge=1)] | None = None
    """Daily queues of the judged split; absent where nothing waits in queues."""
    beside: BesideParts = ()
    """Absent where no requirement is relative to another model."""
    others: tuple[OtherCountsPart, ...] = ()
    """Absent where every requirement is asked of the run as it stands."""
    copies: tuple[CopiesPart, ...] = ()
    """Pairs of items and their copies; absent where there are no copies, or where they were not answered. Copies are in no other count."""

    strata: tuple[StratumPart, ...] = ()
    """By rising chance, where items were drawn with different ones; they add up to the counts of the run. Absent otherwise."""
    shares: tuple[SharePart, ...] = ()
    """What people did with the answers, counted; absent where nobody counted it."""

    @field_validator("queues", mode="before")
    @classmethod
    def _queues_or_absent(cls, value: Any) -> Any:
        """One way to say that there are none."""
        if value is None:
            raise ValueError("counts without queues have no such name")
        return value

    @field_validator("others", "copies", "strata", "shares", mode="after")
    @classmethod
    def _others_or_absent(cls, value: Any) -> Any:
        """Likewise."""
        if not value:
            raise ValueError("counts of the run as it stands alone have no such name")
        return value


class AttainablePart(Part):
    """How the model compares with the best that the known truth allows.

    Binary and risk: at the model's own rate of false alarms, and at its own recall. Other tasks: `best` beside the `value` of `metric`.
    """

    group: GroupPart
    false_positive_rate: Number | None = None
    recall: Number | None = None
    best_recall: Number | None = None
    reason: str = ""
    positives: Count | None = None
    negatives: Count | None = None
    expected_positives: Number | None = None
    """Relevant items to be expected by the known truth."""
    best_false_positive_rate: Number | None = None
    """Least rate of false alarms at which anyone could be expected to find as many as the model."""
    metric: str = ""
    value: Number | None = None
    """What the model reached, an item without an answer being wrong."""
    best: Number | None = None
    """What anyone with the same inputs could be expected to reach."""
    n: Count | None = None
    """Items in the denominator of `metric`."""
