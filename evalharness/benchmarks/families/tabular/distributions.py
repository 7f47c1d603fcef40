"""Distributions of one feature: exact shares of its codes. Code 0 is a missing value, the others count the values up from 1."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.bell import REACH, SD, bell
from evalharness.benchmarks.families.ingredients.shares import ONE_16, exactly, whole_numbers
from evalharness.benchmarks.families.tabular.dials import Categorical, Numeric, can_miss

_ZERO = Fraction(0)
_STRETCH_FROM = 8 * SD
"""Added to a number before it is stretched, so that all are above 0."""
_STRETCH = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a feature's distribution depends on."""

    left: Fraction
    """Part of what the outcome changes: 0 without the outcome, 1 with it, between where a harm weakens it."""
    outcome: bool
    """Which share of missing values holds."""
    more_missing: Fraction
    """Missing beyond that."""
    leaning: Fraction
    """Share that has the proxy's level whatever else it would be; 0 for all other features."""
    toward: int
    """Place of that level."""


def missing_share(feature: Numeric | Categorical, situation: Situation) -> Fraction:
    """Share of missing values."""
    if not can_miss(feature):
        return _ZERO
    own = feature.missing_with_outcome if situation.outcome and feature.missing_with_outcome is not None else feature.missing
    return exactly(own) + (1 - exactly(own)) * situation.more_missing


def lowest(feature: Numeric) -> int:
    """The number that code 1 stands for."""
    return -REACH + min(0, _floor(_moved(feature)))


def numbers(feature: Numeric) -> npt.NDArray[np.int16]:
    """[codes] what is shown for each code; 0 for a missing value, which is null."""
    low, high = lowest(feature), REACH + max(0, -_floor(-_moved(feature)))
    steps = np.arange(low, high + 1, dtype=np.int64)
    if feature.scale == "skewed":
        raised = steps + _STRETCH_FROM
        steps = raised + raised * raised * raised // _STRETCH
    return np.concatenate([[0], steps]).astype(np.int16)


def shares(feature: Numeric | Categorical, situation: Situation) -> list[Fraction]:
    """[codes]; those of the values are of all items, missing ones too."""
    missing = missing_share(feature, situation)
    values = _bell(feature, situation.left) if isinstance(feature, Numeric) else _levels(feature, situation)
    return [missing, *(share * (1 - missing) if missing else share for share in values)]


def weights(parts: list[Fraction]) -> npt.NDArray[np.int64]:
    """[codes] in 65,536ths; every value has at least one, code 0 only where something is missing."""
    if parts[0] > 0:
        return np.array(whole_numbers(parts, ONE_16), dtype=np.int64)
    return np.array([0, *whole_numbers(parts[1:], ONE_16)], dtype=np.int64)


def ratios(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """[distributions, codes] chance of each code over its mean; all rows add up to the same."""
    total = rows.sum(axis=0)
    return np.ascontiguousarray(rows * len(rows) / np.where(total > 0, total, 1))


def _moved(feature: Numeric) -> Fraction:
    return exactly(feature.shift) * SD


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _bell(feature: Numeric, left: Fraction) -> list[Fraction]:
    """Between two whole shifts: a mixture of both."""
    low, count = lowest(feature), len(numbers(feature)) - 1
    move = _moved(feature) * left
    whole = _floor(move)
    upper = move - whole
    own = bell().weights.tolist()
    found = [0] * count
    for shift, part in ((whole, upper.denominator - upper.numerator), (whole + 1, upper.numerator)):
        if part:
            for place, weight in enumerate(own, start=shift - REACH - low):
                found[place] += part * weight
    return [Fraction(part, upper.denominator * ONE_16) for part in found]


def _levels(feature: Categorical, situation: Situation) -> list[Fraction]:
    without = [exactly(share) for share in feature.levels.values()]
    having = without if feature.with_outcome is None else [exactly(share) for share in feature.with_outcome.values()]
    mixed = [(1 - situation.left) * a + situation.left * b for a, b in zip(without, having, strict=True)]
    leaning = [(1 - situation.leaning) * share for share in mixed]
    leaning[situation.toward] += situation.leaning
    return leaning
