"""The shape of `human_in_the_loop.people`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evalharness.files.shape import Shape
from evalharness.records.oversight_people import PeopleLimits
from evalharness.requirements.oversight.bands_shape import BandName

_Days = Annotated[float, Field(gt=0, le=36_500, allow_inf_nan=False)]
_Hours = Annotated[float, Field(gt=0, le=876_000, allow_inf_nan=False)]


class PeopleShape(Shape):
    """Times for what is done about the people in the items, for `evaluate --people`."""

    delete_within_days: _Days | None = Field(None, description="An item selected wrongly is deleted within so many days of its arrival.")
    contact_within_hours: _Hours | None = Field(None, description="A person is contacted within so many hours of being identified.")
    second_look_days: _Days | None = Field(None, description="An item set aside is opened all the same within so many days of its arrival.")
    open_within_hours: Annotated[dict[BandName, _Hours], Field(min_length=1)] | None = Field(
        None, description="By band (or to_a_person): an item is opened within so many hours of its arrival."
    )

    @property
    def record(self) -> PeopleLimits:
        """As a record."""
        return PeopleLimits(
            delete_within_days=self.delete_within_days,
            contact_within_hours=self.contact_within_hours,
            second_look_days=self.second_look_days,
            open_within_hours=None if self.open_within_hours is None else tuple(sorted(self.open_within_hours.items())),
        )
