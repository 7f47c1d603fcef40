"""How many items each cluster of a split has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.hashing import text_hashes

Sizes = npt.NDArray[np.int64]


def cluster_sizes(benchmark: Benchmark, split: str) -> Sizes:
    """In any order. Memory: 8 bytes a cluster; 8 bytes a row where clusters do not stand together."""
    return _run_sizes(benchmark, split) if benchmark.facts(split).contiguous else _sizes_apart(benchmark, split)


def _sizes_apart(benchmark: Benchmark, split: str) -> Sizes:
    hashes = [text_hashes(clusters) for clusters in _texts(benchmark, split)]
    return np.unique(np.concatenate(hashes), return_counts=True)[1]


def _run_sizes(benchmark: Benchmark, split: str) -> Sizes:
    """Lengths of the runs of equal clusters."""
    starts, before, rows = [], None, 0
    for clusters in _texts(benchmark, split):
        hashes = text_hashes(clusters)
        new = np.concatenate(([before is None or hashes[0] != before], hashes[1:] != hashes[:-1]))
        starts.append(np.flatnonzero(new) + rows)
        before, rows = hashes[-1], rows + len(hashes)
    return np.diff(np.concatenate((*starts, [rows])))


def _texts(benchmark: Benchmark, split: str) -> Iterator[Any]:
    for batch in benchmark.batches(split, columns=frozenset({"clusters"})):
        yield batch.clusters
