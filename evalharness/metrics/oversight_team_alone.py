"""Beside classifier and people together: the classifier alone, people alone, and how the work is done today. It describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from evalharness.metrics.costs import cost_of_outcome
from evalharness.metrics.oversight_team_cost import team_cost_estimates
from evalharness.metrics.oversight_team_rates import FOUND, RAISED
from evalharness.records import OVERALL, CostUnit, Policy
from evalharness.records.oversight_team import Team
from evalharness.stats.rounding import outward
from evalharness.stats.team import Floats
from evalharness.tally import ConfusionTally


def beside_today(shares: Floats, team: Team | None) -> dict[str, Any]:
    """`current_process` of the evidence: what is declared of today's work, for 1,000 items. shares: [6] by kind of item."""
    if team is None or team.current_process is None:
        return {}
    now, (relevant, other) = team.current_process, _classes(shares)
    found, kept = now.recall, now.false_alarm_rate
    told = {
        "found_low": relevant * found.low, "found_high": relevant * found.high,
        "wrongly_kept_low": other * kept.low, "wrongly_kept_high": other * kept.high,
    }  # fmt: skip
    return {"current_process": {name: outward(1000 * value) for name, value in told.items()}}


def costs_beside(tally: ConfusionTally, policy: Policy, level: float, shares: Floats, rates: Mapping[str, float]) -> dict[str, Any]:
    """`costs` of the evidence: each unit by who decides. rates: how often readers call items relevant, by name."""
    if policy.costs is None or tally.of.ordinal:
        return {}
    people = policy.human_in_the_loop
    team = None if people is None else people.team
    together = {one.unit: one.value for one in team_cost_estimates(tally, policy, level) if one.group == OVERALL}
    return {
        "costs": [
            {
                "unit": unit.name,
                "model_alone": outward(float(shares @ cost_of_outcome(unit, tally.of))),
                "people_alone": _of_readers(unit, shares, rates),
                "together": together.get(unit.name),
                **_of_today(unit, shares, team),
            }
            for unit in policy.costs.units
        ]
    }


def _of_readers(unit: CostUnit, shares: Floats, rates: Mapping[str, float]) -> float:
    """All is read blind."""
    relevant, other = _classes(shares)
    missed, dismissed = 1 - rates[FOUND], 1 - rates[RAISED]
    cost = relevant * (unit.relevant_review + unit.relevant_set_aside * missed)
    return outward(cost + other * (unit.not_relevant_review + unit.not_relevant_set_aside * dismissed))


def _of_today(unit: CostUnit, shares: Floats, team: Team | None) -> dict[str, float]:
    """At the ends of what is declared."""
    if team is None or team.current_process is None:
        return {}
    (relevant, other), now = _classes(shares), team.current_process
    ends = [
        relevant * _acted_on(unit.relevant_review, unit.relevant_set_aside, recall)
        + other * _acted_on(unit.not_relevant_review, unit.not_relevant_set_aside, alarms)
        for recall in (now.recall.low, now.recall.high)
        for alarms in (now.false_alarm_rate.low, now.false_alarm_rate.high)
    ]
    return {"current_low": outward(min(ends)), "current_high": outward(max(ends))}


def _acted_on(acted: float, left: float, share: float) -> float:
    return share * acted + (1 - share) * left


def _classes(shares: Floats) -> tuple[float, float]:
    """Shares of relevant items, and of others."""
    tp, fp, fn, tn, positive, negative = (float(share) for share in np.asarray(shares))
    return tp + fn + positive, fp + tn + negative
