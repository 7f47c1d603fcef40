"""Prospects of a gap between groups."""

from __future__ import annotations

import math

import numpy as np

from evalharness.catalogue import METRICS
from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates, differences, ratios
from evalharness.metrics.gaps import Comparison, comparison, gap_estimates
from evalharness.records import Prospect, Question
from evalharness.stats.planning import LIMIT
from evalharness.stats.planning_means import Gap, needed_for_gap
from evalharness.tally import ConfusionTally


def gap_prospect(tally: ConfusionTally, question: Question, level: float) -> Prospect:
    """Attainable: equal and perfect rates in all groups at these n_eff would have cleared the goal (a ratio needs rates above 0: all 1).
    Needed: items of both groups of the deciding pair together, in their present proportion, at their observed rates.
    """
    kind: Gap = "ratio" if question.comparison == "min_ratio" else "difference"
    between = comparison(tally, question.between, (METRICS[question.metric],), level, question.excluded)
    estimate = next(e for e in gap_estimates(between) if e.metric == question.estimate_metric)
    attainable = _attainable(between, question.bound, kind)
    if estimate.value is None or estimate.pair is None:
        return Prospect(attainable=attainable, needed=None, reason=estimate.reason)
    reason = _wrong_side(estimate.value, question.bound, kind)
    if reason:
        return Prospect(attainable=attainable, needed=None, reason=reason)
    pair = [between.groups.index(group) for group in estimate.pair]
    of = between.rates.take(0)
    first, second = ((float(of.value[i]), float(of.n_eff[i])) for i in pair)
    factor = needed_for_gap((first[0], second[0]), (first[1], second[1]), question.bound, methods.alpha_of(level), kind=kind)
    items = None if factor is None else math.ceil(factor * float(of.total[pair].sum()))
    if items is None or items > LIMIT:
        return Prospect(attainable=attainable, needed=None, reason=f"more than {LIMIT:,} items would be needed")
    return Prospect(attainable=attainable, needed=items)


def _attainable(between: Comparison, goal: float, kind: Gap) -> bool:
    """Whether equal rates of 1 in every group clear the goal; for a difference rates of 0 give the same bound."""
    of = between.rates
    if len(between.groups) < 2 or not of.defined.all():
        return False
    perfect = Rates(value=np.ones_like(of.n_eff), total=of.total, n_eff=of.n_eff, successes=of.n_eff)
    alpha = methods.alpha_of(between.level)
    if kind == "difference":
        return bool(differences(perfect, alpha).upper[0] <= goal)
    return bool(ratios(perfect, alpha).lower[0] >= goal)


def _wrong_side(value: float, goal: float, kind: Gap) -> str:
    if value == goal:
        return "the observed gap equals the goal: no amount of data of this kind would show it"
    clear = value < goal if kind == "difference" else value > goal
    return "" if clear else "the observed gap is on the wrong side of the goal: more data of this kind would not show it"
