"""Shape of a threshold that is certified: `operating_point: {certify: …}`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from evalharness.files.shape import Shape
from evalharness.requirements.attributes import Attributes

Inside = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
UP = ("recall", "specificity", "precision")
DOWN = ("false_negative_rate", "false_positive_rate", "review_rate", "elusion")
USUAL_STEPS = 200


class TargetShape(Shape):
    """One promise: exactly one comparison."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]})

    metric: Literal["recall", "specificity", "false_negative_rate", "false_positive_rate", "review_rate", "precision", "elusion"]
    at_least: Inside | None = Field(None, description="Kept when the lower bound on the calibration split is at least this.")
    at_most: Inside | None = Field(None, description="Kept when the upper bound on the calibration split is at most this.")
    for_each: Annotated[tuple[Attributes, ...], Field(min_length=1)] | None = Field(
        None, description="Attributes, and lists of attributes for their intersections: every one of their groups must keep it."
    )


class CertifyShape(Shape):
    """A threshold that is found on the train split and certified on the calibration split, before the test."""

    targets: Annotated[tuple[TargetShape, ...], Field(min_length=1, max_length=4)]
    prefer: Literal["fewest_reviews", "most_found"] = Field(
        "fewest_reviews", description="Of all thresholds that keep the targets: the highest, or the lowest."
    )
    steps: Annotated[int, Field(ge=10, le=1000)] | None = Field(
        None, description=f"Candidates, tried one after the other until the first that fails; default: {USUAL_STEPS}."
    )
    grid: Annotated[int, Field(ge=5, le=100)] | None = Field(
        None, description="In place of steps: so many candidates, each tried at a level that allows for all of them."
    )
