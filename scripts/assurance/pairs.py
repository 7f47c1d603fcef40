"""Findings by both pairs of bounds, as the product makes them: *met* only if both clear the goal, *not met* only if both miss it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from assurance.drawing import Floats
from assurance.judged import Truths, mean_of, weighted
from assurance.scene import ALPHA
from evalharness.metrics.arrays import Gaps, Rates, differences, limits, ratios

_WANTS_MORE = ("at_least", "min_ratio")


class Ends(NamedTuple):
    """A lower and an upper bound in every run."""

    lower: Floats
    upper: Floats


class Said(NamedTuple):
    """What is found in each run."""

    met: Truths
    not_met: Truths


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Both pairs of bounds of an estimate."""

    kish: Ends
    """By Kish's effective number; the ends that are drawn."""
    by_size: Ends | None
    """Those that hold also if large clusters are missed more often than small ones; None for independent items."""

    @property
    def alone(self) -> Pairs:
        """The first pair without the second."""
        return replace(self, by_size=None)

    def said(self, goal: float, form: str, dust: float = 0.0) -> Said:
        """Met: the deciding bound reaches the goal; not met: the opposite one lies strictly beyond it. NaN is neither.

        dust: how much rounding may have moved a truth that is at the goal.
        """
        each = [_said(ends, goal, form, dust) for ends in (self.kish, self.by_size) if ends is not None]
        return Said(np.logical_and.reduce([one.met for one in each]), np.logical_and.reduce([one.not_met for one in each]))


def _said(ends: Ends, goal: float, form: str, dust: float) -> Said:
    if form in _WANTS_MORE:
        return Said(ends.lower >= goal - dust, ends.upper < goal - dust)
    return Said(ends.upper <= goal + dust, ends.lower > goal + dust)


def pairs_of(of: Rates, alpha: float = ALPHA) -> Pairs:
    """Of proportions; any shape."""
    return Pairs(kish=Ends(*limits(of.plain, alpha)), by_size=None if of.uneven is None else Ends(*limits(of, alpha)))


def gaps_of(of: Rates, form: str, *, spanned: bool = False) -> tuple[Pairs, Gaps]:
    """Of the largest difference, or the smallest ratio, between groups (the last axis); and the gaps by the first pair."""
    bound = differences if form == "max_difference" else ratios
    plain = bound(of.plain, ALPHA, spanned=spanned)
    if of.uneven is None:
        return Pairs(kish=Ends(plain.lower, plain.upper), by_size=None), plain
    wider = bound(of, ALPHA, spanned=spanned)
    return Pairs(kish=Ends(plain.lower, plain.upper), by_size=Ends(wider.lower, wider.upper)), plain


def fields(
    pairs: Pairs, goal: float, form: str, weights: Floats | None = None, *, dust: float = 0.0, better: Pairs | None = None
) -> dict[str, Any]:
    """What a cell holds of its bounds, with the truth at the goal. weights: chances of what was enumerated; better: at a better truth."""
    rates = _rates(pairs, goal, form, weights, dust)
    found: dict[str, Any] = {**rates, **_ends(pairs.kish, goal, weights, dust)}
    if better is not None:
        found["power"] = weighted(better.said(goal, form, dust).met, None)
    if pairs.by_size is not None:
        found["by_size"] = {name: value for name, value in _ends(pairs.by_size, goal, weights, dust).items() if value is not None}
        found["alone"] = _rates(pairs.alone, goal, form, weights, dust)
        if better is not None:
            found["alone"]["power"] = weighted(better.alone.said(goal, form, dust).met, None)
    return found


def _rates(pairs: Pairs, goal: float, form: str, weights: Floats | None, dust: float) -> dict[str, float]:
    said = pairs.said(goal, form, dust)
    return {"met": weighted(said.met, weights), "not_met": weighted(said.not_met, weights)}


def _ends(ends: Ends, goal: float, weights: Floats | None, dust: float) -> dict[str, float | None]:
    return {
        "lower_covers": 1 - weighted(ends.lower > goal + dust, weights),
        "upper_covers": 1 - weighted(ends.upper < goal - dust, weights),
        "width": mean_of(ends.upper - ends.lower, weights),
    }
