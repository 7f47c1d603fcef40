"""Exact area under the ROC curve and average precision against scikit-learn, on the same rows in the same process.

    scripts/bench_scores.py [ROWS]     10,000,000 rows unless given

Agreement is checked first, to 1e-12; then CPU seconds are compared, the better of two runs each. Fails below 3 times as fast.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from evalharness.stats.average_precision import average_precision
from evalharness.stats.distinct import distinct_counts
from evalharness.stats.roc import roc_auc

GOAL = 3.0
SEED = 7
KINDS: dict[str, Callable[[Any], Any]] = {
    "all different": lambda s: s,
    "1,000 steps": lambda s: s.round(3),
    "half below 0": lambda s: s - 0.5,
}


def missed(rows: int) -> list[str]:
    """Prints the figures; what is slower than it should be."""
    rng = np.random.default_rng(SEED)
    labels = (rng.random(rows) < 0.05).astype(np.int8)
    scores = 0.7 * rng.random(rows) + 0.3 * labels * rng.random(rows)
    slowest = min(compare(name, labels, made(scores)) for name, made in KINDS.items())
    return [f"AUC and AP: {slowest:.1f} times scikit-learn, goal {GOAL:g}"] if slowest < GOAL else []


def compare(name: str, labels: Any, scores: Any) -> float:
    seconds, ours = timed(lambda: by_counts(labels, scores), 2)
    theirs_seconds, theirs = timed(lambda: (roc_auc_score(labels, scores), average_precision_score(labels, scores)), 2)
    if max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) > 1e-12:
        raise SystemExit(f"they disagree on {name}: {ours} and {theirs}")
    ratio = theirs_seconds / seconds
    print(f"  AUC and AP of {len(labels):>10,} rows, {name:<14} {seconds:6.2f} s CPU", end="")
    print(f"   scikit-learn {theirs_seconds:6.2f} s CPU   {ratio:5.1f} x (goal {GOAL:g})")
    return ratio


def by_counts(labels: Any, scores: Any) -> tuple[float, float]:
    _, (negative, positive) = distinct_counts(scores, labels)
    return float(roc_auc(positive, negative)), float(average_precision(positive, negative))


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        result = work()
        best = min(best, time.process_time() - started)
    return best, result


if __name__ == "__main__":
    if goals := missed(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 10_000_000):
        raise SystemExit("goal missed: " + "; ".join(goals))
