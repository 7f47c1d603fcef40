"""What follows from the dials and is worth telling, without drawing an item."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from evalharness.benchmarks.families.ingredients.alike import SPLITS
from evalharness.benchmarks.families.ingredients.bell import SD
from evalharness.benchmarks.families.ingredients.shares import ONE_16
from evalharness.benchmarks.families.severity_grading.coordinates import MOST_OWN, OWN, SHARED, SIZE, numbers
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, SeverityGradingDials
from evalharness.benchmarks.families.severity_grading.raters import GRADES
from evalharness.benchmarks.families.severity_grading.shifts import HARDNESS
from evalharness.benchmarks.families.severity_grading.tables import SplitTables, Tables


def facts(dials: SeverityGradingDials, tables: Tables) -> dict[str, Any]:
    """Plain JSON values, rounded to a millionth."""
    sizes = dials.cases.sizes
    items = sum((i + 1) * share for i, share in enumerate(sizes))
    test = tables.splits[list(dials.split_rows()).index("test")]
    hard = dials.signal.hard_share
    found = {
        "items_per_case": items,
        "grades_in_quiet_cases": {level: round(float(share), 6) for level, share in zip(LEVELS, dials.quiet_levels, strict=True)},
        "correlation_within_cases": {
            name: {
                "of the grade as 0, 1, 2, 3": round(dials.correlation((0, 1, 2, 3), name), 6),
                "of being A": round(dials.correlation((0, 0, 0, 1), name), 6),
            }
            for name in SPLITS
            if name in dials.split_rows()
        },
        "label_is_the_clean_grade": _mean(test, hard, lambda code, grade: float(tables.labels[code, grade])),
        "two_raters_agree": _mean(test, hard, lambda code, _: _pairs(tables, code)),
        "greatest_share_of_the_signal_in_one_number": _greatest_share(dials),
        "near_identical_copies": dials.harms.duplicates.size * (items - 1) / items,
    }
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in found.items()}


def _mean(split: SplitTables, hard: float, of: Callable[[int, int], float]) -> float:
    total = 0.0
    for stratum, share in enumerate(split.strata.shares.tolist()):
        for hardness, part in enumerate((1 - hard, hard)):
            for grade, given in enumerate(split.given[stratum].tolist()):
                total += share * part * given * of((stratum * HARDNESS + hardness) * GRADES + grade, grade)
    return total


def _pairs(tables: Tables, code: int) -> float:
    """Mean chance that two raters say the same, over all pairs."""
    said = [np.diff([0, *own[:, code].tolist(), ONE_16]).tolist() for own in tables.ends]
    pairs = list(combinations(said, 2))
    same = sum(int(a) * int(b) for one, other in pairs for a, b in zip(one, other, strict=True))
    return same / (ONE_16**2 * len(pairs))


def _greatest_share(dials: SeverityGradingDials) -> float:
    """Between `none` and A: squared distance over variance in the most telling number, against that of all coordinates together."""
    moved = np.zeros((SIZE, MOST_OWN), dtype=np.int16)
    moved[list(SHARED)] = dials.signal.shared.A
    moved[OWN, range(MOST_OWN)] = dials.signal.own.A
    distance = float((moved[:, 0].astype(np.int64) ** 2).sum()) / SD**2
    return float((numbers(moved) ** 2).max()) / (SIZE - 1) / distance if distance else 0.0
