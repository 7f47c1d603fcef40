"""Adapter `sklearn`: an estimator of scikit-learn in a skops file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters.artifact import verified_bytes
from evalharness.adapters.fitted_model import FittedModel, fitted_model
from evalharness.adapters.meaning import meaning_of, score_range
from evalharness.adapters.skops_file import load_estimator
from evalharness.errors import Fault, bad_input
from evalharness.predictions.answers import ANSWERED, INVALID, MISSING, NO_LABEL, Accounting, Answers, account
from evalharness.predictions.values import bands_of

if TYPE_CHECKING:
    from evalharness.benchmarks.batch import Batch
    from evalharness.benchmarks.benchmark import Benchmark
    from evalharness.records import Card, OperatingPoint


class SklearnAdapter:
    """Opens skops files whose digest is the card's and whose types have been reviewed."""

    def open(self, card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> SklearnClassifier:
        """Raises BadInput when the artefact cannot be loaded, has other classes than the benchmark and the card, lacks the method that the
        operating point needs, or takes features that the benchmark does not have."""
        meaning = meaning_of(benchmark.info, card)
        if operating_point.rule == "top_band" and not meaning.cuts:
            expected = "bands: {LEVEL: where it begins on the score, …} for " + ", ".join(benchmark.info.levels)
            hint = "an estimator of two classes gives a score and no band; or supply predictions that state the bands"
            raise bad_input("the card does not say where the bands begin", where=card.path or card.artifact, expected=expected, hint=hint)
        estimator = load_estimator(verified_bytes(card), card.artifact)
        model = fitted_model(estimator, card, benchmark.info, meaning, operating_point)
        unit = score_range(benchmark.info, card) != "any"
        return SklearnClassifier(model, rows=benchmark.rows_in(split), unit=unit, cuts=meaning.cuts)


class SklearnClassifier:
    """Answers batch by batch; keeps one byte an item for the account."""

    needs_ids = False
    needs_features = True

    def __init__(self, model: FittedModel, *, rows: int, unit: bool, cuts: tuple[float, ...]) -> None:
        self._model, self._unit, self._cuts = model, unit, cuts
        self._status = np.full(rows, MISSING, dtype=np.uint8)

    def answer(self, batch: Batch) -> Answers:
        """Raises BadInput, naming model and rows, when the model raises or answers in the wrong shape."""
        output = self._output(batch)
        answers = self._labels(output) if self._model.method == "predict" else self._scores(output)
        self._status[batch.start : batch.start + batch.rows] = answers.status
        return answers

    def accounting(self) -> Accounting:
        """`rows` are the items put to the model."""
        return account(self._status, rows=int(np.count_nonzero(self._status != MISSING)))

    def _output(self, batch: Batch) -> NDArray[Any]:
        if batch.features is None:
            raise Fault("the batch for an estimator has no features")
        where = f"model {self._model.name}, rows {batch.start + 1} to {batch.start + batch.rows} of the split"
        frame = batch.features.select(list(self._model.inputs)).to_pandas()
        try:
            output = np.asarray(self._model.call(frame if self._model.named else frame.to_numpy()))
        except MemoryError:
            raise
        except Exception as error:
            got = f"{type(error).__name__}: {error}"
            hint = "mend the model or its inputs"
            raise bad_input(f"the model failed in {self._model.method}", where=where, got=got, hint=hint) from error
        expected = (batch.rows, 2) if self._model.method == "predict_proba" else (batch.rows,)
        if output.shape != expected or (self._model.method != "predict" and output.dtype.kind not in "fiu"):
            got, what = f"{output.dtype} of shape {output.shape}", f"{self._model.method} gave something else than asked"
            raise bad_input(what, where=where, got=got, expected=f"numbers of shape {expected}")
        return output

    def _scores(self, output: NDArray[Any]) -> Answers:
        if output.ndim == 2:
            scores = output[:, self._model.place].astype(np.float64)
        else:  # scikit-learn: positive values of decision_function mean the second class
            scores = output.astype(np.float64) * (1.0 if self._model.place == 1 else -1.0)
        usable = np.isfinite(scores)
        if self._unit:
            usable &= (scores >= 0.0) & (scores <= 1.0)
        bands = bands_of(scores, self._cuts) if self._cuts else None
        if bands is not None:
            usable &= bands != NO_LABEL
            bands[~usable] = NO_LABEL
        scores[~usable] = np.nan
        return Answers(scores=scores, labels=bands, status=_status(usable))

    def _labels(self, output: NDArray[Any]) -> Answers:
        labels = np.full(len(output), NO_LABEL, dtype=np.int8)
        for value, code in zip(self._model.classes, self._model.codes, strict=True):
            labels[output == value] = code
        return Answers(scores=None, labels=labels, status=_status(labels != NO_LABEL))


def _status(usable: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.where(usable, np.uint8(ANSWERED), np.uint8(INVALID))
