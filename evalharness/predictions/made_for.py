"""A Parquet file of answers can say which items they are for: other rows or another seed of a recipe use the same ids for other items."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from evalharness.benchmarks.parquet_errors import parquet_refused
from evalharness.errors import bad_input, shown
from evalharness.records import BenchmarkInfo

KEY = "evalharness.items"
"""In the metadata of the file: which items its answers are for, in the words of `items_in_words`."""


def check_items(path: Path, info: BenchmarkInfo) -> None:
    """Raises BadInput where the file says that its answers are for other items; a file that says nothing is taken as it is."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return
    with parquet_refused(path):
        told = (pq.read_metadata(str(path)).metadata or {}).get(KEY.encode())
    if told is None or told == items_in_words(info).encode():
        return
    raise bad_input(
        "the model's answers are for other items than these",
        where=path,
        got=f"answers for {shown(told.decode('utf-8', 'replace'))}",
        expected=f"answers for {items_in_words(info)}",
        hint="leave --rows and --seed away, or have these items answered: the model's card says how",
    )


def items_in_words(info: BenchmarkInfo) -> str:
    """Recipe, rows and seed: what decides which item an id stands for. Of a seal its digest; of a supplied table that of its content."""
    if info.seal is not None:
        made = f", seal {info.seal.digest}"
    else:
        made = f", digest {info.digest}" if info.seed is None else f", seed {info.seed}"
    return f"the {info.rows} items of {info.name} version {info.version}{made}"
