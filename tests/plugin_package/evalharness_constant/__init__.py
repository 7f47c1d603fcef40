"""Adapter `constant`: a text file with one number, the score of every item."""

from __future__ import annotations

import numpy as np

from evalharness.benchmarks.batch import Batch
from evalharness.errors import bad_input
from evalharness.predictions import ANSWERED, MISSING, Accounting, Answers, account
from evalharness.records import Card, OperatingPoint


class ConstantAdapter:
    def open(self, card: Card, benchmark: object, split: str, operating_point: OperatingPoint) -> Constant:
        if operating_point.rule == "label":
            raise bad_input("a constant score has no label", where=card.artifact)
        return Constant(float(card.artifact.read_text()), benchmark.rows_in(split))


class Constant:
    needs_ids = False
    needs_features = False

    def __init__(self, score: float, rows: int) -> None:
        self._score = score
        self._status = np.full(rows, MISSING, dtype=np.uint8)

    def answer(self, batch: Batch) -> Answers:
        self._status[batch.start : batch.start + batch.rows] = ANSWERED
        return Answers(scores=np.full(batch.rows, self._score), labels=None, status=np.full(batch.rows, ANSWERED, dtype=np.uint8))

    def accounting(self) -> Accounting:
        return account(self._status, rows=int(np.count_nonzero(self._status != MISSING)))
