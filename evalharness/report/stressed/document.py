"""stress.json: everything that a stress run found, RFC 8785 canonical."""

from __future__ import annotations

from typing import Any

from evalharness.digests import canonical_json
from evalharness.records import group_as_json
from evalharness.records.stress import Stress, StressFinding, StressRequirement, StressRun
from evalharness.report.stressed.words import NEVER_EVIDENCE, ONE_EACH

SCHEMA = "evalharness/stress/v1"


def document_bytes(stress: Stress) -> bytes:
    """stress.json."""
    return canonical_json(stress_document(stress))


def stress_document(stress: Stress) -> dict[str, Any]:
    """Plain JSON values. Margins are in the metric's own unit, below 0 on the wrong side of the goal; sizes are the recipe's."""
    return {
        "schema": SCHEMA,
        "note": NEVER_EVIDENCE,
        "evidence": False,
        "key": stress.key,
        "created": stress.created,
        "policy": {"name": stress.policy, "version": stress.policy_version, "digest": stress.policy_digest},
        "model": {"name": stress.model, "digest": stress.model_digest},
        "benchmark": {
            "name": stress.benchmark,
            "recipe": stress.recipe_digest,
            "family": stress.family,
            "task": stress.task,
            "seed": stress.seed,
            "split": stress.split,
        },
        "level": stress.confidence,
        "items": stress.items,
        "design": {"method": stress.sampler, "settings": len(stress.design)},
        "multiplicity": ONE_EACH,
        "dials": [
            {
                "name": dial.name,
                "of": group_as_json(dial.of),
                "range": [dial.low, dial.high],
                "own": dial.own,
                "prevalence_when_off": dial.prevalence,
                "changes_what_is_counted": dial.name not in stress.inert,
            }
            for dial in stress.dials
        ],
        "fixed": list(stress.fixed),
        "left_out": list(stress.left_out),
        "exempted": [{"requirement": name, "group": group_as_json(group)} for name, group in stress.exempted],
        "verdict": {
            "outcome": str(stress.outcome),
            "own": str(stress.own.outcome),
            "settings": {str(outcome): count for outcome, count in stress.verdicts},
            "worst_setting": stress.worst_setting,
        },
        "requirements": [_requirement(each) for each in stress.requirements],
        "tipping": {
            "method": stress.method,
            "points": [
                {
                    "requirement": found.requirement,
                    "dial": found.dial,
                    "tips": [
                        {"rising": tip.rising, "last_met": tip.last_met, "first_not": tip.first_not, "outcome": str(tip.outcome)}
                        for tip in found.tips
                    ],
                    "reason": found.reason,
                }
                for found in stress.tipping
            ],
        },
        "own": _run(stress.own),
        "settings": [_run(run) for run in stress.design],
        "one_dial_at_a_time": [_run(run) for run in stress.alone],
    }


def _requirement(each: StressRequirement) -> dict[str, Any]:
    return {
        "id": each.id,
        "metric": each.metric,
        "comparison": each.comparison,
        "bound": each.bound,
        "unit": each.unit,
        "for_each": [list(attributes) for attributes in each.for_each],
        "between": list(each.between),
        "condition": each.condition,
        "demanded_over_range": each.demanded,
        "own": _finding(each.own),
        "settings": {str(outcome): count for outcome, count in each.outcomes},
        "over_range": str(each.over_range),
        "worst_setting": each.worst_setting,
        "worst": _finding(each.worst),
    }


def _run(run: StressRun) -> dict[str, Any]:
    return {
        "name": run.setting.name,
        "sizes": dict(run.setting.sizes),
        "seed": run.setting.seed,
        "items": run.items,
        "counts": run.counts,
        "outcome": str(run.outcome),
        "findings": [_finding(finding) for finding in run.findings],
    }


def _finding(finding: StressFinding) -> dict[str, Any]:
    names = ("requirement", "value", "decides", "margin", "n", "findings", "met", "reason")
    return {
        **{name: getattr(finding, name) for name in names},
        "outcome": str(finding.outcome),
        "group": group_as_json(finding.group),
    }


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "number"}
_MAYBE = {"type": ["number", "null"]}
_OUTCOME = {"enum": ["not_met", "not_evaluable", "not_demonstrated", "met"]}
_DIGEST = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_GROUP = {"type": "object", "additionalProperties": _TEXT}
_COUNTS = {"type": "object", "additionalProperties": _COUNT, "propertyNames": _OUTCOME}


def stress_json_schema() -> dict[str, Any]:
    """JSON Schema of stress.json."""
    finding = _object(
        requirement=_TEXT, outcome=_OUTCOME, group=_GROUP, value=_MAYBE, decides=_MAYBE, margin=_MAYBE, n=_COUNT, findings=_COUNT,
        met=_COUNT, reason=_TEXT,
    )  # fmt: skip
    sizes = {"type": "object", "additionalProperties": _NUMBER}
    run = _object(
        name=_TEXT, sizes=sizes, seed=_COUNT, items=_COUNT, counts=_DIGEST, outcome=_OUTCOME, findings=_list({"$ref": "#/$defs/finding"})
    )
    tip = _object(rising={"type": "boolean"}, last_met=_NUMBER, first_not=_NUMBER, outcome=_OUTCOME)
    requirement = _object(
        id=_TEXT, metric=_TEXT, comparison=_TEXT, bound=_NUMBER, unit=_TEXT, for_each=_list(_list(_TEXT)), between=_list(_TEXT),
        condition=_TEXT, demanded_over_range={"type": "boolean"},
        own={"$ref": "#/$defs/finding"}, settings=_COUNTS, over_range=_OUTCOME, worst_setting=_TEXT, worst={"$ref": "#/$defs/finding"},
    )  # fmt: skip
    dial = _object(
        name=_TEXT, of=_GROUP, range=_list(_NUMBER), own=_NUMBER, prevalence_when_off=_MAYBE, changes_what_is_counted={"type": "boolean"}
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "stress.json: a policy judged over the plausible ranges of a recipe's dials; practice, never evidence",
        "$defs": {"finding": finding, "run": run},
        **_object(
            schema={"const": SCHEMA},
            note=_TEXT,
            evidence={"const": False},
            key=_DIGEST,
            created=_TEXT,
            policy=_object(name=_TEXT, version=_COUNT, digest=_DIGEST),
            model=_object(name=_TEXT, digest=_DIGEST),
            benchmark=_object(name=_TEXT, recipe=_DIGEST, family=_TEXT, task=_TEXT, seed=_COUNT, split=_TEXT),
            level=_NUMBER,
            items=_COUNT,
            design=_object(method=_TEXT, settings=_COUNT),
            multiplicity=_TEXT,
            dials=_list(dial),
            fixed=_list(_TEXT),
            left_out=_list(_TEXT),
            exempted=_list(_object(requirement=_TEXT, group=_GROUP)),
            verdict=_object(outcome=_OUTCOME, own=_OUTCOME, settings=_COUNTS, worst_setting=_TEXT),
            requirements=_list(requirement),
            tipping=_object(method=_TEXT, points=_list(_object(requirement=_TEXT, dial=_TEXT, tips=_list(tip), reason=_TEXT))),
            own={"$ref": "#/$defs/run"},
            settings=_list({"$ref": "#/$defs/run"}),
            one_dial_at_a_time=_list({"$ref": "#/$defs/run"}),
        ),
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}
