"""What the front matter of a model card may hold."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from evalharness.files.fields import Digest, Label, Text, refused
from evalharness.files.shape import Shape
from evalharness.records import CLAIMED_FIGURES

Figure = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]

ADAPTER = re.compile(r"[a-z][a-z0-9_-]{1,63}")
"""Name of an adapter: an entry point in `evalharness.adapters`."""

HUGGING_FACE_KEYS = (
    "base_model", "base_model_relation", "co2_eq_emissions", "datasets", "description", "extra_gated_fields", "extra_gated_prompt",
    "inference", "language", "library_name", "license", "license_link", "license_name", "metrics", "mask_token", "model-index",
    "model_name", "model_type", "new_version", "pipeline_tag", "pretty_name", "tags", "thumbnail", "widget",
)  # fmt: skip
"""Keys of Hugging Face model cards (github.com/huggingface/hub-docs, modelcard.md). Others pass, unless nearly one of these."""


def _adapter(value: Any) -> Any:
    if isinstance(value, str) and ADAPTER.fullmatch(value) is None:
        raise refused("the name of an adapter: a-z, 0-9, '-' and '_'")
    return value


class ClaimShape(Shape):
    """Figures that the supplier states of one test."""

    source: Text
    figures: Annotated[dict[str, Figure], Field(min_length=1, max_length=len(CLAIMED_FIGURES))]
    decimals: Annotated[int, Field(ge=1, le=12)] | None = None
    """To how many decimals the figures were rounded; where it is not said, as many as each of them shows."""
    items: Annotated[int, Field(ge=1, le=10**12)] | None = None
    relevant: Annotated[int, Field(ge=0, le=10**12)] | None = None


class HarnessBlock(Shape):
    """The `evalharness:` block of a card."""

    adapter: Annotated[str, BeforeValidator(_adapter)]
    artifact: Text
    sha256: Digest
    version: Label
    family: Text = ""
    supplier: Text = ""
    team: tuple[Label, ...] = ()
    classes: Annotated[tuple[Label, ...], Field(min_length=2, max_length=1000)] | None = None
    score: Text = ""
    score_range: Literal["unit", "any"] = "unit"
    bands: Annotated[dict[Label, Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=100)] | None = None
    """For risk: where each band begins on the model's own score."""
    inputs: tuple[Label, ...] = ()
    vendor_artifact_sha256: Digest | None = None
    claims: Annotated[tuple[ClaimShape, ...], Field(max_length=50)] = ()


class FrontMatter(Shape):
    """All of the front matter: Hugging Face's keys are carried along as they are."""

    model_config = ConfigDict(extra="allow")

    evalharness: HarnessBlock
