"""The shape of bands in a policy: what happens to an item by its score or grade."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from evalharness.files.fields import Label, Text, refused
from evalharness.files.shape import Shape

MOST_BANDS = 8
POINT = "operating_point"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def _name(value: Any) -> Any:
    if isinstance(value, str) and _NAME.fullmatch(value) is None:
        raise refused("a word of a-z, 0-9 and '_', starting with a letter, at most 32 long")
    return value


def _cut(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not number and value != POINT:
        raise refused(f"a score, or {POINT}")
    return float(value) if number else value


BandName = Annotated[str, BeforeValidator(_name), Field(json_schema_extra={"pattern": f"^{_NAME.pattern}$"})]
Cut = Annotated[float | str, BeforeValidator(_cut), WithJsonSchema({"anyOf": [{"type": "number"}, {"const": POINT}]})]
Days = Annotated[int, Field(ge=1, le=3650)]


class SpotCheckShape(Shape):
    """Items of a band without readers that are opened all the same."""

    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    readers: Annotated[int, Field(ge=1, le=2)] = 1
    blind: bool = Field(description="Whether they are read without the classifier's answer.")


class BandShape(Shape):
    """One band; an item is in the first that takes it."""

    name: BandName
    from_: Cut | None = Field(None, alias="from", description="Takes scores of at least this; operating_point: whatever is selected.")
    levels: Annotated[tuple[Label, ...], Field(min_length=1)] | None = Field(
        None, description="Ordinal, risk: takes these levels that the classifier gives."
    )
    within_budget: Literal[True] | None = Field(None, description="Ranking: takes the leads that are worked on their day.")
    rest: Literal[True] | None = Field(None, description="Takes whatever is left; the last band alone.")
    readers: Annotated[int, Field(ge=0, le=2)] = Field(description="People who read each item before anything is decided.")
    shown: bool | None = Field(None, description="Whether readers see the classifier's answer; default: they do.")
    third_reader: Literal["disagreement"] | None = Field(None, description="With two readers: who decides where they disagree.")
    opened_within_days: Days | None = Field(None, description="Without readers: a person opens every item inside so many days.")
    spot_check: SpotCheckShape | None = Field(None, description="Without readers: a share that is opened.")


class DeferShape(Shape):
    """Items that the classifier is unsure of go to a person."""

    within: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = Field(
        description="Items whose score is nearer than this to the threshold."
    )


class MachineClosesShape(Shape):
    """The statement that items are closed without any person."""

    why: Text
