"""Are the groups of a recipe's data as large as the recipe promises?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Any, cast

import numpy as np

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.cluster_sizes import cluster_sizes
from evalharness.benchmarks.declaration import Declaration
from evalharness.files.shape import Shape

FALSE_ALARM = 1e-6
"""Chance that data made as promised is told not to be, over all groups and splits of a benchmark together."""
THINNED = "train"
"""The split in which a group may be under-represented."""


@dataclass(frozen=True, slots=True)
class _Clusters:
    """Groups are drawn for clusters, so it is their sizes that say how much a share may wander."""

    rows: int
    squares: float
    """Sum of the squared sizes."""
    largest: int


def broken_promises(declaration: Declaration, benchmark: Benchmark) -> Iterator[str]:
    """Levels whose share of a split's items is further from the promised one than Bernstein's inequality allows at FALSE_ALARM.

    Nothing where the recipe names no `groups`. A harm of the name `under_representation` makes its groups smaller in `train`: the
    attributes it names are not looked at there. For linkage `base_rate` gives a group's entities more records: its attributes are not
    looked at anywhere. Memory: 8 bytes a row of a split whose clusters do not stand together.
    """
    dials = cast(Shape, declaration.dials).model_dump(mode="json")
    promised: Mapping[str, Mapping[str, float]] = dials.get("groups", {})
    thinned = _named(dials, "under_representation")
    swollen = _named(dials, "base_rate") if declaration.task == "linkage" else set()
    tests = len(benchmark.splits) * sum(len(levels) for levels in promised.values())
    for split in benchmark.splits:
        clusters = _clusters(benchmark, split)
        for attribute, levels in promised.items():
            if attribute in swollen or (split == THINNED and attribute in thinned):
                continue
            found = benchmark.facts(split).levels[attribute]
            for level, share in levels.items():
                rows, allowed = found.get(level, 0), _reach(clusters, share, tests)
                if abs(rows - share * clusters.rows) > allowed:
                    yield (
                        f"{benchmark.folder}: split '{split}', column '{attribute}': {rows} items are '{level}'; the recipe promises "
                        f"{share:g} of {clusters.rows}, give or take {allowed:.0f}"
                    )
            for level in sorted(set(found) - set(levels)):
                yield f"{benchmark.folder}: split '{split}', column '{attribute}': '{level}' is no level of the recipe"


def _named(dials: Mapping[str, Any], harm: str) -> set[str]:
    """The attributes of a harm that is on."""
    found = dials.get("harms", {}).get(harm, {})
    return set(found.get("of", {})) if found.get("size") else set()


def _reach(clusters: _Clusters, share: float, tests: int) -> float:
    """How far the number of items may be from the promised one: Bernstein, *Theory of Probability* (1927), for sums of bounded terms."""
    need = log(2 * tests / FALSE_ALARM)
    spread, most = share * (1 - share) * clusters.squares, clusters.largest
    return need * most / 3 + sqrt((need * most / 3) ** 2 + 2 * need * spread)


def _clusters(benchmark: Benchmark, split: str) -> _Clusters:
    """Sizes of the clusters. In a ranking the queue is no person: there each item counts by itself."""
    rows, info = benchmark.rows_in(split), benchmark.info
    if not info.clustered or info.task == "ranking":
        return _Clusters(rows, rows, 1)
    sizes = cluster_sizes(benchmark, split)
    return _Clusters(rows, float((sizes.astype(np.float64) ** 2).sum()), int(sizes.max()))
