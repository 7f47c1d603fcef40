"""The shape of `human_in_the_loop.work`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalharness.files.shape import Shape
from evalharness.records.oversight_work import EVEN, Work
from evalharness.requirements.oversight.bands_shape import BandName

Hours = Annotated[float, Field(gt=0, le=87_600, allow_inf_nan=False)]


class WorkShape(Shape):
    """The people that there are for the reading."""

    officers: Annotated[int, Field(ge=1, le=1_000_000)]
    minutes_per_shift: Annotated[float, Field(gt=0, le=1_440, allow_inf_nan=False, description="Of reading, for one officer.")]
    shifts_per_week: Annotated[float, Field(gt=0, le=21, allow_inf_nan=False, description="Of one officer.")]

    minutes: Literal["declared", "measured"] | None = Field(
        None, description="measured: a reading takes as long as the review log says; declared (default): minutes_per_review."
    )
    arrivals: Literal["even", "office_hours"] | None = Field(
        None, description="For the queue: items arrive evenly through the week (default), or Monday to Friday from 08:00 to 18:00."
    )
    deadline_hours: Annotated[dict[BandName, Hours], Field(min_length=1)] | None = Field(
        None, description="Band with readers, or to_a_person -> hours within which its items are to be opened. It decides nothing."
    )

    @property
    def record(self) -> Work:
        """As a record."""
        return Work(
            officers=self.officers,
            minutes_per_shift=self.minutes_per_shift,
            shifts_per_week=self.shifts_per_week,
            measured=self.minutes == "measured",
            arrivals=self.arrivals or EVEN,
            deadlines=tuple(sorted((self.deadline_hours or {}).items())),
        )
