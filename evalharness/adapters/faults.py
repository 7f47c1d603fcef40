"""Faults to inject at the call of a classifier: into its answers, and into what it is given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.adapters.promises import Asked
from evalharness.adapters.routed import Answering
from evalharness.benchmarks.batch import Batch
from evalharness.predictions.answers import ANSWERED, Answers

Damage = Callable[[Answers], object]
Spoil = Callable[[pa.DataType], Any]
UNKNOWN = "no such category"
_FAR_OUT = 1e30


class Damaged:
    """Another classifier's answers, damaged."""

    def __init__(self, classifier: Answering, damage: Damage) -> None:
        self._classifier, self._damage = classifier, damage

    def answer(self, batch: Batch) -> object:
        """As the fault has it."""
        answers = self._classifier.answer(batch)
        return self._damage(answers) if isinstance(answers, Answers) else answers


class Late:
    """A classifier that says nothing until it is told to stop."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def answer(self, batch: Batch) -> object:  # noqa: ARG002  the protocol's
        """Waits."""
        self.stop.wait()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFault:
    """One way in which answers go wrong."""

    kind: str
    damage: Damage
    needs: str = ""
    """`scores` or `labels`: what the answers must hold for it; `unit`: scores that must lie in [0, 1]."""

    def why_not(self, asked: Asked, answers: Answers) -> str:
        """Why such answers cannot go wrong so; empty: they can."""
        if self.needs == "labels":
            return "" if answers.labels is not None else "the classifier gives scores, and no labels"
        if self.needs and answers.scores is None:
            return "the classifier gives labels, and no scores"
        return "any number is a score here" if self.needs == "unit" and not asked.unit_range else ""


def _raise(_: Answers) -> object:
    raise RuntimeError("injected")


def _scores(value: float) -> Damage:
    """Every score is the value, and is said to be usable."""
    return lambda answers: replace(answers, scores=np.full(len(answers), value), status=_usable(answers))


def _labels(code: int) -> Damage:
    return lambda answers: replace(answers, labels=np.full(len(answers), code, dtype=np.int8), status=_usable(answers))


def _usable(answers: Answers) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.full(len(answers), ANSWERED, dtype=np.uint8)


def _taken(places: Callable[[int], Any]) -> Damage:
    """Answers at these places alone, in this order."""

    def damage(answers: Answers) -> object:
        at = places(len(answers))
        scores = None if answers.scores is None else answers.scores[at]
        labels = None if answers.labels is None else answers.labels[at]
        return Answers(scores=scores, labels=labels, status=answers.status[at])

    return damage


def _other_type(answers: Answers) -> object:
    scores: Any = None if answers.scores is None else answers.scores.astype(np.float32)
    labels: Any = None if answers.labels is None else answers.labels.astype(np.int64)
    return replace(answers, scores=scores, labels=labels)


ANSWER_FAULTS: tuple[AnswerFault, ...] = (
    AnswerFault(kind="exception", damage=_raise),
    AnswerFault(kind="not_a_number", damage=_scores(np.nan), needs="scores"),
    AnswerFault(kind="infinite", damage=_scores(np.inf), needs="scores"),
    AnswerFault(kind="out_of_range", damage=_scores(1.5), needs="unit"),
    AnswerFault(kind="unknown_class", damage=_labels(127), needs="labels"),
    AnswerFault(kind="negative_code", damage=_labels(-5), needs="labels"),
    AnswerFault(kind="too_few", damage=_taken(lambda rows: np.arange(rows - 1))),
    AnswerFault(kind="too_many", damage=_taken(lambda rows: np.r_[np.arange(rows), 0])),
    AnswerFault(kind="none", damage=lambda _: None),
    AnswerFault(kind="wrong_type", damage=_other_type),
)
"""`timeout`, `reordered` and `stale_model` need more than an answer: see `Late`, `reordered` and the caller."""

reordered: Damage = _taken(lambda rows: np.arange(rows)[::-1])
"""Answers in the opposite order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFault:
    """One way in which what a classifier is given goes wrong."""

    kind: str
    spoilt: Callable[[pa.Array, pa.DataType], pa.Array | None]
    """A column, gone wrong; None: columns of this type cannot go wrong so."""

    def batch(self, batch: Batch) -> Batch | None:
        """The batch with every column spoilt that can be; None: no column can."""
        if batch.features is None:
            return None
        table, some = batch.features, False
        for at, field in enumerate(table.schema):
            whole = table.column(at).combine_chunks()
            spoilt = self.spoilt(whole, field.type)
            if spoilt is not None:
                table, some = table.set_column(at, field.name, spoilt), True
        return replace(batch, features=table) if some else None


def _missing(column: pa.Array, kind: pa.DataType) -> pa.Array | None:
    return pa.nulls(len(column), kind)


def _far_out(column: pa.Array, kind: pa.DataType) -> pa.Array | None:
    if pa.types.is_floating(kind):
        return pa.array([_FAR_OUT] * len(column), pa.float64()).cast(kind, safe=False)
    if pa.types.is_integer(kind):
        largest = int(np.iinfo(kind.to_pandas_dtype()).max)
        return pa.array([largest] * len(column), kind)
    return None


def _unknown(column: pa.Array, kind: pa.DataType) -> pa.Array | None:
    if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
        return pa.array([UNKNOWN] * len(column), kind.value_type).dictionary_encode().cast(kind)
    return pa.array([UNKNOWN] * len(column), kind) if pa.types.is_string(kind) or pa.types.is_large_string(kind) else None


INPUT_FAULTS: tuple[InputFault, ...] = (
    InputFault(kind="all_missing", spoilt=_missing),
    InputFault(kind="absurd_value", spoilt=_far_out),
    InputFault(kind="unknown_category", spoilt=_unknown),
)
