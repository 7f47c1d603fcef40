"""What the best possible classifier reaches on generated items, for everybody and for each group, from the true chances.

Expectations are over the labels given what a model receives, so they need no label. By Neyman and Pearson no classifier that sees the
same columns does better than a threshold on the chance. Levels of an attribute that shapes the features are judged by the chance given
also the own level: a rule made for one level could use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.attainable_links import best_links
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.chance_bins import EVERYONE, STEPS, ChanceBins, Codes, Floats
from evalharness.benchmarks.columns import PAIR_TRUTH
from evalharness.stats.best_rule import most_gained

FALSE_POSITIVE_RATES = (0.01, 0.05, 0.10, 0.20)


def best_attainable(benchmark: Benchmark, split: str) -> dict[str, Any]:
    """Group -> what is best there: `everyone`, then each level as `sex=F`. Empty where the chances are not known.

    Binary, ranking and risk: [{false_positive_rate, recall, threshold}]; ordinal: {exact_agreement}; linkage: [{precision, recall}] over
    all links of the split, of which the best rule finds only those that a candidate pair holds, and {links, in_candidates}.
    """
    if benchmark.info.task == "linkage":
        return best_links(benchmark, split) if PAIR_TRUTH in benchmark.tables else {}
    if benchmark.info.task == "ordinal":
        known = benchmark.info.levels and f"posterior_{benchmark.info.levels[0]}" in benchmark.truth_columns
        return _agreement(benchmark, split) if known else {}
    return _recall(benchmark, split) if "posterior" in benchmark.truth_columns else {}


def _recall(benchmark: Benchmark, split: str) -> dict[str, Any]:
    sums = ChanceBins(benchmark.levels(split))
    for groups, chances, within in _rows(benchmark, split, None):
        sums.add(chances, groups, within)
    return {group: _points(sums.items[k], sums.chances[k]) for k, group in enumerate(sums.groups)}


def _rows(benchmark: Benchmark, split: str, level: str | None) -> Iterator[tuple[dict[str, Codes], Floats, dict[str, Floats]]]:
    """(group codes, chances, chances given the own level by attribute) of consecutive rows."""
    chances = benchmark.posterior(split, level=level)
    inside = {name: benchmark.posterior(split, within=name, level=level) for name in benchmark.within}
    for batch in benchmark.batches(split, columns=frozenset({"groups"})):
        yield dict(batch.groups or {}), next(chances), {name: next(own) for name, own in inside.items()}


def _points(items: npt.NDArray[np.int64], chances: Floats) -> list[dict[str, float]]:
    """Best recall at some false-positive rates, for the rule that takes items from the greatest chance downwards."""
    found, alarms = chances[::-1], (items - chances)[::-1]
    if not found.sum() > 0 or not alarms.sum() > 0:
        return []
    spent = np.cumsum(alarms)
    points = []
    for rate in FALSE_POSITIVE_RATES:
        allowed = rate * float(alarms.sum())
        last = min(int(np.searchsorted(spent, allowed, side="right")), STEPS - 1)
        recall = most_gained(found, alarms, allowed) / float(found.sum())
        points.append({"false_positive_rate": rate, "recall": round(min(recall, 1.0), 4), "threshold": round(1 - (last + 1) / STEPS, 4)})
    return points


def _agreement(benchmark: Benchmark, split: str) -> dict[str, Any]:
    """The best grading takes the likeliest level of each item: it agrees with the label as often as that level is likely, on average."""
    levels = benchmark.levels(split)
    sums, counts = {EVERYONE: 0.0}, {EVERYONE: 0}
    of_level = [_rows(benchmark, split, level) for level in benchmark.info.levels]
    for parts in zip(*of_level, strict=True):
        groups = parts[0][0]
        overall = np.max([chances for _, chances, _ in parts], axis=0)
        sums[EVERYONE] += float(overall.sum())
        counts[EVERYONE] += len(overall)
        for attribute, names in levels.items():
            own = np.max([within[attribute] for _, _, within in parts], axis=0) if attribute in benchmark.within else overall
            added = np.bincount(groups[attribute], weights=own, minlength=len(names))
            items = np.bincount(groups[attribute], minlength=len(names))
            for name, more, n in zip(names, added.tolist(), items.tolist(), strict=True):
                group = f"{attribute}={name}"
                sums[group], counts[group] = sums.get(group, 0.0) + more, counts.get(group, 0) + n
    return {group: {"exact_agreement": round(total / counts[group], 4)} for group, total in sums.items() if counts[group]}
