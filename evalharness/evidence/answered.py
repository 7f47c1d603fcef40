"""What became of every answer of the classifier, in evidence."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from evalharness.evidence.part import Count, Part


class BlindPart(Part):
    """Answers that came back under the fresh ids of a blind export, and what those to canaries betray."""

    export: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    practice: bool
    """Whether the export was made of a public recipe and seed."""
    canaries: Count
    """Items in no count, whose labels were drawn by lot and are known to the key alone."""
    answered: Count
    agreeing: Count
    p_value: Annotated[float, Field(ge=0, le=1)]
    """Chance of at least so much agreement with labels that nobody was given."""


class PredictionsPart(Part):
    """What became of every answer. Answered, missing, duplicate and invalid are of the judged items and add up to `items`."""

    rows: Count
    """Answers given: rows of the predictions file, or items scored."""
    items: Count
    """Items of the judged split, labelled or not."""
    answered: Count
    missing: Count
    duplicate: Count
    invalid: Count
    extra: Count
    other_split: Count
    blind: BlindPart | None = None
    """Absent unless the answers came back through a blind export."""

    @field_validator("blind", mode="after")
    @classmethod
    def _there_or_absent(cls, value: Any) -> Any:
        """One way to say that there was none."""
        if value is None:
            raise ValueError("answers that were not blind have no such name")
        return value
