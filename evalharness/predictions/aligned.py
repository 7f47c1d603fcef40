"""Stored predictions, aligned with the judged split of a benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import BadInput, bad_input
from evalharness.predictions.answers import INVALID, Accounting, Answers, account
from evalharness.predictions.in_order import ids_of, values_in_order
from evalharness.predictions.join import join
from evalharness.predictions.stored import StoredPredictions, Values, is_scores, unusable

if TYPE_CHECKING:
    from evalharness.benchmarks.benchmark import Benchmark


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aligned:
    """An answer, or the lack of one, for every item of the judged split. Holds 9 bytes an item (2 for labels)."""

    values: Values
    """[rows of the split] scores or labels, read-only."""
    status: NDArray[np.uint8]
    """[rows of the split] status codes, read-only."""
    accounting: Accounting
    ignored_columns: tuple[str, ...]
    """Columns of the file that were not read."""

    def slice(self, start: int, stop: int) -> Answers:
        """Answers to the items from `start` up to, not including, `stop`."""
        values, status = self.values[start:stop], self.status[start:stop]
        if is_scores(values):
            return Answers(scores=values, labels=None, status=status)
        return Answers(scores=None, labels=values, status=status)


def align(path: Path, benchmark: Benchmark, split: str, *, positive: str, negative: str, rule: str, score_range: str) -> Aligned:
    """Reads predictions (.csv, .parquet) and puts them in the order of the judged split.

    `rule` is that of the operating point, `score_range` `unit` or `any`; an empty `negative` is unknown.
    Rows without use are counted, never dropped silently.
    Raises BadInput when the file cannot be read, lacks a column, or shares no id with the split.
    """
    predictions = StoredPredictions(
        path, id_column=benchmark.info.id_column, rule=rule, score_range=score_range, positive=positive, negative=negative
    )
    values = values_in_order(predictions, benchmark, split)
    if values is not None:
        status = _status_in_order(values)
        accounting = account(status, rows=len(values))
    else:
        joined = join(predictions, benchmark, split)
        values, status = joined.values, joined.status
        accounting = account(status, rows=joined.rows, extra=joined.extra, other_split=joined.other_split)
        if joined.rows == joined.extra + joined.other_split:
            raise _nothing_in_common(predictions, benchmark, split, accounting)
    values.setflags(write=False)
    status.setflags(write=False)
    return Aligned(values=values, status=status, accounting=accounting, ignored_columns=predictions.columns.ignored)


def _status_in_order(values: Values) -> NDArray[np.uint8]:
    status = unusable(values).view(np.uint8)
    status *= INVALID  # ANSWERED is 0
    return status


def _nothing_in_common(predictions: StoredPredictions, benchmark: Benchmark, split: str, accounting: Accounting) -> BadInput:
    ours = next(iter(ids_of(benchmark, split)))[0].as_py()
    theirs = next(iter(predictions.read())).ids[0].as_py()
    elsewhere = f"; {accounting.other_split} of its {accounting.rows} rows belong to other splits" if accounting.other_split else ""
    return bad_input(
        f"not one id is an item of the split '{split}' of {benchmark.info.name}",
        where=predictions.path,
        got=f"ids like {theirs!r}{elsewhere}",
        expected=f"ids like {ours!r}",
        hint="predict the items of the judged split, and write their ids as the benchmark does",
    )
