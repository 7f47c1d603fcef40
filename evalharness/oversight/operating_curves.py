"""Tables of a certified threshold: every candidate on the calibration split, and five of them in plain numbers."""

from __future__ import annotations

import numpy as np

from evalharness.oversight.operating_points import ScoredItems, candidates_of
from evalharness.records import Curve
from evalharness.records.oversight_certify import Certificate
from evalharness.stats.certify import share_limits
from evalharness.stats.rounding import outward

CURVE, FIVE = "certificate", "certificate_numbers"
_MOST = 100
_TIMES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How many reviews the five thresholds ask for, next to those of the certified one."""
_PER = 1000


def certificate_curves(of: Certificate, train: ScoredItems, calibration: ScoredItems, per_week: int | None) -> tuple[Curve, ...]:
    """Of the calibration split. They describe; bounds are each at the run's level. per_week: items that arrive in a week, if declared."""
    thresholds = candidates_of(train, of.asked.grid or of.asked.steps or 1)
    reviewed = calibration.of("review_rate", thresholds)
    found = calibration.of("recall", thresholds)
    columns = [thresholds, reviewed.part / max(int(reviewed.total), 1), found.part / max(int(found.total), 1)]
    names = ["threshold", "review_rate", "found"]
    for target in of.asked.targets:
        if target.group:
            continue  # three columns for each would be more than anybody reads; `tried` has them
        share = calibration.of(target.metric, thresholds)
        lower, upper = share_limits(share, round(1.0 - of.level, 12))
        columns += [share.part / np.maximum(share.total, 1), lower, upper]
        names += [f"target {target.metric}", f"{target.metric} lower", f"{target.metric} upper"]
    at = of.start if of.threshold is None else of.threshold
    here = int(np.searchsorted(thresholds, at))
    shown = np.unique([*np.linspace(0, len(thresholds) - 1, min(_MOST, len(thresholds))).astype(int), here])
    rows = tuple(tuple(_number(float(column[k]), name) for column, name in zip(columns, names, strict=True)) for k in shown)
    return (
        Curve(name=CURVE, columns=tuple(names), rows=rows, method=of.method),
        _five(thresholds, here, calibration, per_week),
    )


def _five(thresholds: np.ndarray[tuple[int], np.dtype[np.float64]], here: int, items: ScoredItems, per_week: int | None) -> Curve:
    """The candidates whose reviews are nearest to a quarter, half, twice and four times those of the certified one."""
    reviewed, found, false = (items.of(metric, thresholds) for metric in ("review_rate", "recall", "false_positive_rate"))
    places = sorted({here, *(int(np.abs(reviewed.part - times * reviewed.part[here]).argmin()) for times in _TIMES)})
    rows = []
    for k in places:
        counts = reviewed.part[k], found.part[k], found.total - found.part[k], false.part[k]
        shares = [float(count) / max(int(reviewed.total), 1) for count in counts]
        week = [None if per_week is None else outward(share * per_week) for share in shares]
        rows.append((float(thresholds[k]), float(k == here), *(outward(share * _PER) for share in shares), *week))
    kinds = ("reviewed", "found", "missed", "false_alarms")
    columns = ("threshold", "in_use", *(f"{kind}_per_1000" for kind in kinds), *(f"{kind}_per_week" for kind in kinds))
    return Curve(name=FIVE, columns=columns, rows=tuple(rows), method=f"counts of {reviewed.total} items of the calibration split")


def _number(value: float, name: str) -> float | None:
    if np.isnan(value):
        return None
    return value if name == "threshold" else outward(value, direction="down" if "lower" in name else "up" if "upper" in name else "nearest")
