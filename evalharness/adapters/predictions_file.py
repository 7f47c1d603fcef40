"""Adapter `predictions`: answers that were computed elsewhere and stored in a file."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from evalharness.adapters.artifact import verify_file
from evalharness.adapters.meaning import score_range, two_labels
from evalharness.adapters.protocol import AdapterNotice
from evalharness.errors import bad_input, shown, unreadable
from evalharness.predictions.aligned import Aligned, align

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
        labels = two_labels(benchmark.info, card)
        before = _state(card.artifact)
        verify_file(card)
        aligned = align(
            card.artifact,
            benchmark,
            split,
            positive=labels.positive,
            negative=labels.negative,
            rule=operating_point.rule,
            score_range=score_range(benchmark.info, card),
        )
        if _state(card.artifact) != before:
            hint = "wait until nothing writes to it, then try again"
            raise bad_input("the file changed while it was read", where=card.artifact, hint=hint)
        if aligned.ignored_columns:
            names = ", ".join(shown(name) for name in aligned.ignored_columns)
            warnings.warn(f"{card.artifact.name}: columns that were not read: {shown(names, 600)}", AdapterNotice, stacklevel=2)
        return StoredClassifier(aligned)


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


def _state(path: Path) -> tuple[int, ...]:
    """What changes when a file is written or replaced."""
    try:
        status = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
