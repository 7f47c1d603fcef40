"""JSON Schema of compare.json: the records that it is made of, with their own names and types."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from evalharness.records import Caution
from evalharness.records.comparison import ComparedFinding, OrderPair
from evalharness.records.cost_ratio import CostRatio
from evalharness.records.paired import BothFinding, Disagreement, PairedFinding
from evalharness.report.compared.document import ESTIMATE, SCHEMA

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "number"}
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
_FLAG: dict[str, Any] = {"type": "boolean"}
_MAYBE: dict[str, Any] = {"type": ["number", "null"]}
_GROUP: dict[str, Any] = {"type": "object", "additionalProperties": _TEXT}
_RECORDS = (PairedFinding, BothFinding, Disagreement, ComparedFinding, CostRatio, OrderPair, Caution)


def comparison_json_schema() -> dict[str, Any]:
    """JSON Schema of compare.json."""
    attempts = _list(_object(model=_TEXT, attempt=_WHOLE, level=_NUMBER))
    estimate = _object(**dict.fromkeys(ESTIMATE, _TEXT))
    estimate["properties"] |= dict.fromkeys(("value", "lower", "upper"), _MAYBE) | dict.fromkeys(("level", "n_eff"), _NUMBER)
    estimate["properties"] |= dict.fromkeys(("n", "clusters"), _WHOLE)
    model = _object(
        name=_TEXT, version=_TEXT, digest=_TEXT, card={"type": ["string", "null"]}, incumbent=_FLAG, level=_NUMBER,
        cautions=_list(_ref(Caution)), verdict=_TEXT, answered=_WHOLE, no_answer=_WHOLE, dominated_by=_list(_TEXT),
        estimates=_list(estimate), findings=_list(_ref(ComparedFinding)),
    )  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "compare.json: several models on the same items; practice or part of a campaign, never evidence",
        "$defs": _definitions(),
        **_object(
            schema={"const": SCHEMA},
            note=_TEXT,
            evidence={"const": False},
            claim=_TEXT,
            created=_TEXT,
            policy=_object(name=_TEXT, version=_WHOLE, digest=_TEXT),
            benchmark=_object(name=_TEXT, digest=_TEXT, task=_TEXT, split=_TEXT, items=_WHOLE, unlabelled=_WHOLE, clustered=_FLAG),
            incumbent=_TEXT,
            dominance=_object(metrics=_list(_TEXT), on=_TEXT),
            margin=_object(value=_NUMBER, stated=_FLAG),
            confidence=_NUMBER,
            practice=_FLAG,
            attempt={"type": ["integer", "null"]},
            attempts_spent=attempts,
            attempts_if_signed=attempts,
            models=_list(model),
            paired=_list(_ref(PairedFinding)),
            together=_object(metrics=_list(_TEXT), findings=_list(_ref(BothFinding))),
            disagreements=_list(_ref(Disagreement)),
            costs={"anyOf": [_ref(CostRatio), {"type": "null"}]},
            orders=_list(_ref(OrderPair)),
            notices=_list(_TEXT),
        ),
    }


def _definitions() -> dict[str, Any]:
    """The records by name. Every name is there in every document; a group is an object."""
    found: dict[str, Any] = {}
    for record in _RECORDS:
        schema = TypeAdapter(record).json_schema(ref_template="#/$defs/{model}")
        found |= schema.pop("$defs", {})
        found[record.__name__] = schema
    for schema in found.values():
        if "properties" in schema:
            schema["required"] = sorted(schema["properties"])
            schema["additionalProperties"] = False
            if "group" in schema["properties"]:
                schema["properties"]["group"] = _GROUP
            for told in schema["properties"].values():
                told.pop("default", None)
                told.pop("title", None)
    return found


def _ref(record: type) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{record.__name__}"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}
