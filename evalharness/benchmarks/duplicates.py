"""Items that stand in two splits under two ids: found by their features, or by what a recipe says of its own copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.text import is_string

COPY_OF = "copy_of"
"""Column of a recipe's truth: the id of the item that this one repeats; empty for one of its own."""
MOST_ROWS = 20_000_000
"""Of more rows those are looked at whose features have a hash below a limit: all copies of an item, or none."""
FALSE_ALARM = 1e-6
"""Chance that items which were dealt to the splits by lot are taken for copies."""
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))

Hashes = npt.NDArray[np.uint64]


def crossing_duplicates(benchmark: Benchmark) -> Iterator[str]:
    """Memory: 8 bytes a row, for at most 20 million rows.

    Features that happen to be the same in two rows are no fault by themselves. But where rows were dealt to the splits by lot, two rows
    that are alike are as likely to be in two splits as any other two. Of the features that stand exactly twice, more are in two splits
    than that allows only where rows were copied from one split to another. Rows of one cluster are never dealt apart, which makes the
    check milder, never stricter.
    """
    yield from _stated_copies(benchmark)
    if len(benchmark.splits) > 1 and benchmark.info.features:
        yield from _same_features(benchmark)


def _stated_copies(benchmark: Benchmark) -> Iterator[str]:
    if COPY_OF not in benchmark.truth_columns:
        return
    for split in benchmark.splits:
        ids = [text_hashes(batch.ids) for batch in benchmark.batches(split, columns=frozenset({"ids"}))]
        copied = [text_hashes(own.filter(pc.not_equal(own, ""))) for own in benchmark.truth(split, COPY_OF)]
        elsewhere = int((~np.isin(np.concatenate(copied), np.concatenate(ids))).sum())
        if elsewhere:
            yield f"{benchmark.folder}: {elsewhere} items of '{split}' repeat an item of another split ('{COPY_OF}')"


def _same_features(benchmark: Benchmark) -> Iterator[str]:
    sizes = [benchmark.rows_in(split) for split in benchmark.splits]
    limit = np.uint64(min(1.0, MOST_ROWS / sum(sizes)) * (2**64 - 2048))
    found = [_hashes(benchmark, split, limit) for split in benchmark.splits]
    hashes = np.concatenate(found)
    splits = np.repeat(np.arange(len(found), dtype=np.int16), [len(own) for own in found])
    order = np.argsort(hashes, kind="stable")
    hashes, splits = hashes[order], splits[order]
    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    counts = np.diff(np.concatenate((starts, [len(hashes)])))
    twice = starts[counts == 2]
    first, second = splits[twice], splits[twice + 1]
    apart = first != second
    total = sum(sizes)
    by_lot = 1 - sum(n * (n - 1) for n in sizes) / (total * (total - 1))
    if _improbable(int(apart.sum()), len(twice), by_lot):
        places = Counter(zip(first[apart].tolist(), second[apart].tolist(), strict=True))
        (one, other), most = places.most_common(1)[0]
        names = f"'{benchmark.splits[one]}' and '{benchmark.splits[other]}'"
        yield (
            f"{benchmark.folder}: {int(apart.sum())} of {len(twice)} items whose features stand exactly twice are in two splits, "
            f"most often ({most}) in {names}; by lot it would be about {len(twice) * by_lot:.0f}: they look copied"
        )


def _improbable(seen: int, of: int, chance: float) -> bool:
    """Whether so many of so many have a chance below FALSE_ALARM (Chernoff's bound: certain, if a little mild)."""
    share = seen / of if of else 0.0
    if share <= chance or not 0 < chance < 1:
        return False
    distance = share * log(share / chance) + ((1 - share) * log((1 - share) / (1 - chance)) if share < 1 else 0.0)
    return of * distance > -log(FALSE_ALARM)


def _hashes(benchmark: Benchmark, split: str, limit: np.uint64) -> Hashes:
    parts = [np.zeros(0, dtype=np.uint64)]
    for batch in benchmark.batches(split, columns=frozenset({"features"})):
        assert batch.features is not None  # noqa: S101 - asked for
        hashes = np.zeros(batch.rows, dtype=np.uint64)
        for column in batch.features.columns:
            hashes = _mixed(hashes, _of_column(column.combine_chunks()))
        parts.append(hashes[hashes <= limit])
    return np.concatenate(parts)


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
