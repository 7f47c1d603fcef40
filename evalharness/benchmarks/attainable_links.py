"""How many of the links between records the best possible rule on candidate pairs finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.chance_bins import EVERYONE, ChanceBins, Codes, Floats
from evalharness.benchmarks.columns import PAIR_TRUTH
from evalharness.benchmarks.hashing import text_hashes

PRECISIONS = (0.99, 0.95, 0.90, 0.80)


def best_links(benchmark: Benchmark, split: str) -> dict[str, Any]:
    """`links`: how many there are and how many of them a candidate pair holds; then for everybody and each group
    [{precision, recall}]: the best recall, over all links, of a rule that links the likeliest candidate pairs.

    A link counts for the groups of its two records, half for each; a candidate for the group of its left record.
    Memory: 16 bytes a record, and 4 for each attribute.
    """
    levels = benchmark.levels(split)
    entities, codes = _records(benchmark, split)
    of_record = (np.bincount(entities)[entities] - 1) / 2
    bins, held = ChanceBins(levels), 0
    wanted = ("posterior", *(name for name in benchmark.table_columns(PAIR_TRUTH) if name.removeprefix("within_") in levels))
    for (left, right), known in zip(benchmark.pairs(split), benchmark.table(PAIR_TRUTH, split, wanted), strict=True):
        chances = {name: array.to_numpy() for name, array in known.items()}
        within = {name: chances[f"within_{name}"] for name in levels if f"within_{name}" in chances}
        bins.add(chances["posterior"], {name: own[left] for name, own in codes.items()}, within)
        held += int((entities[left] == entities[right]).sum())
    totals = [float(of_record.sum())]
    for attribute, names in levels.items():
        totals += np.bincount(codes[attribute], weights=of_record, minlength=len(names)).tolist()
    found = {group: _points(bins.items[k], bins.chances[k], totals[k]) for k, group in enumerate(bins.groups)}
    return {"links": {"all": round(totals[bins.groups.index(EVERYONE)]), "in_candidates": held}, **found}


def _records(benchmark: Benchmark, split: str) -> tuple[npt.NDArray[np.int64], dict[str, Codes]]:
    """(number of the entity, group codes by attribute) of every record."""
    hashes: list[npt.NDArray[np.uint64]] = []
    codes: dict[str, list[Codes]] = {name: [] for name in benchmark.info.attributes}
    for batch in benchmark.batches(split, columns=frozenset({"entities", "groups"})):
        hashes.append(text_hashes(batch.entities))
        for name, own in (batch.groups or {}).items():
            codes[name].append(own)
    numbers = np.unique(np.concatenate(hashes), return_inverse=True)[1]
    return numbers.astype(np.int64), {name: np.concatenate(parts) for name, parts in codes.items()}


def _points(items: npt.NDArray[np.int64], chances: Floats, links: float) -> list[dict[str, float]]:
    """For each precision: as many of the likeliest pairs as can be linked at it, in expectation."""
    if links <= 0:
        return []
    linked, found = np.cumsum(items[::-1]), np.cumsum(chances[::-1])
    precision = found / np.maximum(linked, 1)
    points = []
    for wanted in PRECISIONS:
        enough = np.flatnonzero((precision >= wanted) & (linked > 0))
        recall = found[enough[-1]] / links if len(enough) else 0.0
        points.append({"precision": wanted, "recall": round(float(recall), 4)})
    return points
