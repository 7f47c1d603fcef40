"""Attributes in a policy: one as text, or an intersection as a list of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from evalharness.files.fields import LONGEST_LABEL, refused


def _attributes(value: Any) -> tuple[str, ...]:
    """One attribute as text, or an intersection as a list of at least two."""
    if isinstance(value, str):
        return (_attribute(value),)
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise refused("an attribute, or a list of attributes for their intersection")
    if len(value) < 2:
        raise refused("a list of at least two attributes", f"write {value[0]} without the brackets" if value else "")
    if len(set(value)) < len(value):
        raise refused("an intersection of different attributes", "name each attribute once")
    return tuple(_attribute(v) for v in value)


def _attribute(value: str) -> str:
    if not value.strip() or len(value) > LONGEST_LABEL or "\n" in value:
        raise refused(f"the name of an attribute: one line of 1 to {LONGEST_LABEL} characters")
    return value


_ATTRIBUTE_SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST_LABEL}
Attributes = Annotated[
    tuple[str, ...],
    BeforeValidator(_attributes),
    WithJsonSchema({"anyOf": [_ATTRIBUTE_SCHEMA, {"type": "array", "items": _ATTRIBUTE_SCHEMA, "minItems": 2, "uniqueItems": True}]}),
]
