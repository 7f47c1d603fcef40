"""The shape of `human_in_the_loop.review_study`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from evalharness.files.fields import Digest, refused
from evalharness.files.shape import Shape
from evalharness.records.oversight_reviews import ReviewStudy

_Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def _rising(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2:
        raise refused("two numbers: [least, most]")
    if all(isinstance(end, int | float) for end in value) and value[0] >= value[1]:
        raise refused("two rising numbers: [least, most]")
    return tuple(value)


class ReviewStudyShape(Shape):
    """How the review log came about."""

    assigned: Digest | None = Field(None, description="sha256 of the list of what was assigned, made before anybody read.")
    reviewers: Literal["these", "all"] = Field("all", description="these: figures are about these reviewers and no others.")
    allocation: Literal["random", "as_it_came"] = Field(
        "as_it_came", description="random: chance said who sees the classifier's answer on which item."
    )
    prevalence_within: Annotated[tuple[_Rate, _Rate], BeforeValidator(_rising)] | None = Field(
        None, description="Share of relevant items among what is read that is as at work: [least, most]."
    )
    slowest_seconds: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 1_800.0

    @property
    def record(self) -> ReviewStudy:
        """As a record."""
        return ReviewStudy(
            assigned=self.assigned or "", these=self.reviewers == "these", by_chance=self.allocation == "random",
            prevalence_within=self.prevalence_within, slowest_seconds=self.slowest_seconds,
        )  # fmt: skip
