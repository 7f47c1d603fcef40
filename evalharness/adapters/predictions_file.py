"""Adapter `predictions`: answers that were computed elsewhere and stored in a file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from evalharness.adapters.artifact import verify_file
from evalharness.adapters.meaning import reading_of, score_range
from evalharness.adapters.protocol import AdapterNotice
from evalharness.errors import Fault, bad_input, shown, unreadable
from evalharness.predictions.aligned import Aligned, align, align_entities
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.predictions.pairs import AlignedPairs, align_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from evalharness.benchmarks.batch import Batch
    from evalharness.benchmarks.benchmark import Benchmark
    from evalharness.predictions.answers import Accounting, Answers
    from evalharness.records import Card, OperatingPoint


class PredictionsAdapter:
    """Opens .csv and .parquet files whose digest is the card's."""

    def open(self, card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> StoredClassifier:
        """Raises BadInput when the file is not the card's, changes while it is read, or cannot be aligned with the split."""
        if benchmark.info.task == "linkage":
            raise Fault("answers about links are asked for by `link`")
        reading = reading_of(benchmark.info, card, operating_point)
        with _unchanged(card):
            aligned = align(card.artifact, benchmark, split, reading)
        _tell_ignored(card, aligned.ignored_columns)
        return StoredClassifier(aligned)

    def link(self, card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> LinkAnswers:
        """Scored pairs for a threshold, entities for the rule `label`. Raises BadInput as `open` does."""
        with _unchanged(card):
            if operating_point.rule == "label":
                named = align_entities(card.artifact, benchmark, split)
                ignored, told = named.ignored_columns, ""
                answers = LinkAnswers(scores=None, entities=named.entities, status=named.status, accounting=named.accounting)
            else:
                aligned = align_pairs(card.artifact, benchmark, split, score_range=score_range(benchmark.info, card))
                ignored, answers, told = aligned.ignored_columns, aligned.answers, _not_asked(aligned)
        _tell_ignored(card, ignored)
        if told:
            warnings.warn(f"{card.artifact.name}: {told}", AdapterNotice, stacklevel=2)
        return answers


class StoredClassifier:
    """Hands out what was stored."""

    needs_ids = False
    needs_features = False

    def __init__(self, aligned: Aligned) -> None:
        self._aligned = aligned

    def answer(self, batch: Batch) -> Answers:
        """Views into the aligned predictions."""
        return self._aligned.slice(batch.start, batch.start + batch.rows)

    def accounting(self) -> Accounting:
        """Every row of the file and every item of the split."""
        return self._aligned.accounting


@contextmanager
def _unchanged(card: Card) -> Iterator[None]:
    """Raises BadInput when the file is not the card's, or changes while it is read."""
    before = _state(card.artifact)
    verify_file(card)
    yield
    if _state(card.artifact) != before:
        hint = "wait until nothing writes to it, then try again"
        raise bad_input("the file changed while it was read", where=card.artifact, hint=hint)


def _not_asked(aligned: AlignedPairs) -> str:
    """Rows about pairs that were not asked for."""
    parts = []
    if aligned.no_candidates:
        parts.append(f"{aligned.no_candidates} rows are about pairs that are no candidates")
    if aligned.answers.self_pairs:
        parts.append(f"{aligned.answers.self_pairs} rows pair a record with itself")
    return " and ".join(parts) + ("; they decide nothing" if parts else "")


def _tell_ignored(card: Card, columns: tuple[str, ...]) -> None:
    if columns:
        names = ", ".join(shown(name) for name in columns)
        warnings.warn(f"{card.artifact.name}: columns that were not read: {shown(names, 600)}", AdapterNotice, stacklevel=3)


def _state(path: Path) -> tuple[int, ...]:
    """What changes when a file is written or replaced."""
    try:
        status = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
