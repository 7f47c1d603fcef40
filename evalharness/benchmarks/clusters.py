"""Clusters as they stand in a table: in runs, split by split."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.declaration import TEST
from evalharness.benchmarks.identity import ascending
from evalharness.benchmarks.split_facts import SplitFacts
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import as_text, coded


def clusters_by_split(table: Table, cluster: str, split: str | None) -> Iterator[tuple[str, Any]]:
    """(split, clusters of consecutive rows of it) in stored order."""
    for rows in table.scan([cluster] if split is None else [cluster, split], coded=() if split is None else (split,)):
        clusters = as_text(rows[cluster])
        if split is None:
            yield TEST, clusters
            continue
        codes, names = coded(rows[split])
        for code, name in enumerate(names):
            chosen = np.flatnonzero(codes == code)
            if len(chosen):
                yield name, clusters.take(pa.array(chosen))


def run_heads(clusters: Any, before: str | None) -> Any:
    """First value of each run of equal values; a run that goes on from `before` has none."""
    changes = np.ones(len(clusters), dtype=bool)
    changes[1:] = pc.not_equal(clusters.slice(1), clusters.slice(0, len(clusters) - 1)).to_numpy(zero_copy_only=False)
    changes[0] = before is None or clusters[0].as_py() != before
    return clusters.filter(pa.array(changes))


def add_clusters(facts: SplitFacts, clusters: Any) -> None:
    """Counts the runs of consecutive rows of one split."""
    heads = run_heads(clusters, facts.last_cluster)
    facts.clusters += len(heads)
    if facts.ascending:
        facts.ascending = ascending(heads, facts.last_cluster)
    facts.last_cluster = clusters[len(clusters) - 1].as_py()
