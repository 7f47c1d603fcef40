"""The deployment file: how a model is used, in the words of whoever uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from evalharness.admission.case import Deployment
from evalharness.files.fields import LONGEST_LABEL, Label, Text
from evalharness.files.shape import Shape
from evalharness.files.yaml import read_yaml, validate
from evalharness.records import Claim

SCHEMA = "evalharness/deployment/v1"


_ONE = {"type": ["string", "integer", "boolean"], "minLength": 1, "maxLength": LONGEST_LABEL}
_ONE_OR_MORE = {"anyOf": [_ONE, {"type": "array", "items": _ONE, "minItems": 1}]}


def _as_list(value: Any) -> Any:
    """One class, or several."""
    return tuple(value) if isinstance(value, list) else (value,)


class DeploymentShape(Shape):
    """How a model is used. Every key may be left out; a condition about what is left out does not hold."""

    schema_: Literal["evalharness/deployment/v1"] = Field("evalharness/deployment/v1", alias="schema")
    claim: Literal["rehearsal", "local", "shadow", "pilot"] | None = None
    stream: Text | None = Field(None, description="Where items come from.")
    volume_per_week: Annotated[int, Field(ge=0, le=10**12)] | None = Field(None, description="Items a week, at most.")
    unit: Text | None = Field(None, description="Who uses it.")
    threshold: Annotated[float, Field(allow_inf_nan=False)] | None = None
    budget_per_day: Annotated[int, Field(ge=1, le=10**9)] | None = Field(None, description="Leads of each day's queue that are looked at.")
    top_band: Label | None = Field(None, description="The level whose items are acted on first.")
    dual_review: Annotated[tuple[Label, ...], BeforeValidator(_as_list), Field(min_length=1), WithJsonSchema(_ONE_OR_MORE)] | None = Field(
        None, description="Classes of which every item is read by two people: one, or a list."
    )


def read_deployment(path: Path) -> Deployment:
    """Reads and checks a deployment file. Raises BadInput with every problem, placed `file:line:col`."""
    shape = validate(read_yaml(path), DeploymentShape)
    return Deployment(
        claim=None if shape.claim is None else Claim(shape.claim),
        stream=shape.stream,
        volume_per_week=shape.volume_per_week,
        unit=shape.unit,
        threshold=shape.threshold,
        budget_per_day=shape.budget_per_day,
        top_band=shape.top_band,
        dual_review=shape.dual_review,
    )


def deployment_json_schema() -> dict[str, Any]:
    """JSON Schema of the file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **DeploymentShape.model_json_schema(by_alias=True)}
