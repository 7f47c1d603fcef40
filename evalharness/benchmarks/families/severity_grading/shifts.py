"""How far each kind of item moves which hidden coordinates, and what a coordinate's value then says."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.bell import SD
from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.benchmarks.families.ingredients.strata import Strata
from evalharness.benchmarks.families.severity_grading import coordinates
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, SeverityGradingDials

SHIFTED = "shifted"
HARDNESS = 2
"""Easy, hard."""
Members = Mapping[str, npt.NDArray[np.bool_]]
"""Harm about a group that is on -> [strata] whether it concerns the stratum."""
Floats = npt.NDArray[np.float64]


def is_member(members: Members, name: str, stratum: int) -> bool:
    """Whether the harm is on and concerns the stratum."""
    return name in members and bool(members[name][stratum])


Shifts = list[tuple[str, tuple[int, ...], npt.NDArray[np.int64]]]
"""(what it is, coordinates, [codes] steps)"""


def shifts(dials: SeverityGradingDials, name: str, strata: Strata, members: Members) -> Shifts:
    """Whole steps, rounded half up. Parts that move nothing are left out, but for the marker of a proxy that is on: copies move it."""
    drift = exactly(dials.harms.drift.size) if name == SHIFTED else Fraction(0)
    levels = len(dials.groups[dials.signal.usage_of])
    own_level = strata.members[:, :levels].argmax(axis=1).tolist()
    names = ["shared", "moved", *(f"own {level}" for level in range(levels)), "marker"]
    table = np.zeros((len(names), len(strata), HARDNESS, len(LEVELS)), dtype=np.int64)
    for stratum in range(len(strata)):
        for hard in range(HARDNESS):
            kept = exactly(dials.signal.hard_signal) if hard else Fraction(1)
            if is_member(members, "separability", stratum):
                kept *= 1 - exactly(dials.harms.separability.size)
            for grade in range(len(LEVELS)):
                shared, own = dials.signal.shared.steps()[grade] * kept, dials.signal.own.steps()[grade] * kept
                table[0, stratum, hard, grade] = _whole(shared * (1 - drift))
                table[1, stratum, hard, grade] = _whole(shared * drift)
                table[2 + own_level[stratum], stratum, hard, grade] = _whole(own)
        if is_member(members, "proxy", stratum):
            table[-1, stratum] = _whole(SD * exactly(dials.harms.proxy.size))
    rows = [coordinates.SHARED, coordinates.MOVED, *((place,) for place in coordinates.OWN[:levels]), (coordinates.MARKER,)]
    flat = table.reshape(len(names), -1)
    always = {"shared", *(["marker"] if "proxy" in members else [])}
    return [part for part in zip(names, rows, flat, strict=True) if part[0] in always or part[2].any()]


def _whole(steps: Fraction) -> int:
    return int((steps + Fraction(1, 2)).__floor__())


def ratios(weights: npt.NDArray[np.int64], shifts: npt.NDArray[np.int64]) -> tuple[Floats, int]:
    """([values, classes], lowest value): chance of each value in each class over its mean.

    `weights`: how often, of its sum, a draw is -reach … reach; `shifts` [classes] steps added to it.
    """
    reach = len(weights) // 2
    low, high = int(shifts.min()) - reach, int(shifts.max()) + reach
    chances = np.zeros((high - low + 1, len(shifts)))
    for column, shift in enumerate(shifts.tolist()):
        start = shift - reach - low
        chances[start : start + len(weights), column] = weights
    total = chances[:, 0].copy()
    for column in range(1, chances.shape[1]):
        total += chances[:, column]
    return chances * len(shifts) / total[:, None], low
