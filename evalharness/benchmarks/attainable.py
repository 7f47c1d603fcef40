"""What the best possible classifier reaches on generated items, from their true posterior."""

from __future__ import annotations

import numpy as np

from evalharness.benchmarks.benchmark import Benchmark

_STEPS = 1_000_000
FALSE_POSITIVE_RATES = (0.01, 0.05, 0.10, 0.20)


def best_recall(benchmark: Benchmark, split: str) -> list[dict[str, float]]:
    """Best expected recall at some false-positive rates: [{false_positive_rate, recall, threshold}], thresholds on the posterior.

    By Neyman and Pearson no classifier that sees the same columns does better than a threshold on the posterior. Expectations are over
    the labels given the items, so they need no label. Raises BadInput when the posterior is not known.
    """
    counts = np.zeros(_STEPS + 1, dtype=np.int64)
    for values in benchmark.posterior(split):
        counts += np.bincount(np.rint(values * _STEPS).astype(np.int64), minlength=_STEPS + 1)
    grid = np.arange(_STEPS + 1) / _STEPS
    found = np.cumsum((counts * grid)[::-1])
    flagged = np.cumsum((counts * (1 - grid))[::-1])
    points = []
    for rate in FALSE_POSITIVE_RATES:
        last = int(np.searchsorted(flagged, rate * flagged[-1], side="right")) - 1
        if last >= 0:
            points.append(
                {
                    "false_positive_rate": rate,
                    "recall": round(float(found[last] / found[-1]), 6),
                    "threshold": round(float(grid[::-1][last]), 6),
                }
            )
    return points
