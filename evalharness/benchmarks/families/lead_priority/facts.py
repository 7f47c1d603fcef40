"""What follows from the dials of a lead-priority benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalharness.benchmarks.families.ingredients.alike import SPLITS, with_repeats
from evalharness.benchmarks.families.lead_priority.days import days, tables
from evalharness.benchmarks.families.lead_priority.dials import LeadPriorityDials
from evalharness.benchmarks.families.tabular.apart import places_apart
from evalharness.benchmarks.families.tabular.posterior import known
from evalharness.benchmarks.families.tabular.rows import Numbers


def facts(dials: LeadPriorityDials) -> dict[str, Any]:
    """Of the split `test` unless said; what the best ranking finds is the mean over leads made apart, by the chances alone.

    Correlations are those of outcomes, harms to groups apart.
    """
    found = taken = leads = made_days = 0.0
    prepared = tables(dials)
    for place in places_apart(dials):
        made = days(dials, prepared, place)
        chances = known(prepared, prepared.splits[place.split], made.items.codes, made.items.weeks).of_recorded()
        best = best_of_each_day(chances, made.firsts, dials.queues.budget_per_day)
        found, taken = found + float(chances.sum()), taken + float(chances[best].sum())
        leads, made_days = leads + len(chances), made_days + len(np.unique(made.firsts))
    sizes = range(dials.queues.fewest, dials.queues.most + 1)
    alike = with_repeats(dials.queues.correlation, dict.fromkeys(sizes, 1 / len(sizes)), dials.harms.duplicates.size)
    return {
        "correlation_within_days": {name: round(alike, 6) for name in SPLITS if name in dials.split_rows()},
        "leads_a_day": (dials.queues.fewest + dials.queues.most) / 2,
        "at_risk_a_day": round(found / 1_000_000 / made_days, 2),
        "budget_per_day": dials.queues.budget_per_day,
        "best_recall_at_budget": round(taken / found, 3),
        "estimated_from": f"{int(leads):,} leads made apart",
    }


def best_of_each_day(chances: Any, firsts: Numbers, budget: int) -> Any:
    """Whether each lead is among its day's `budget` likeliest; of equals the earlier one."""
    order = np.lexsort((-chances.astype(np.int64), firsts))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank - firsts < budget
