"""Scores to tables for charts: reliability, every threshold, what a given capacity finds, net benefit. They describe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.records import CostUnit, Curve
from evalharness.stats.calibration import corp
from evalharness.stats.operating_curve import decision_curve
from evalharness.stats.rounding import outward
from evalharness.tally.score_groups import BITS, ScoreGroups

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

MOST_BLOCKS = 40
MOST_POINTS = 100
CAPACITIES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Shares of all items that can be looked at."""
PROBABILITIES = (
    0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
    0.85, 0.9,
)  # fmt: skip
"""Threshold probabilities of the decision curve."""


def score_curves(found: ScoreGroups, *, chances: bool, threshold: float | None = None, costs: Sequence[CostUnit] = ()) -> Iterator[Curve]:
    """For everybody: `reliability` and `decision_curve` where scores claim to be chances, `operating_points`, `capacity`.

    threshold: the one in use, which is among the points and marked. costs: units whose expected cost stands beside each point.
    Nothing where no item has a label and a score.
    """
    if not found.counts[0].sum():
        return
    how = f"; scores rounded to {BITS} binary digits" if found.rounded else ""
    steps = how + (f"; scores merged into {len(found.means):,} steps" if found.merged else "")
    if chances:
        yield _curve("reliability", _reliability(found), f"corp(isotonic; at most {MOST_BLOCKS} blocks){steps}")
    yield _curve(
        "operating_points", _points(found, threshold, costs), f"thinned to at most {MOST_POINTS} of {len(found.least):,} thresholds{how}"
    )
    yield _curve("capacity", _capacities(found), f"highest scores first, ties by expectation; an item without a score comes last{steps}")
    if chances:
        negative, positive = found.counts[0]
        benefit = decision_curve(found.least, positive, negative, PROBABILITIES)
        made = {"threshold_probability": benefit.probabilities, "model": benefit.model, "everybody": benefit.everybody,
                "nobody": np.zeros(len(PROBABILITIES))}  # fmt: skip
        yield _curve("decision_curve", made, f"net benefit an item, in relevant items found; items without a score left out{steps}")


def _curve(name: str, columns: Columns, method: str) -> Curve:
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return Curve(
        name=name,
        columns=tuple(columns),
        rows=tuple(tuple(outward(value) if np.isfinite(value) else None for value in row) for row in rows),
        method=method,
    )


def _reliability(found: ScoreGroups) -> Columns:
    """Blocks of the isotonic regression; so many that neighbours are put together have the mean of both."""
    negative, positive = found.counts[0].astype(np.float64)
    parts = corp(found.means, positive, negative)
    if parts is None:
        return {}
    items = parts.items
    starts = np.flatnonzero(np.concatenate([[True], np.diff(parts.recalibrated) > 0]))
    if len(starts) > MOST_BLOCKS:
        middle = (np.cumsum(items) - items / 2)[starts] / items.sum() * MOST_BLOCKS
        starts = starts[np.concatenate([[True], np.diff(np.floor(middle)) > 0])]
    size = np.add.reduceat(items, starts)
    return {
        "score_from": parts.scores[starts],
        "score_to": parts.scores[np.append(starts[1:], len(items)) - 1],
        "mean_score": np.add.reduceat(parts.scores * items, starts) / size,
        "relevant_share": np.add.reduceat(positive[negative + positive > 0], starts) / size,
        "items": size,
    }


def _points(found: ScoreGroups, threshold: float | None, costs: Sequence[CostUnit]) -> Columns:
    """An item without a score counts as in the counts: a relevant one is missed, an irrelevant one a false alarm; both are looked at."""
    fp, tp = _from_each(found.counts).astype(np.float64).transpose(1, 0, 2)
    silent_n, silent_p = found.unscored.T.astype(np.float64)[:, :, None]
    ones, zeros = tp[:, :1] + silent_p, fp[:, :1] + silent_n
    recall = np.where(ones > 0, tp / np.where(ones > 0, ones, 1), np.nan)
    n = float(ones[0, 0] + zeros[0, 0])
    alarms, looked = fp[0] + silent_n[0], tp[0] + fp[0] + silent_n[0] + silent_p[0]
    thresholds = np.append(found.least, np.nan)
    at = None if threshold is None else int(np.searchsorted(found.least, threshold))
    if at is not None and threshold is not None:
        thresholds[at] = threshold
    columns = {
        "threshold": thresholds,
        "in_use": np.arange(len(thresholds)) == (-1 if at is None else at),
        "recall": recall[0],
        "misses": ones[0] - tp[0],
        "false_positive_rate": alarms / zeros[0] if zeros[0, 0] else np.full(len(alarms), np.nan),
        "workload": looked / n,
    }
    for attribute in dict.fromkeys(group[0][0] for group in found.groups if group):
        of = recall[[bool(group) and group[0][0] == attribute for group in found.groups]]
        of = of[~np.isnan(of[:, 0])]
        columns[f"recall_gap {attribute}"] = of.max(axis=0) - of.min(axis=0) if len(of) > 1 else np.full(len(thresholds), np.nan)
    for unit in costs:
        shown = tp[0] * unit.relevant_review + fp[0] * unit.not_relevant_review
        aside = (tp[0, 0] - tp[0]) * unit.relevant_set_aside + (fp[0, 0] - fp[0]) * unit.not_relevant_set_aside
        silent = silent_p[0] * max(unit.relevant_review, unit.relevant_set_aside)
        silent = silent + silent_n[0] * max(unit.not_relevant_review, unit.not_relevant_set_aside)
        columns[f"expected_cost {unit.name}"] = (shown + aside + silent) / n
    kept = _thinned(columns["workload"], columns["recall"], at)
    return {name: values[kept].astype(np.float64) for name, values in columns.items()}


def _thinned(workload: Floats, recall: Floats, at: int | None) -> NDArray[np.int64]:
    """Points about evenly apart in workload and in recall, the first, the last, and that in use."""
    if len(workload) <= MOST_POINTS:
        return np.arange(len(workload))
    aims = np.linspace(0, 1, (MOST_POINTS - 2) // 2)
    kept = [np.zeros(0, dtype=np.int64)] if at is None else [np.array([at])]
    for falling in (workload, recall):
        if np.isfinite(falling).all():
            low, high = falling[-1], falling[0]
            kept.append(np.clip(np.searchsorted(-falling, -(low + aims * (high - low))), 0, len(falling) - 1))
    kept.append(np.array([0, len(workload) - 1]))
    return np.unique(np.concatenate(kept))


def _capacities(found: ScoreGroups) -> Columns:
    """What is found if only so many items can be looked at, those with the highest scores."""
    negative, positive = _from_each(found.counts[0]).astype(np.float64)
    silent = found.unscored[0].astype(np.float64)
    looked = np.append((negative + positive)[::-1], (negative + positive)[0] + silent.sum())
    caught = np.append(positive[::-1], positive[0] + silent[1])
    seen = np.array(CAPACITIES) * looked[-1]
    hits = np.interp(seen, looked, caught)
    first = len(found.least) - np.searchsorted(looked[:-1], seen, side="left")
    return {
        "share": np.array(CAPACITIES),
        "items": seen,
        "lowest_score": np.append(found.least, np.nan)[np.clip(first, 0, len(found.least) - 1)],
        "recall": hits / caught[-1] if caught[-1] else np.full(len(seen), np.nan),
        "precision": hits / seen,
    }


def _from_each(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(..., B + 1): at or above each step, and 0 for none."""
    sums = np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1]
    return np.concatenate([sums, np.zeros((*sums.shape[:-1], 1), dtype=np.int64)], axis=-1)
