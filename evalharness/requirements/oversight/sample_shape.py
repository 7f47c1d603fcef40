"""The shape of what a policy states before a sample of the piles is drawn."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from evalharness.files.fields import refused
from evalharness.files.shape import Shape
from evalharness.records.oversight_sample import About, Coders, Sampling

Believed = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class CodersShape(Shape):
    """What share of the relevant items that they read coders recognise, without score, pile or reviewer's word."""

    low: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    source: Coders = Field(
        description="declared: nobody has measured it; what rests on it decides rehearsals only. double_coded: two code every item, and "
        "what they contradict each other on is told; what both overlook is not, so it is declared all the same. seeded: seeds measure it."
    )
    seeds: Annotated[int, Field(ge=20, le=2000)] | None = Field(
        None, description="With source seeded: how many items known to be relevant are mixed into the sheet."
    )


class BelievedShape(Shape):
    """By pile, the share of its items that is believed to be relevant."""

    set_aside: Believed
    reviewed_negative: Believed | None = None
    reviewed_positive: Believed | None = None
    selected: Believed | None = Field(None, description="Where the register does not say what reviewers said.")


class StoppingShape(Shape):
    """When coding may stop."""

    looks: Annotated[tuple[Annotated[int, Field(ge=20, le=1_000_000)], ...], Field(min_length=2, max_length=10)] = Field(
        description="Lines of the sheet after which it may be taken back, rising; each is judged at an equal part of the error."
    )

    @field_validator("looks")
    @classmethod
    def _rising(cls, looks: tuple[int, ...]) -> tuple[int, ...]:
        if list(looks) != sorted(set(looks)):
            raise refused("numbers that rise")
        return looks


class SamplingShape(Shape):
    """How large a sample of every pile is drawn, and what is taken for granted of those who code it."""

    coder_sensitivity: CodersShape
    power: Annotated[float, Field(ge=0.5, lt=1, allow_inf_nan=False)] = Field(
        0.8, description="Chance with which the sample shall show each requirement on it, if `expected` is true."
    )
    expected: BelievedShape = Field(description="What the sizes are reckoned from; it decides nothing.")
    about: About = Field(
        "this_pile",
        description="this_pile: what is said is about the piles of the period. the_stream: about what the period is a part of; the "
        "register says which items belong to one case.",
    )
    stopping: StoppingShape | None = Field(None, description="Absent: the sheet is taken back once, when all of it was coded.")


def sampling_record(shape: SamplingShape | None) -> Sampling | None:
    """None where the policy has no such block."""
    if shape is None:
        return None
    expected = {name: value for name, value in shape.expected.model_dump().items() if value is not None}
    coders = shape.coder_sensitivity
    return Sampling(
        sensitivity_low=coders.low,
        power=shape.power,
        expected=tuple(sorted(expected.items())),
        coders=coders.source,
        seeds=coders.seeds or 0,
        about=shape.about,
        looks=() if shape.stopping is None else shape.stopping.looks,
    )
