"""Classifier and people together, in numbers that describe: for 1,000 items, by assumption, and by how good labels are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalharness.evidence.part import Count, Number, Part

RateName = Literal["kept", "found", "confirmed", "raised"]
ShareNumber = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
FIGURES = (
    "read", "found_and_kept", "found_and_dismissed", "missed_and_caught", "missed_by_both", "wrongly_put_before_readers", "wrongly_kept",
    "relevant", "together_found", "model_alone_found", "model_alone_wrongly_kept", "people_alone_found", "people_alone_wrongly_kept",
)  # fmt: skip
"""What is told of 1,000 items."""
DRAWN = (*FIGURES, "recall", "false_alarms")


class ReaderRatePart(Part):
    """How often readers call items of one kind relevant: relevant ones shown as selected (kept) or blind (found), others likewise
    (confirmed, raised)."""

    rate: RateName
    source: Literal["measured", "declared"]
    low: ShareNumber
    value: ShareNumber
    high: ShareNumber


class AssumptionPart(Part):
    """One declared figure at either end, all others in the middle."""

    assumption: Literal["kept", "found", "confirmed", "raised", "fatigue_drop", "low_prevalence_drop"]
    low: ShareNumber
    high: ShareNumber
    recall_at_low: ShareNumber
    recall_at_high: ShareNumber
    false_alarms_at_low: ShareNumber
    false_alarms_at_high: ShareNumber


class LabelsPart(Part):
    """Labels that are right so often, independently of the classifier."""

    sensitivity: ShareNumber
    specificity: ShareNumber
    recall: ShareNumber | None
    """What recall truly is, had these labels been such; null: such labels could not have given these counts."""
    measured: ShareNumber | None
    """What recall such labels would measure, were these right."""


class DrawsPart(Part):
    """5 % and 95 % points over draws; only a replay makes them again."""

    draws: Count
    low: dict[str, Number]
    high: dict[str, Number]

    @model_validator(mode="after")
    def _all_figures(self) -> DrawsPart:
        if set(self.low) != set(DRAWN) or set(self.high) != set(DRAWN):
            raise ValueError("not the figures that are drawn")
        return self


class CurrentProcessPart(Part):
    """How the work is done today, as declared, in 1,000 of these items."""

    found_low: Number
    found_high: Number
    wrongly_kept_low: Number
    wrongly_kept_high: Number


class AlonePart(Part):
    """What an item costs on average in one unit, by who decides; `together` is the value of `team_cost`."""

    unit: str
    model_alone: Number
    """What it selects is acted on."""
    people_alone: Number
    """All is read, without the classifier."""
    together: Number | None
    """Null where it has no value."""
    current_low: Number | None = None
    """As the work is done today, at the ends of what is declared; absent where nothing is."""
    current_high: Number | None = None


class TeamPart(Part):
    """Of everybody."""

    readers: Annotated[tuple[ReaderRatePart, ...], Field(min_length=4, max_length=4)]
    per_1000: dict[str, Number]
    sensitivity: Annotated[tuple[AssumptionPart, ...], Field(max_length=6)]
    """What moves recall most comes first."""
    imperfect_labels: Annotated[tuple[LabelsPart, ...], Field(max_length=40)]
    draws: DrawsPart
    current_process: CurrentProcessPart | None = None
    """Absent where the policy says nothing of it."""
    costs: Annotated[tuple[AlonePart, ...], Field(min_length=1)] | None = None
    """By unit, in the order of the policy; absent where it states none, and of grades."""

    @model_validator(mode="after")
    def _all_figures(self) -> TeamPart:
        if set(self.per_1000) != set(FIGURES):
            raise ValueError("not the figures of 1,000 items")
        return self
