"""Stored scores of pairs, aligned with the candidate pairs of a linkage benchmark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.text import as_text
from evalharness.errors import bad_input
from evalharness.predictions.answers import ANSWERED, DUPLICATE, INVALID, MISSING, account
from evalharness.predictions.candidates import Candidates
from evalharness.predictions.columns import LEFT, RIGHT, SCORE, choose_pair_columns
from evalharness.predictions.in_order import ids_of
from evalharness.predictions.lookup import NOWHERE, Lookup
from evalharness.predictions.made_for import check_items
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.predictions.stored import open_file, read_batches, readable
from evalharness.predictions.values import scores_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalharness.benchmarks.benchmark import Benchmark

_NOWHERE = (
    "score the pairs that the benchmark names, and write their ids as the benchmark does; answers for other rows or another seed of a "
    "recipe are for other items: leave --rows and --seed away, or score these"
)
_ELSEWHERE = "the answers are for other splits: choose one of those with --split, or score the pairs of this one"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlignedPairs:
    """Scores of the candidate pairs, and what else the file held."""

    answers: LinkAnswers
    no_candidates: int
    """Rows whose two records are of the judged split and are no candidate pair; counted as `extra`."""
    ignored_columns: tuple[str, ...]


def align_pairs(path: Path, benchmark: Benchmark, split: str, *, score_range: str) -> AlignedPairs:
    """Reads scored pairs (.csv, .parquet: left_id, right_id, score) and puts them in the order of the candidate pairs of the split.

    A pair given twice, in either order, is a duplicate; one of a record with itself is invalid; one with a record that the benchmark does
    not know, or that is no candidate, is extra; one with a record of another split belongs to that. Memory: 29 bytes a candidate pair,
    and the ids of the records. Raises BadInput when the file cannot be read, lacks a column, or holds no candidate pair.
    """
    check_items(path, benchmark.info)
    file = open_file(path)
    columns = choose_pair_columns(file.names, where=path)
    file.check_types({LEFT: "id", RIGHT: "id", SCORE: "score"})
    rows = _Rows(benchmark, split)
    for place, batch in read_batches(file, (LEFT, RIGHT, SCORE)):
        with readable(place):
            left, right = as_text(batch.column(LEFT)), as_text(batch.column(RIGHT))
            scores = scores_of(batch.column(SCORE), score_range)
        rows.add(left, right, scores)
    if rows.count == rows.extra + rows.other_split + rows.self_pairs:
        raise bad_input(
            f"not one pair is a candidate of the split '{split}' of {benchmark.info.name}",
            where=path,
            got=f"{rows.count} rows: {rows.extra} name no candidate, {rows.other_split} other splits, {rows.self_pairs} one record twice",
            expected="the candidate pairs of the judged split",
            hint=_ELSEWHERE if rows.count == rows.other_split else _NOWHERE,
        )
    return AlignedPairs(answers=rows.result(), no_candidates=rows.no_candidates, ignored_columns=columns.ignored)


class _Rows:
    """Takes the rows of a file; counts those that are no answer to a candidate pair."""

    def __init__(self, benchmark: Benchmark, split: str) -> None:
        self._benchmark, self._split = benchmark, split
        self._candidates = Candidates(benchmark, split)
        self._records = _lookup(ids_of(benchmark, split))
        self._times = np.zeros(len(self._candidates), dtype=np.int32)
        self._scores = np.full(len(self._candidates), np.nan)
        self.count = self.extra = self.other_split = self.self_pairs = self.no_candidates = 0

    def add(self, left: pa.StringArray, right: pa.StringArray, scores: NDArray[np.float64]) -> None:
        self.count += len(scores)
        one, other = _find(self._records, left), _find(self._records, right)
        known = (one != NOWHERE) & (other != NOWHERE)
        if not known.all():
            self._count_unknown(left, right, one, other)
        itself = known & (one == other)
        self.self_pairs += int(np.count_nonzero(itself))
        asked = np.flatnonzero(known & ~itself)
        places = self._candidates.find(one[asked], other[asked])
        found = places != NOWHERE
        self.no_candidates += int(np.count_nonzero(~found))
        self.extra += int(np.count_nonzero(~found))
        np.add.at(self._times, places[found], 1)
        self._scores[places[found]] = scores[asked[found]]

    def result(self) -> LinkAnswers:
        """The answers to the candidate pairs, read-only."""
        self._scores[self._times != 1] = np.nan
        once = np.where(np.isnan(self._scores), np.uint8(INVALID), np.uint8(ANSWERED))
        status = np.select([self._times == 0, self._times == 1], [np.uint8(MISSING), once], np.uint8(DUPLICATE)).astype(np.uint8)
        for array in (self._scores, status):
            array.setflags(write=False)
        counted = account(status, rows=self.count, extra=self.extra, other_split=self.other_split)
        accounting = replace(counted, invalid=counted.invalid + self.self_pairs)
        return LinkAnswers(scores=self._scores, entities=None, status=status, accounting=accounting, self_pairs=self.self_pairs)

    def _count_unknown(self, left: pa.StringArray, right: pa.StringArray, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        """Rows with a record that is not of the judged split: of another one, or of none."""
        rows = np.flatnonzero((one == NOWHERE) | (other == NOWHERE))
        taken = pa.array(rows)
        in_other = np.ones(len(rows), dtype=bool)
        for ids, places in ((left, one), (right, other)):
            in_other &= (places[rows] != NOWHERE) | (_find(self._elsewhere, ids.take(taken)) != NOWHERE)
        self.other_split += int(np.count_nonzero(in_other))
        self.extra += int(np.count_nonzero(~in_other))

    @cached_property
    def _elsewhere(self) -> Lookup:
        """The records of the other splits; read only when one is asked for."""
        return _lookup(self._benchmark.other_ids(self._split))


def _lookup(arrays: Iterable[Any]) -> Lookup:
    parts = list(arrays)
    ids = pa.concat_arrays(parts) if parts else pa.array([], pa.string())
    return Lookup(ids, text_hashes(ids))


def _find(lookup: Lookup, ids: pa.StringArray) -> NDArray[np.int64]:
    return lookup.find(ids, text_hashes(ids))
