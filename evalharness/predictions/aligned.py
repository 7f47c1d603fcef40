"""Stored predictions, aligned with the judged split of a benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import BadInput, Fault, bad_input
from evalharness.predictions.answers import ANSWERED, INVALID, NO_LABEL, Accounting, Answers, account
from evalharness.predictions.in_order import ids_of, values_in_order
from evalharness.predictions.join import Joined, join
from evalharness.predictions.made_for import check_items
from evalharness.predictions.reading import Reading
from evalharness.predictions.stored import StoredPredictions, Values, is_scores, open_predictions, unusable
from evalharness.predictions.values import bands_of

if TYPE_CHECKING:
    from evalharness.benchmarks.benchmark import Benchmark


class NothingInCommon(BadInput):
    """Not one id of the file is an item of the split."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aligned:
    """An answer, or the lack of one, for every item of the judged split. Holds 9 bytes an item (2 for labels, 10 for both)."""

    scores: NDArray[np.float64] | None
    """[rows of the split] read-only."""
    labels: NDArray[np.int8] | None
    """[rows of the split] read-only."""
    status: NDArray[np.uint8]
    """[rows of the split] status codes, read-only."""
    accounting: Accounting
    ignored_columns: tuple[str, ...]
    """Columns of the file that were not read."""

    def slice(self, start: int, stop: int) -> Answers:
        """Answers to the items from `start` up to, not including, `stop`."""
        scores = None if self.scores is None else self.scores[start:stop]
        labels = None if self.labels is None else self.labels[start:stop]
        return Answers(scores=scores, labels=labels, status=self.status[start:stop])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlignedEntities:
    """The predicted entity, or the lack of one, of every record of the judged split. Holds 9 bytes a record."""

    entities: NDArray[np.int64]
    """[rows of the split] one number for each distinct text, -1 for none; read-only."""
    status: NDArray[np.uint8]
    """[rows of the split] status codes, read-only."""
    accounting: Accounting
    ignored_columns: tuple[str, ...]


def align(path: Path, benchmark: Benchmark, split: str, reading: Reading) -> Aligned:
    """Reads predictions (.csv, .parquet) and puts them in the order of the judged split.

    Rows without use are counted, never dropped silently. Where an answer is made of a score and a label, both must be usable.
    Raises BadInput when the file cannot be read, lacks a column, or shares no id with the split.
    """
    parts, ignored = _aligned_parts(path, benchmark, split, reading)
    status = parts[0].status
    for part in parts[1:]:
        status = np.maximum(status, part.status)  # missing and duplicate in one are so in all: they differ in what is invalid
    scores = next((part.values for part in parts if is_scores(part.values)), None)
    labels = next((part.values for part in parts if not is_scores(part.values)), None)
    if reading.cuts:
        if scores is None:
            raise Fault("bands are cut on a score")
        labels = bands_of(scores, reading.cuts)
        status = np.where((status == ANSWERED) & (labels == NO_LABEL), np.uint8(INVALID), status)
    if scores is not None and labels is not None:
        scores[status != ANSWERED], labels[status != ANSWERED] = np.nan, NO_LABEL
    for array in (scores, labels, status):
        if array is not None:
            array.setflags(write=False)
    accounting = account(status, rows=parts[0].rows, extra=parts[0].extra, other_split=parts[0].other_split)
    return Aligned(scores=scores, labels=labels, status=status, accounting=accounting, ignored_columns=ignored)


def align_entities(path: Path, benchmark: Benchmark, split: str) -> AlignedEntities:
    """Reads the predicted entity of each record (.csv, .parquet). Raises BadInput as `align` does."""
    (part,), ignored = _aligned_parts(path, benchmark, split, Reading(task="linkage", rule="label"))
    part.values.setflags(write=False)
    part.status.setflags(write=False)
    accounting = account(part.status, rows=part.rows, extra=part.extra, other_split=part.other_split)
    return AlignedEntities(entities=part.values, status=part.status, accounting=accounting, ignored_columns=ignored)


def _aligned_parts(path: Path, benchmark: Benchmark, split: str, reading: Reading) -> tuple[list[Joined], tuple[str, ...]]:
    """Each value that the reading asks for, and the columns left aside."""
    check_items(path, benchmark.info)
    predictions, columns = open_predictions(path, id_column=benchmark.info.id_column, reading=reading)
    return [_aligned_part(part, benchmark, split) for part in predictions], columns.ignored


def _aligned_part(predictions: StoredPredictions, benchmark: Benchmark, split: str) -> Joined:
    values = values_in_order(predictions, benchmark, split)
    if values is not None:
        return Joined(values=values, status=_status_in_order(values), rows=len(values), extra=0, other_split=0)
    joined = join(predictions, benchmark, split)
    if joined.rows == joined.extra + joined.other_split:
        raise _nothing_in_common(predictions, benchmark, split, joined)
    return joined


def _status_in_order(values: Values) -> NDArray[np.uint8]:
    status = unusable(values).view(np.uint8)
    status *= INVALID  # ANSWERED is 0
    return status


def _nothing_in_common(predictions: StoredPredictions, benchmark: Benchmark, split: str, joined: Joined) -> NothingInCommon:
    ours = next(iter(ids_of(benchmark, split)))[0].as_py()
    theirs = next(iter(predictions.read())).ids[0].as_py()
    elsewhere = f"; {joined.other_split} of its {joined.rows} rows belong to other splits" if joined.other_split else ""
    error = bad_input(
        f"not one id is an item of the split '{split}' of {benchmark.info.name}",
        where=predictions.path,
        got=f"ids like {theirs!r}{elsewhere}",
        expected=f"ids like {ours!r}",
        hint="predict the items of the judged split, and write their ids as the benchmark does",
    )
    return NothingInCommon(error.problems)
