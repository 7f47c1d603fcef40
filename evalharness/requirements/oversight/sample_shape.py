"""The shape of what a policy states before a sample of the piles is drawn."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalharness.files.shape import Shape
from evalharness.records.oversight_sample import Sampling

Believed = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class CodersShape(Shape):
    """What share of the relevant items that they read coders recognise, without score, pile or reviewer's word."""

    low: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    source: Literal["declared"] = Field(description="declared: nobody has measured it; what rests on it decides rehearsals only.")


class BelievedShape(Shape):
    """By pile, the share of its items that is believed to be relevant."""

    set_aside: Believed
    reviewed_negative: Believed | None = None
    reviewed_positive: Believed | None = None
    selected: Believed | None = Field(None, description="Where the register does not say what reviewers said.")


class SamplingShape(Shape):
    """How large a sample of every pile is drawn, and what is taken for granted of those who code it."""

    coder_sensitivity: CodersShape
    power: Annotated[float, Field(ge=0.5, lt=1, allow_inf_nan=False)] = Field(
        0.8, description="Chance with which the sample shall show each requirement on it, if `expected` is true."
    )
    expected: BelievedShape = Field(description="What the sizes are reckoned from; it decides nothing.")


def sampling_record(shape: SamplingShape | None) -> Sampling | None:
    """None where the policy has no such block."""
    if shape is None:
        return None
    expected = {name: value for name, value in shape.expected.model_dump().items() if value is not None}
    return Sampling(sensitivity_low=shape.coder_sensitivity.low, power=shape.power, expected=tuple(sorted(expected.items())))
