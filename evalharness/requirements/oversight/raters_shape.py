"""The shape of `human_in_the_loop.label_quality`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from evalharness.files.shape import Shape
from evalharness.records.oversight_raters import LabelQuality


class LabelQualityShape(Shape):
    """The people who labelled the items are counted beside the classifier."""

    goals: Literal["within_reach", "any"] = Field(
        description="within_reach: a goal above what the people who labelled reach themselves is not demonstrated; any: it is only shown."
    )

    @property
    def record(self) -> LabelQuality:
        """As a record."""
        return LabelQuality(goals=self.goals)
