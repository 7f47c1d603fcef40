"""What more data could show of a gap between groups."""

from __future__ import annotations

import math

from evalharness.metrics import methods
from evalharness.metrics.answers import clears
from evalharness.metrics.arrays import Rates, differences, ratios
from evalharness.metrics.best_rates import best_rates
from evalharness.metrics.gaps import Comparison, asked_comparison
from evalharness.metrics.rules import TODAY, Rules
from evalharness.records import Estimate, Prospect, Question
from evalharness.stats.planning import LIMIT
from evalharness.stats.planning_clusters import observed
from evalharness.stats.planning_gaps import MOST_GROUPS, Gap, needed_for_gap
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally


def gap_prospect(tally: ConfusionTally, question: Question, estimate: Estimate, level: float, rules: Rules = TODAY) -> Prospect:
    """Attainable: equal and perfect rates in all groups at these n_eff would have cleared the goal (a ratio needs rates above 0: all 1).
    Needed: items of all compared groups together, in their present proportions, at their observed rates: every pair must clear the goal.
    """
    kind: Gap = "ratio" if question.comparison == "min_ratio" else "difference"
    between = asked_comparison(tally, question, level, rules)
    attainable = _attainable(between, question, kind)
    if estimate.value is None or estimate.pair is None:
        return Prospect(attainable=attainable, needed=None, reason=estimate.reason)
    if kind == "difference" and question.bound >= 1:  # a goal that every sample meets: one item of each group will do
        return Prospect(attainable=attainable, needed=len(between.groups))
    reason = _wrong_side(estimate.value, question.bound, kind)
    if not reason and len(between.groups) > MOST_GROUPS:
        reason = f"no plan is made for more than {MOST_GROUPS} groups"
    if reason:
        return Prospect(attainable=attainable, needed=None, reason=reason)
    of, alpha = _widest(between).take(0), methods.alpha_of(level)
    factor = needed_for_gap(
        of.value.tolist(),
        of.n_eff.tolist(),
        question.bound,
        alpha,
        kind=kind,
        spanned=between.spanned,
        rule=rules.gaps,
        clusters=observed(of.successes, of.n_eff, of.uneven, by_chance=rules.by_chance),
    )
    items = None if factor is None else math.ceil(factor * float(of.total.sum()))
    if items is None or items > LIMIT:
        return Prospect(attainable=attainable, needed=None, reason=f"more than {LIMIT:,} items would be needed")
    return Prospect(attainable=attainable, needed=items)


def _attainable(between: Comparison, question: Question, kind: Gap) -> bool:
    """Whether equal rates of 1 in every group clear the goal; for a difference rates of 0 give the same bound."""
    of = _widest(between)
    if len(between.groups) < 2 or not of.defined.all():
        return False
    perfect, alpha = best_rates(of, hits=True), methods.alpha_of(between.level)
    if kind == "difference":
        upper = float(differences(perfect, alpha, spanned=between.spanned, rule=between.rules.gaps).upper[0])
        return clears(question, (None, outward(upper, direction="up")))
    lower = float(ratios(perfect, alpha, spanned=between.spanned, rule=between.rules.gaps).lower[0])
    return clears(question, (None if math.isnan(lower) else outward(lower, direction="down"), None))


def _widest(between: Comparison) -> Rates:
    """The rates (Q, G) with the wider pair of limits, where there are two."""
    return between.rates if between.by_size is None else between.by_size.rates


def _wrong_side(value: float, goal: float, kind: Gap) -> str:
    if value == goal:
        return "the observed gap equals the goal: no amount of data of this kind would show it"
    clear = value < goal if kind == "difference" else value > goal
    return "" if clear else "the observed gap is on the wrong side of the goal: more data of this kind would not show it"
