"""How far people who labelled the same items agree: Krippendorff's alpha, by the package `krippendorff`.

1: always; 0: no more than by chance; below 0: less. It counts disagreement by how far apart levels are (`ordinal`), or not (`nominal`),
copes with people who labelled only some of the items, and leaves out items that fewer than two people labelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.errors import bad_input

TABLE = "annotators"
"""The table of a recipe that holds what people said: a column `rater_1`, `rater_2` … for each."""
PACKAGE = "krippendorff"
_HINT = "pip install 'evalharness[agreement]'"
NOBODY = "no item was labelled by two people"
"""Reason of no value where there is nothing to agree on."""
MOST_ITEMS = 500_000
"""Of a larger table every second, third … item is taken, so that memory stays bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Alpha and what it was computed from."""

    alpha: float | None
    """Null with a reason."""
    reason: str
    items: int
    """Items that counted: labelled by at least two people."""
    raters: int
    scale: Literal["nominal", "ordinal"]


def agreement(
    batches: Iterable[Mapping[str, Any]], raters: Sequence[str], levels: Sequence[str], *, ordinal: bool, every: int = 1
) -> Agreement:
    """Alpha of the columns `raters` of a table given batch by batch; null where somebody did not label the item.

    levels: all that can be said, rising where `ordinal`. every: 2 takes every second item, and so on (see `step`).

    Raises BadInput for a value that is no level, and when the package is not installed.
    """
    said, before = [np.zeros((0, len(levels)), dtype=np.uint8)], 0
    for batch in batches:
        counted = _counted(batch, raters, levels)
        said.append(counted[-before % every :: every])
        before += len(counted)
    counts = np.concatenate(said)
    counts = counts[counts.sum(axis=1) > 1]
    scale: Literal["nominal", "ordinal"] = "ordinal" if ordinal else "nominal"
    reason = ""
    if not len(counts):
        reason = NOBODY
    elif np.count_nonzero(counts.any(axis=0)) < 2:
        reason = "everybody said the same of every item: agreement beyond chance cannot be told"
    value = None if reason else float(_alpha()(value_counts=counts, level_of_measurement=scale))
    return Agreement(alpha=value, reason=reason, items=len(counts), raters=len(raters), scale=scale)


def agreement_of_raters(benchmark: Benchmark, split: str | None = None) -> Agreement | None:
    """Agreement of the people in the benchmark's table `annotators`, in one split or in all; null where nobody stands there.

    Levels are those of an ordinal or risk task, as far apart as their ranks; elsewhere what people say is counted as the same or not.
    Without the package the value is null, with the reason.
    """
    if TABLE not in benchmark.tables:
        return None
    raters = tuple(name for name in benchmark.table_columns(TABLE) if name.startswith("rater_"))

    def scan() -> Iterator[Mapping[str, Any]]:
        return iter(benchmark.table(TABLE, split, raters))

    found = [(len(batch[raters[0]]), [pc.unique(batch[name]) for name in raters]) for batch in scan()]
    ordered = benchmark.info.levels
    levels = ordered or tuple(sorted({value for _, said in found for values in said for value in values.to_pylist() if value is not None}))
    if find_spec(PACKAGE) is None:
        reason = f"the package {PACKAGE} is not installed: {_HINT}"
        return Agreement(alpha=None, reason=reason, items=0, raters=len(raters), scale="ordinal" if ordered else "nominal")
    return agreement(scan(), raters, levels, ordinal=bool(ordered), every=step(sum(rows for rows, _ in found)))


def step(rows: int) -> int:
    """`every` for a table of so many rows."""
    return max(1, -(-rows // MOST_ITEMS))


def _counted(batch: Mapping[str, Any], raters: Sequence[str], levels: Sequence[str]) -> npt.NDArray[np.uint8]:
    """[items, levels] how many people said each."""
    known = pa.array(list(levels), pa.string())
    found = np.zeros((len(batch[raters[0]]), len(levels)), dtype=np.uint8)
    for name in raters:
        column = batch[name]
        column = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        codes = pc.index_in(column, value_set=known)
        if codes.null_count > column.null_count:
            strange = column.filter(pc.and_(codes.is_null(), column.is_valid()))
            raise bad_input(f"{name} says something that is no level", got=str(strange[0].as_py()), expected=", ".join(levels))
        given = np.asarray(pc.fill_null(codes, -1))
        for level in range(len(levels)):
            found[:, level] += given == level
    return found


def _alpha() -> Any:
    try:
        import krippendorff  # noqa: PLC0415 - an extra: only who asks for it needs it
    except ImportError as error:
        raise bad_input(f"agreement between people needs the package {PACKAGE}, which is not installed", hint=_HINT) from error
    return krippendorff.alpha
