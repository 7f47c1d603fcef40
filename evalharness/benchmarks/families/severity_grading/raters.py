"""People who grade every item, what they say together, and how often that is which label: exact, by enumeration."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.shares import ONE_16, exactly, whole_numbers
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, Rater, SeverityGradingDials

GRADES = len(LEVELS)


def confusion(rater: Rater, dials: SeverityGradingDials, *, hard: bool, noisy: bool, biased: bool) -> tuple[tuple[int, ...], ...]:
    """[clean, said] in 65,536ths; each row adds up, none is 0.

    A wrong grade is, in `far` of the cases, two or more ranks off, each such rank as likely; else one rank off, each side as likely.
    In a group with label noise a share of the right grades becomes wrong; under annotator bias a share of all is then one rank lower.
    """
    slip = exactly(rater.hard if hard else rater.easy)
    if noisy:
        slip += (1 - slip) * exactly(dials.harms.label_noise.size)
    far, lower = exactly(dials.raters.far), exactly(dials.harms.annotator_bias.size) if biased else Fraction(0)
    rows = []
    for clean in range(GRADES):
        near = [g for g in range(GRADES) if abs(g - clean) == 1]
        others = [g for g in range(GRADES) if abs(g - clean) > 1]
        row = [Fraction(0)] * GRADES
        row[clean] = 1 - slip
        for grades, share in ((near, slip * (1 - far)), (others, slip * far)):
            for grade in grades:
                row[grade] += share / len(grades)
        moved = [(1 - lower) * row[g] + (lower * row[g + 1] if g + 1 < GRADES else 0) for g in range(GRADES)]
        moved[0] += lower * row[0]
        rows.append(tuple(whole_numbers(moved, ONE_16)))
    return tuple(rows)


@cache
def adjudicated(people: int) -> npt.NDArray[np.uint8]:
    """[4 ** people] the label by everybody's grades, the first person's counting 1, the second's 4 …

    The grade that most people gave; of grades given equally often, the gravest.
    """
    found = np.zeros(GRADES**people, dtype=np.uint8)
    for said in product(range(GRADES), repeat=people):
        code = sum(grade * GRADES**place for place, grade in enumerate(said))
        found[code] = max(range(GRADES), key=lambda grade: (said.count(grade), grade))
    return found


def label_chances(rows: list[tuple[int, ...]]) -> list[float]:
    """P(label) when person r says each grade in `rows[r]` of 65,536 cases: the sum over everything they can say, in whole numbers."""
    label = adjudicated(len(rows))
    total = [0] * GRADES
    for said in product(range(GRADES), repeat=len(rows)):
        weight = 1
        for row, grade in zip(rows, said, strict=True):
            weight *= row[grade]
        total[label[sum(grade * GRADES**place for place, grade in enumerate(said))]] += weight
    return [weight / ONE_16 ** len(rows) for weight in total]


def said(ends: npt.NDArray[np.uint16], codes: npt.NDArray[np.int64], draws: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    """[people, items] grades. `ends` [people, 3, codes]: a draw [people, items] below the first end is `none`, and so on."""
    found = np.zeros(draws.shape, dtype=np.uint8)
    for person, own in enumerate(ends):
        for end in own:
            found[person] += draws[person] >= end.take(codes)
    return found


def together(grades: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """[items] the label of [people, items] grades."""
    code = grades[0].astype(np.uint16)
    for place, row in enumerate(grades[1:], start=1):
        code += row * np.uint16(GRADES**place)
    return np.asarray(adjudicated(len(grades))[code])
