"""Items that stand in two splits under two ids: found by their features, or by what a recipe says of its own copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.batch import Column
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.cluster_sizes import cluster_sizes
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.text import is_string

COPY_OF = "copy_of"
"""Column of a recipe's truth: the id of the item that this one repeats; empty for one of its own."""
MOST_ROWS = 20_000_000
"""Of more rows those are looked at whose features (or original, where that is stated) have a hash up to a limit: all copies, or none."""
FALSE_ALARM = 1e-6
"""Chance that items which were dealt to the splits by lot are taken for copies."""
_SPLIT = np.uint64(0xFFFF)
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))

Hashes = npt.NDArray[np.uint64]


def crossing_duplicates(benchmark: Benchmark, *, anew: tuple[str, ...] = ()) -> Iterator[str]:
    """anew: features that copies of a recipe do not share. Memory: 16 bytes a row, for at most 20 million rows.

    Features that happen to be the same in two rows are no fault by themselves. But where rows were dealt to the splits by lot, two rows
    that are alike are as likely to be in two splits as any other two of different clusters. Of the features that stand exactly twice,
    more are in two splits than that allows only where rows were copied from one split to another. Rows of one cluster that are alike
    count once: they are never dealt apart.
    """
    yield from _stated_copies(benchmark)
    shared = tuple(name for name in benchmark.info.features if name not in anew)
    if len(benchmark.splits) > 1 and shared:
        yield from _same_features(benchmark, shared)


def _stated_copies(benchmark: Benchmark) -> Iterator[str]:
    if COPY_OF not in benchmark.truth_columns:
        return
    for split in benchmark.splits:
        limit = _limit(benchmark.rows_in(split))
        ids = _gathered((text_hashes(batch.ids) for batch in benchmark.batches(split, columns=frozenset({"ids"}))), limit)
        ids.sort()
        elsewhere = 0
        for own in benchmark.truth(split, COPY_OF):
            copied = text_hashes(own.filter(pc.not_equal(own, "")))
            copied = copied[copied <= limit]
            elsewhere += len(copied) - int(np.count_nonzero(np.searchsorted(ids, copied, "right") > np.searchsorted(ids, copied)))
        if elsewhere:
            yield f"{benchmark.folder}: {elsewhere} items of '{split}' repeat an item of another split ('{COPY_OF}')"


def _same_features(benchmark: Benchmark, names: tuple[str, ...]) -> Iterator[str]:
    sizes = [benchmark.rows_in(split) for split in benchmark.splits]
    first, second = _standing_twice(_of_all_splits(benchmark, names, _limit(sum(sizes))))
    apart = first != second
    total = sum(sizes)
    together = 0 if not benchmark.info.clustered else sum(_pairs(cluster_sizes(benchmark, split)) for split in benchmark.splits)
    by_lot = (_pairs([total]) - _pairs(sizes)) / max(1, _pairs([total]) - together)
    if _improbable(int(apart.sum()), len(apart), by_lot):
        places = Counter(zip(first[apart].tolist(), second[apart].tolist(), strict=True))
        (one, other), most = places.most_common(1)[0]
        where = f"'{benchmark.splits[one]}' and '{benchmark.splits[other]}'"
        yield (
            f"{benchmark.folder}: {int(apart.sum())} of {len(apart)} items whose features stand exactly twice are in two splits, "
            f"most often ({most}) in {where}; by lot it would be about {len(apart) * by_lot:.0f}: they look copied"
        )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(int(n) * (int(n) - 1) for n in sizes) // 2


def _improbable(seen: int, of: int, chance: float) -> bool:
    """Whether so many of so many have a chance below FALSE_ALARM (Chernoff's bound: certain, if a little mild)."""
    share = seen / of if of else 0.0
    if share <= chance or not 0 < chance < 1:
        return False
    distance = share * log(share / chance) + ((1 - share) * log((1 - share) / (1 - chance)) if share < 1 else 0.0)
    return of * distance > -log(FALSE_ALARM)


def _limit(rows: int) -> np.uint64:
    """Hashes up to it are looked at."""
    return np.uint64(min(1.0, MOST_ROWS / rows) * (2**64 - 2048))


def _gathered(hashes: Iterable[Hashes], limit: np.uint64) -> Hashes:
    return np.concatenate([np.zeros(0, dtype=np.uint64), *(own[own <= limit] for own in hashes)])


def _of_all_splits(benchmark: Benchmark, names: tuple[str, ...], limit: np.uint64) -> Hashes:
    """48 bits of the features of each row, and in the last 16 the place of its split."""
    found = (
        (hashes[hashes <= limit] & ~_SPLIT) | np.uint64(place)
        for place, split in enumerate(benchmark.splits)
        for hashes in _hashes(benchmark, split, names)
    )
    return np.concatenate(list(found))


def _standing_twice(hashes: Hashes) -> tuple[Hashes, Hashes]:
    """The splits of the two rows of all features that stand exactly twice. Sorts in place."""
    hashes.sort()
    same = (hashes[1:] ^ hashes[:-1]) <= _SPLIT
    twice = same.copy()
    twice[1:] &= ~same[:-1]
    twice[:-1] &= ~same[1:]
    places = np.flatnonzero(twice)
    return hashes[places] & _SPLIT, hashes[places + 1] & _SPLIT


def _hashes(benchmark: Benchmark, split: str, names: tuple[str, ...]) -> Iterator[Hashes]:
    """Of the features of each row; of rows of one cluster that are alike (and are not far apart) only the first."""
    clustered = benchmark.info.clustered
    asked: frozenset[Column] = frozenset({"features", "clusters"} if clustered else {"features"})
    for batch in benchmark.batches(split, columns=asked):
        assert batch.features is not None  # noqa: S101 - asked for
        hashes = np.zeros(batch.rows, dtype=np.uint64)
        for name in names:
            hashes = _mixed(hashes, _of_column(batch.features.column(name).combine_chunks()))
        if clustered:
            hashes = hashes[np.unique(_mixed(hashes, text_hashes(batch.clusters)), return_index=True)[1]]
        yield hashes


def _of_column(array: Any) -> Hashes:
    if is_string(array.type) or pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        own = text_hashes(array.cast(pa.binary()))
    else:
        plain = pc.fill_null(array.cast(pa.float64(), safe=False), 0.0).to_numpy(zero_copy_only=False)
        own = np.ascontiguousarray(plain + 0.0).view(np.uint64)
    nulls: Hashes = array.is_null().to_numpy(zero_copy_only=False).astype(np.uint64)
    return own ^ nulls


def _mixed(hashes: Hashes, more: Hashes) -> Hashes:
    mixed = (hashes * _MIX[0]) ^ more
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX[1]
    return np.asarray(mixed ^ (mixed >> np.uint64(29)), dtype=np.uint64)
