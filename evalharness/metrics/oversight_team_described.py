"""What classifier and people come to for 1,000 items, what each assumption does to it, and what imperfect labels would do. It describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from evalharness.metrics import methods
from evalharness.metrics.oversight_team_alone import beside_today, costs_beside
from evalharness.metrics.oversight_team_kinds import Kinds, kinds_of
from evalharness.metrics.oversight_team_rates import CONFIRMED, FOUND, KEPT, RAISED, Rate, anything_known, rates_of, row_limits
from evalharness.records import OVERALL, Policy
from evalharness.records.oversight_team import NO_DROP, Range, Team
from evalharness.stats.label_noise import Table, measured_recall, true_recall
from evalharness.stats.rounding import outward
from evalharness.stats.team import DRAWS, Floats, Measured, drawn, drawn_shares, sum_of_products
from evalharness.tally import ConfusionTally

SEED = 0
"""Draws are the same each time."""
SENSITIVITIES, SPECIFICITIES = (0.8, 0.9, 0.95, 0.99), (0.99, 0.999, 1.0)
_QUANTILES = (0.05, 0.95)
_DROPS = ("fatigue_drop", "low_prevalence_drop")
Rates = Mapping[str, Rate]
_Point = dict[str, float]


def team_part(tally: ConfusionTally, policy: Policy, level: float) -> dict[str, Any] | None:
    """`oversight.team` of the evidence, of everybody. None where a figure of `metrics.oversight_team` has no value."""
    kinds = kinds_of(tally.of, policy)
    rates = None if kinds is None or kinds.rest else _rates(tally, policy, kinds)
    if kinds is None or rates is None:
        return None
    whole, second = kinds.counts(tally, OVERALL)
    counts = whole.astype(np.float64)
    shares = counts / counts.sum()
    values = {name: rate.value for name, rate in rates.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if len(known) < len(values):
        return None
    people = policy.human_in_the_loop
    team = None if people is None else people.team
    return {
        "readers": [_reader(name, rate, methods.alpha_of(level)) for name, rate in rates.items()],
        "per_1000": _rounded(_per_1000(shares, known)),
        "sensitivity": sorted(_sensitivity(shares, rates, team), key=_effect, reverse=True),
        "imperfect_labels": list(_labels(shares)),
        **beside_today(shares, team),
        **costs_beside(tally, policy, level, shares, known),
        "draws": _draws(counts * counts.sum() / second.sum(), rates, team),
    }


def _rates(tally: ConfusionTally, policy: Policy, kinds: Kinds) -> Rates | None:
    team = None if policy.human_in_the_loop is None else policy.human_in_the_loop.team
    if tally.weighted or not anything_known(tally, team) or not tally.counts[tally.slices.position(OVERALL)].sum():
        return None
    return rates_of(tally, team, kinds, OVERALL)


def _reader(name: str, rate: Rate, alpha: float) -> dict[str, Any]:
    """Limits of a measured rate hold at 1 - alpha each by itself; those of a declared one are its ends."""
    low, high = rate.limits(alpha)[1]
    source = "measured" if rate.measured else "declared"
    return {"rate": name, "source": source, "low": outward(low), "value": outward(rate.value or 0.0), "high": outward(high)}


def _per_1000(shares: Floats, rates: Mapping[str, Any]) -> dict[str, Any]:
    """Items of 1,000 by what becomes of them; shares [..., 6] in the order of OUTCOMES, rates by name, alike in shape."""
    tp, fp, fn, tn, positive, negative = np.moveaxis(1000.0 * shares, -1, 0)
    kept, found, confirmed, raised = (rates[name] for name in (KEPT, FOUND, CONFIRMED, RAISED))
    relevant, other = tp + fn + positive, fp + tn + negative
    return {
        "read": tp + fp + positive + negative,
        "found_and_kept": tp * kept,
        "found_and_dismissed": tp * (1 - kept),
        "missed_and_caught": positive * found,
        "missed_by_both": fn + positive * (1 - found),
        "wrongly_put_before_readers": fp + negative,
        "wrongly_kept": fp * confirmed + negative * raised,
        "relevant": relevant,
        "together_found": tp * kept + positive * found,
        "model_alone_found": tp,
        "model_alone_wrongly_kept": fp,
        "people_alone_found": relevant * found,
        "people_alone_wrongly_kept": other * raised,
    }


def _sensitivity(shares: Floats, rates: Rates, team: Team | None) -> Iterator[dict[str, Any]]:
    """Recall and false alarms of both together with one declared figure at either end, and all others in the middle."""
    for name, rate in rates.items():
        if not rate.measured and rate.declared is not None:
            ends = (_point(shares, {**rates, name: replace(rate, declared=_only(end))}) for end in _ends(rate.declared))
            yield _line(name, rate.declared, *ends)
    for name in _DROPS if team is not None else ():
        drop: Range = getattr(team, name)
        others: Range = getattr(team, next(other for other in _DROPS if other != name))
        if drop != NO_DROP:
            ends = (
                _point(shares, {key: _dropped(rate, end + others.middle) for key, rate in rates.items()})
                for end in _ends(drop)
            )  # fmt: skip
            yield _line(name, drop, *ends)


def _effect(line: Mapping[str, Any]) -> tuple[float, float]:
    """How much it moves recall, and then false alarms."""
    return abs(line["recall_at_high"] - line["recall_at_low"]), abs(line["false_alarms_at_high"] - line["false_alarms_at_low"])


def _ends(declared: Range) -> tuple[float, float]:
    return declared.low, declared.high


def _only(value: float) -> Range:
    return Range(low=value, high=value)


def _dropped(rate: Rate, drop: float) -> Rate:
    return replace(rate, drop=_only(drop)) if rate.relevant and rate.joint is None else rate


def _point(shares: Floats, rates: Rates) -> _Point:
    tp, fp, fn, tn, positive, negative = (float(share) for share in shares)
    value = {name: rate.value or 0.0 for name, rate in rates.items()}
    relevant, other = tp + fn + positive, fp + tn + negative
    recall = sum_of_products(tp + positive, positive, value[KEPT], value[FOUND])
    alarms = sum_of_products(fp + negative, negative, value[CONFIRMED], value[RAISED])
    return {"recall": recall / relevant if relevant else 0.0, "false_alarms": alarms / other if other else 0.0}


def _line(name: str, declared: Range, low: _Point, high: _Point) -> dict[str, Any]:
    ends = {f"{what}_at_{end}": outward(point[what]) for what in low for end, point in (("low", low), ("high", high))}
    return {"assumption": name, "low": outward(declared.low), "high": outward(declared.high), **ends}


def _labels(shares: Floats) -> Iterator[dict[str, Any]]:
    """What recall of the classifier alone would truly be, had these labels been so good; and what labels so good would measure, were these
    right. No answer counts as missed."""
    tp, fp, fn, _, positive, _ = (float(share) for share in shares)
    counted = Table(positive=tp + fn + positive, selected_positive=tp, selected_negative=fp)
    for sensitivity in SENSITIVITIES:
        for specificity in SPECIFICITIES:
            line: dict[str, float | None] = {"sensitivity": sensitivity, "specificity": specificity}
            for name, recall in (("recall", true_recall), ("measured", measured_recall)):
                value = recall(counted, sensitivity, specificity)
                line[name] = None if value is None else outward(value)
            yield line


def _draws(effective: Floats, rates: Rates, team: Team | None) -> dict[str, Any]:
    """5 % and 95 % points of the items for 1,000, and of recall and false alarms. Readers of a kind are as uncertain as their count."""
    rng = np.random.Generator(np.random.Philox(key=SEED))
    shares = drawn_shares(effective.tolist(), rng)
    drops = np.zeros(DRAWS) if team is None else sum(drawn(_ends(getattr(team, name)), rng) for name in _DROPS)
    values = {name: _drawn_rate(rate, np.asarray(drops), rng) for name, rate in rates.items()}
    found = _per_1000(shares, values)
    found["recall"] = (found["found_and_kept"] + found["missed_and_caught"]) / np.maximum(found["relevant"], 1e-12)
    found["false_alarms"] = found["wrongly_kept"] / np.maximum(1000.0 - found["relevant"], 1e-12)
    low, high = ({name: float(np.quantile(value, q)) for name, value in found.items()} for q in _QUANTILES)
    return {"draws": DRAWS, "low": _rounded(low), "high": _rounded(high)}


def _drawn_rate(rate: Rate, drops: Floats, rng: np.random.Generator) -> Floats:
    row = rate.joint or rate.row
    if row is not None:
        n_eff = row_limits(row, 0.5)[0]
        values = drawn(Measured(part=row.part * n_eff / max(row.total, 1), total=n_eff), rng)
        values = 1 - values if rate.contrary or rate.joint is not None else values
    else:
        values = drawn(_ends(rate.declared or _only(0.0)), rng)
    return np.clip(values - drops, 0.0, 1.0) if rate.relevant and rate.joint is None else values


def _rounded(figures: Mapping[str, Any]) -> dict[str, float]:
    return {name: outward(float(value)) for name, value in figures.items()}
