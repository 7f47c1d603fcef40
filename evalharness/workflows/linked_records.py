"""Every record of a linkage benchmark: whose it is, its groups and its cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.text import coded
from evalharness.errors import Fault
from evalharness.tally.group_sums import Groups


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """What is held of every record of the split."""

    entities: NDArray[np.int64]
    groups: Groups
    clusters: NDArray[np.int64] | None


def records_of(benchmark: Benchmark, split: str) -> Records:
    """Every record of a split: whose it is, its groups and its cluster."""
    entities: list[pa.Array] = []
    clusters: list[pa.Array] = []
    groups: dict[str, list[NDArray[np.int32]]] = {attribute: [] for attribute in benchmark.info.attributes}
    for batch in benchmark.batches(split, columns=frozenset({"entities", "groups", "clusters"})):
        if batch.entities is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without entities or groups")
        entities.append(batch.entities)
        for attribute, parts in groups.items():
            parts.append(batch.groups[attribute])
        if batch.clusters is not None:
            clusters.append(batch.clusters)
    return Records(
        entities=_in_order_of_text(entities),
        groups={attribute: np.concatenate(parts) for attribute, parts in groups.items()},
        clusters=_numbers(clusters) if clusters else None,
    )


def _in_order_of_text(texts: list[pa.Array]) -> NDArray[np.int64]:
    """A number for each distinct text, whatever the order of the rows: draws of entities go by it."""
    codes, names = coded(pa.concat_arrays(texts))
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(np.array(names, dtype=np.str_), kind="stable")] = np.arange(len(names))
    return rank[codes]


def _numbers(texts: list[pa.Array]) -> NDArray[np.int64]:
    """A number for each distinct text."""
    return coded(pa.concat_arrays(texts))[0].astype(np.int64)
