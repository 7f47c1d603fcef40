"""Called by bench.py: bootstraps from counts, and exact bounds, against rows resampled by hand and statsmodels; agreement first.

scripts/bench_resampling.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.metrics import f1_score, matthews_corrcoef, precision_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from evalharness.catalogue import task_metrics
from evalharness.metrics.arrays import rates
from evalharness.metrics.composites.binary import BINARY_COMPOSITES
from evalharness.stats.cell_bootstrap import cell_replicates
from evalharness.stats.cluster_bootstrap import cluster_replicates
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

SEED, SLICES, REPLICATES, AT_ONCE = 7, 168, 1_000, 25
BINARY = [m for m in task_metrics("binary").metrics.values() if m.kind in {"proportion", "scaled", "reciprocal"}]
NUMERATORS, DENOMINATORS = np.array([m.numerator for m in BINARY]), np.array([m.denominator for m in BINARY])
MISSED: list[str] = []


def main() -> None:
    rng = np.random.default_rng(SEED)
    of_cells(rng)
    of_clusters(rng)
    exact_bounds(rng)
    if MISSED:
        raise SystemExit("goals missed: " + "; ".join(MISSED))


def of_cells(rng: np.random.Generator) -> None:
    """1,000 replicates of every count metric in 168 slices of a million rows."""
    counts = rng.multinomial(1_000_000 // SLICES, [0.045, 0.09, 0.004, 0.855, 0.001, 0.005], SLICES)

    def work() -> tuple[Any, Any]:
        drawn = cell_replicates(counts, counts.sum(axis=1), REPLICATES, SEED)
        return drawn, metrics_of(drawn)

    (drawn, found), seconds = timed(work, 5)
    agree(drawn, found)
    rows = np.repeat(np.arange(6), counts[0])
    _, by_rows = timed(lambda: np.bincount(rng.choice(rows, len(rows)), minlength=6), 3)
    told("1,000 replicates of all binary count metrics, 168 slices", seconds, 0.2, by_rows * REPLICATES * SLICES, "resampled rows")


def metrics_of(drawn: Any) -> dict[str, Any]:
    """[R, S] of every metric, a few replicates at a time, so that they stay in the processor's cache."""
    parts = [some_metrics(drawn[start : start + AT_ONCE]) for start in range(0, len(drawn), AT_ONCE)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def some_metrics(drawn: Any) -> dict[str, Any]:
    values = rates(drawn, None, NUMERATORS, DENOMINATORS).value
    as_floats = drawn.astype(np.float64)
    composites = {composite.name: composite.compute(as_floats)[0] for composite in BINARY_COMPOSITES}
    return {**{metric.name: values[..., place] for place, metric in enumerate(BINARY)}, **composites}


def agree(drawn: Any, found: dict[str, Any]) -> None:
    """Some replicates written out as rows, an item without an answer as wrong, by scikit-learn."""
    for r, s in ((0, 0), (17, 40), (999, 167)):
        tp, fp, fn, tn, missed, alarm = drawn[r, s]
        true = np.repeat([1, 0, 1, 0, 1, 0], [tp, fp, fn, tn, missed, alarm])
        said = np.repeat([1, 1, 0, 0, 0, 1], [tp, fp, fn, tn, missed, alarm])
        answered = np.repeat([True, True, True, True, False, False], [tp, fp, fn, tn, missed, alarm])
        theirs = {"recall": recall_score(true, said), "precision": precision_score(true[answered], said[answered]),
                  "f1": f1_score(true, said), "matthews_corrcoef": matthews_corrcoef(true, said)}  # fmt: skip
        for name, value in theirs.items():
            if abs(found[name][r, s] - value) > 1e-12:
                raise SystemExit(f"they disagree on {name}: {found[name][r, s]} and {value}")


def of_clusters(rng: np.random.Generator) -> None:
    """50,000 clusters x 96 cells (a million rows), 1,000 replicates."""
    clusters, cells, rows = 50_000, 96, 1_000_000
    which, cell = rng.integers(0, clusters, rows), rng.integers(0, cells, rows)
    table = csr_array((np.ones(rows), (which, cell)), shape=(clusters, cells))
    table.sum_duplicates()
    found, seconds = timed(lambda: cluster_replicates(table, REPLICATES, SEED), 2)
    spread = found.std(axis=0) / np.sqrt(clusters * np.asarray(table.todense()).var(axis=0))
    if np.abs(spread - 1).max() > 0.15 or np.abs(found.mean(axis=0) / table.sum(axis=0) - 1).max() > 0.01:
        raise SystemExit("the replicates do not vary as drawn clusters do")
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], np.arange(clusters + 1))

    def by_rows() -> Any:
        drawn = rng.integers(0, clusters, clusters)
        lengths = starts[drawn + 1] - starts[drawn]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.bincount(cell[order[np.repeat(starts[drawn], lengths) + within]], minlength=cells)

    _, once = timed(by_rows, 3)
    told("1,000 replicates of 50,000 clusters x 96 cells", seconds, 3.0, once * REPLICATES, "resampled rows")


def exact_bounds(rng: np.random.Generator) -> None:
    """Both limits of 100,000 proportions."""
    n = rng.integers(1, 5_000, 100_000)
    k = rng.binomial(n, 0.9)
    ours, seconds = timed(lambda: (clopper_pearson_lower(k, n, 0.05), clopper_pearson_upper(k, n, 0.05)), 3)
    theirs, their_seconds = timed(lambda: proportion_confint(k, n, alpha=0.1, method="beta"), 3)
    if max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True)) > 1e-10:
        raise SystemExit("they disagree on exact limits")
    told("exact limits of 100,000 proportions", seconds, None, their_seconds, "statsmodels")


def told(what: str, seconds: float, limit: float | None, other: float, name: str) -> None:
    missed = limit is not None and seconds > limit
    if missed:
        MISSED.append(f"{what}: {seconds:.2f} s CPU, goal {limit:g}")
    goal = "" if limit is None else f" (goal {limit:g}{', MISSED' if missed else ''})"
    print(f"  {what:<58} {seconds:7.3f} s CPU{goal}   {name} {other:9.2f} s CPU   {other / seconds:8,.1f} x", flush=True)


def timed(work: Callable[[], Any], times: int) -> tuple[Any, float]:
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        result = work()
        best = min(best, time.process_time() - started)
    return result, best


if __name__ == "__main__":
    main()
