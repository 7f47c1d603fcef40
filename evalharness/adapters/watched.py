"""A classifier under watch: what third-party code raises or breaks becomes a message that names the adapter, never a wrong count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters.promises import Asked, PromiseBroken, asked_of, check_accounting, check_answers, check_links
from evalharness.adapters.registry import load_adapter
from evalharness.errors import BadInput, EvalharnessError, bad_input
from evalharness.predictions.answers import MISSING, Accounting, Answers
from evalharness.predictions.pair_answers import LinkAnswers

if TYPE_CHECKING:
    from evalharness.adapters.protocol import Classifier
    from evalharness.benchmarks.batch import Batch
    from evalharness.benchmarks.benchmark import Benchmark
    from evalharness.records import Card, OperatingPoint


def open_classifier(card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> WatchedClassifier:
    """Loads the card's adapter and opens its classifier. Raises BadInput, naming the adapter, for whatever goes wrong in it."""
    adapter = load_adapter(card.adapter)
    with _named(card.adapter, "opening the model"):
        classifier = adapter.open(card, benchmark, split, operating_point)
    asked = asked_of(card, benchmark.info, operating_point)
    return WatchedClassifier(classifier, card.adapter, asked, rows=benchmark.rows_in(split))


def open_links(card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> LinkAnswers:
    """Answers of the card's adapter about links, checked against the promises of the protocol.

    Raises BadInput, naming the adapter, where it does not link records and for whatever goes wrong in it.
    """
    adapter = load_adapter(card.adapter)
    link = getattr(adapter, "link", None)
    if not callable(link):
        raise bad_input(
            f"the adapter '{card.adapter}' does not link records",
            where=card.path or card.artifact,
            expected="stored predictions (adapter: predictions): left_id, right_id, score; or the id and entity of every record",
            hint="let the model answer outside of the harness, and supply what it said as a file",
        )
    asked = asked_of(card, benchmark.info, operating_point)
    candidates = sum(len(left) for left, _ in benchmark.pairs(split))
    with _named(card.adapter, "linking records"):
        answers = link(card, benchmark, split, operating_point)
        return check_links(answers, candidates=candidates, records=benchmark.rows_in(split), asked=asked)


class WatchedClassifier:
    """A `Classifier` whose every answer is checked against the promises of the protocol. One byte an item."""

    def __init__(self, classifier: Classifier, name: str, asked: Asked, *, rows: int) -> None:
        self._classifier = classifier
        self._name = name
        self._asked = asked
        self._status: NDArray[np.uint8] = np.full(rows, MISSING, dtype=np.uint8)

    @property
    def needs_ids(self) -> bool:
        """See `Classifier`."""
        return self._classifier.needs_ids

    @property
    def needs_features(self) -> bool:
        """See `Classifier`."""
        return self._classifier.needs_features

    def answer(self, batch: Batch) -> Answers:
        """See `Classifier`. Raises BadInput for an exception of the adapter and for a promise that it does not keep."""
        with _named(self._name, f"answering rows {batch.start + 1} to {batch.start + batch.rows}"):
            answers = check_answers(self._classifier.answer(batch), batch, self._asked)
        self._status[batch.start : batch.start + batch.rows] = answers.status
        return answers

    def accounting(self) -> Accounting:
        """See `Classifier`. Raises BadInput when the account does not agree with the answers given."""
        with _named(self._name, "accounting for its answers"):
            return check_accounting(self._classifier.accounting(), self._status)


@contextmanager
def _named(adapter: str, doing: str) -> Iterator[None]:
    try:
        yield
    except BadInput:
        raise
    except PromiseBroken as error:
        raise _broken(adapter, doing, str(error)) from error
    except EvalharnessError as error:
        raise _broken(adapter, doing, str(error)) from error
    except Exception as error:
        raise _broken(adapter, doing, f"{type(error).__name__}: {error}") from error


def _broken(adapter: str, doing: str, got: str) -> BadInput:
    return bad_input(
        f"the adapter '{adapter}' failed while {doing}",
        where=f"adapter {adapter}",
        got=got,
        hint="its author can find the fault with evalharness.adapters.conformance.check_adapter",
    )
