"""The shape of `human_in_the_loop.exposure`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalharness.files.fields import Label
from evalharness.files.shape import Shape
from evalharness.records.oversight_exposure import ExposureLimits


class ExposureShape(Shape):
    """Which items are hard to look at, and how often one person is to see such in one shift: for `evaluate --reviews`."""

    severe: Literal["relevant"] | None = Field(None, description="relevant: every relevant item is severe. This, or severe_levels.")
    severe_levels: Annotated[tuple[Label, ...], Field(min_length=1)] | None = Field(
        None, description="Ordinal: items that truly are of these levels are severe."
    )
    views_per_shift_at_most: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        None, description="Views of severe items by one reviewer in one shift."
    )

    @property
    def record(self) -> ExposureLimits:
        """As a record."""
        return ExposureLimits(severe_levels=self.severe_levels or (), views_per_shift_at_most=self.views_per_shift_at_most)
