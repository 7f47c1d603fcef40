"""What lets the harness call a classifier. A plug-in implements these two protocols and names its adapter in the entry-point group
`evalharness.adapters`; `evalharness.adapters.conformance` tests that it keeps their promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from evalharness.benchmarks.batch import Batch
    from evalharness.benchmarks.benchmark import Benchmark
    from evalharness.predictions.answers import Accounting, Answers
    from evalharness.predictions.pair_answers import LinkAnswers
    from evalharness.records import Card, OperatingPoint


class AdapterNotice(UserWarning):
    """Something about the artefact that the user should read, and that does not stop the evaluation."""


class Classifier(Protocol):
    """The thing measured, opened for one split and one operating point."""

    @property
    def needs_ids(self) -> bool:
        """Whether `answer` reads `batch.ids`."""

    @property
    def needs_features(self) -> bool:
        """Whether `answer` reads `batch.features`."""

    def answer(self, batch: Batch) -> Answers:
        """One answer or no answer for each of `batch.rows` items, in their order: scores for a threshold and for a daily budget, labels for
        the rule `label` (ordinal: places of levels), labels that are places of bands for a top band, with or without the scores.

        Deterministic: the same items get the same answers, however they are cut into batches and in whatever order these come.
        Raises BadInput when the model fails on the batch. An output that is not usable for one item is INVALID: no error, no guess.
        """

    def accounting(self) -> Accounting:
        """Account of the whole split; complete once every batch has been answered. An item never asked about is MISSING."""


class Adapter(Protocol):
    """Opens classifiers of one kind, for every task but linkage."""

    def open(self, card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> Classifier:
        """Raises BadInput, with every problem found, when the artefact is not what the card says or does not fit the benchmark."""


class LinkAdapter(Protocol):
    """Answers for the task linkage, all at once. An adapter may offer this beside `open`, or not."""

    def link(self, card: Card, benchmark: Benchmark, split: str, operating_point: OperatingPoint) -> LinkAnswers:
        """Scores of the candidate pairs (`benchmark.pairs`, in their order) for a threshold, entities of the records for the rule `label`.

        Deterministic. Raises BadInput, with every problem found, when the artefact is not what the card says or does not fit the benchmark.
        """
