"""Whether published figures of a two-class test can belong to one table of counts at all. Every figure stands for all that round to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Span = tuple[float, float]
"""Least and greatest number that a published figure can stand for."""

_SLACK = 1e-12
MOST_TABLES = 20_000_000
"""Tables of counts that `tables_fit` looks at before it gives up."""
_AT_ONCE = 2_000_000

_SHARES: Mapping[str, tuple[str, str]] = {
    "recall": ("tp", "tp fn"),
    "false_negative_rate": ("fn", "tp fn"),
    "specificity": ("tn", "tn fp"),
    "false_positive_rate": ("fp", "tn fp"),
    "precision": ("tp", "tp fp"),
    "false_discovery_rate": ("fp", "tp fp"),
    "negative_predictive_value": ("tn", "tn fn"),
    "elusion": ("fn", "tn fn"),
    "accuracy": ("tp tn", "tp fp fn tn"),
    "selection_rate": ("tp fp", "tp fp fn tn"),
    "prevalence": ("tp fn", "tp fp fn tn"),
    "f1": ("tp tp", "tp tp fp fn"),
}
"""What is counted over what."""
FIGURES = (*_SHARES, "balanced_accuracy", "youden", "matthews_corrcoef")


def figure(name: str, counts: Mapping[str, Floats]) -> Floats:
    """A figure of `FIGURES` by scikit-learn's definition. counts: tp, fp, fn, tn, which broadcast; not finite where nothing divides."""
    if name in _SHARES:
        above, below = (sum((counts[part] for part in parts.split()), np.zeros(())) for parts in _SHARES[name])
        return np.asarray(above / below)
    if name == "matthews_corrcoef":
        tp, fp, fn, tn = (counts[part] for part in ("tp", "fp", "fn", "tn"))
        return np.asarray((tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))
    both = figure("recall", counts) + figure("specificity", counts)
    return both / 2 if name == "balanced_accuracy" else both - 1


def span_of(value: float, decimals: int) -> Span:
    """All numbers that round to `value` at so many decimals, whichever way a half goes."""
    half = 0.5 * 10.0**-decimals
    return value - half - _SLACK, value + half + _SLACK


def highest_mcc(precision: Span, recall: Span) -> float:
    """No Matthews correlation is above sqrt(precision x recall): its other term is subtracted (statistics.md, H31)."""
    return math.sqrt(min(max(precision[1], 0.0), 1.0) * min(max(recall[1], 0.0), 1.0))


def f1_of(precision: Span, recall: Span) -> Span:
    """F1 is the harmonic mean of both; it rises with each."""
    ends = [2 * p * r / (p + r) if p + r > 0 else 0.0 for p, r in zip(_inside(precision), _inside(recall), strict=True)]
    return ends[0] - _SLACK, ends[1] + _SLACK


def implied_prevalence(precision: Span, recall: Span, false_positive_rate: Span) -> Span | None:
    """Share of relevant items at which the three agree: precision = pi r / (pi r + (1 - pi) f), so pi = f p / (f p + r (1 - p)).

    Null where no share does: then the three exclude one another.
    """
    found = []
    for p, r, f in product(_inside(precision), _inside(recall), _inside(false_positive_rate)):
        below = f * p + r * (1 - p)
        if below > 0:
            found.append(f * p / below)
    return (max(min(found) - _SLACK, 0.0), min(max(found) + _SLACK, 1.0)) if found else None


def prevalence_of_accuracy(accuracy: Span, recall: Span, specificity: Span) -> Span | None:
    """Shares pi with accuracy = pi recall + (1 - pi) specificity; null where there is none: accuracy lies between the other two."""
    low, high = _inside(accuracy)
    (r0, r1), (s0, s1) = _inside(recall), _inside(specificity)
    if low > max(r1, s1) + _SLACK or high < min(r0, s0) - _SLACK:
        return None
    if r1 >= s0 and s1 >= r0:  # recall and specificity may be equal: then every share will do
        return 0.0, 1.0
    ends = [(a - s) / (r - s) for a, r, s in product((low, high), (r0, r1), (s0, s1))]
    return max(min(ends) - _SLACK, 0.0), min(max(ends) + _SLACK, 1.0)


def tables_fit(figures: Mapping[str, Span], relevant: int, others: int) -> bool | None:
    """Whether some whole numbers of hits and false alarms give every figure. Null when there are too many tables to look at.

    figures: names of FIGURES. relevant, others: how many items of each class were tested. A figure without a value (0 / 0) fits nothing.
    """
    hits = _whole(figures, relevant, (("recall", False), ("false_negative_rate", True)))
    alarms = _whole(figures, others, (("false_positive_rate", False), ("specificity", True)))
    if len(hits) * len(alarms) > MOST_TABLES:
        return None
    rows = max(_AT_ONCE // max(len(alarms), 1), 1)
    return any(_any_fits(figures, hits[start : start + rows], alarms, relevant, others) for start in range(0, len(hits), rows))


def _any_fits(figures: Mapping[str, Span], hits: Floats, alarms: Floats, relevant: int, others: int) -> bool:
    counts = {"tp": hits[:, None], "fp": alarms[None, :], "fn": relevant - hits[:, None], "tn": others - alarms[None, :]}
    fits = np.ones((len(hits), len(alarms)), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        for name, (low, high) in figures.items():
            value = figure(name, counts)
            fits &= (value >= low) & (value <= high)
    return bool(fits.any())


def _whole(figures: Mapping[str, Span], total: int, shares: tuple[tuple[str, bool], ...]) -> Floats:
    """Whole numbers from 0 to `total` whose share, or the rest of it, is as stated."""
    low, high = 0.0, float(total)
    for name, rest in shares:
        if name in figures:
            least, greatest = (1 - figures[name][1], 1 - figures[name][0]) if rest else figures[name]
            low, high = max(low, least * total - _SLACK * total), min(high, greatest * total + _SLACK * total)
    return np.arange(math.ceil(low), math.floor(high) + 1, dtype=np.float64)


def _inside(span: Span) -> Span:
    return min(max(span[0], 0.0), 1.0), min(max(span[1], 0.0), 1.0)
