"""What stands beside the figures of classifier and people together: made for the evidence, and made again by `verify`."""

from __future__ import annotations

import json
from typing import Any

from evalharness.catalogue.oversight.team import COST
from evalharness.evidence import Evidence
from evalharness.metrics.oversight_team_described import team_part
from evalharness.records import Policy
from evalharness.tally import ConfusionTally

_DRAWN = "draws"
"""Random numbers may differ from one version of numpy to another, so a replay alone makes them again."""


def team_as_json(tally: ConfusionTally, policy: Policy, level: float) -> dict[str, Any]:
    """`{"team": …}` as in `oversight` of the evidence; empty where nobody says how often readers are right."""
    part = team_part(tally, policy, level)
    return {} if part is None else {"team": part}


def team_follows(evidence: Evidence, tally: ConfusionTally, policy: Policy, level: float) -> bool:
    """Whether what is recorded is what tallies, share rows and policy give, draws apart."""
    told = None if evidence.oversight is None else evidence.oversight.team
    again = team_part(tally, policy, level)
    if told is None or again is None:
        return told is None and again is None
    known, made = _without_draws(json.loads(told.model_dump_json(exclude_none=True))), _without_draws(json.loads(json.dumps(again)))
    if told.costs is None and not any(estimate.metric == COST for estimate in evidence.estimates):
        made.pop("costs", None)  # evidence from before either was there; what is missing among the estimates is found there
    return bool(known == _without_none(made))


def _without_draws(part: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != _DRAWN}


def _without_none(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _without_none(value) for name, value in part.items() if value is not None}
    return [_without_none(one) for one in part] if isinstance(part, list) else part
