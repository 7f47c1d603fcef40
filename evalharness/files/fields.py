"""Kinds of field that files share: names, texts, labels, digests, dates."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from evalharness.digests import DIGEST_PATTERN
from evalharness.files.names import NAME, NAME_RULE

LONGEST_TEXT = 2000
LONGEST_LABEL = 200
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def refused(wanted: str, hint: str = "") -> PydanticCustomError:
    """An error for a validator to raise: `wanted` is told as what was expected."""
    return PydanticCustomError("refused", "expected {wanted}", {"wanted": wanted, "hint": hint})


def _name(value: Any) -> Any:
    if isinstance(value, str) and NAME.fullmatch(value) is None:
        raise refused(NAME_RULE)
    return value


def _text(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        if not value or len(value) > LONGEST_TEXT:
            raise refused(f"text of 1 to {LONGEST_TEXT} characters")
    return value


def _label(value: Any) -> Any:
    """Text; whole numbers in decimal, booleans as true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise refused("text, a whole number, true or false", "put it in quotes" if isinstance(value, float) else "")
    if not value.strip() or len(value) > LONGEST_LABEL or "\n" in value:
        raise refused(f"one line of 1 to {LONGEST_LABEL} characters")
    return value


def _digest(value: Any) -> Any:
    if isinstance(value, str) and DIGEST_PATTERN.fullmatch(value) is None:
        raise refused("'sha256:' and 64 lower-case hexadecimal digits")
    return value


def _date(value: Any) -> date:
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # the form is right, the day does not exist: refused below
    raise refused("a date YYYY-MM-DD that exists")


Name = Annotated[str, BeforeValidator(_name), Field(json_schema_extra={"pattern": f"^{NAME.pattern}$"})]
"""Of a policy, model, benchmark or requirement."""
Text = Annotated[str, BeforeValidator(_text), Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_TEXT})]
"""Words for people; blanks at both ends are dropped. HTML is kept as it is: whoever shows it escapes it."""
Label = Annotated[
    str,
    BeforeValidator(_label),
    WithJsonSchema({"type": ["string", "integer", "boolean"], "minLength": 1, "maxLength": LONGEST_LABEL}),
]
"""An id, label, level or version as text."""
Digest = Annotated[str, BeforeValidator(_digest), Field(json_schema_extra={"pattern": f"^{DIGEST_PATTERN.pattern}$"})]
"""`sha256:` and 64 lower-case hex."""
IsoDate = Annotated[date, BeforeValidator(_date), PlainSerializer(date.isoformat), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, written YYYY-MM-DD."""
Count = Annotated[int, Field(ge=1, le=2**53)]
"""A whole number of at least one."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A number between 0 and 1."""
