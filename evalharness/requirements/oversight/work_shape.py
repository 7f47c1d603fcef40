"""The shape of `human_in_the_loop.work`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evalharness.files.shape import Shape
from evalharness.records.oversight_work import Work


class WorkShape(Shape):
    """The people that there are for the reading."""

    officers: Annotated[int, Field(ge=1, le=1_000_000)]
    minutes_per_shift: Annotated[float, Field(gt=0, le=1_440, allow_inf_nan=False, description="Of reading, for one officer.")]
    shifts_per_week: Annotated[float, Field(gt=0, le=21, allow_inf_nan=False, description="Of one officer.")]

    @property
    def record(self) -> Work:
        """As a record."""
        return Work(officers=self.officers, minutes_per_shift=self.minutes_per_shift, shifts_per_week=self.shifts_per_week)
