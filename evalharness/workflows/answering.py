"""The classifier of an evaluation, opened; what its adapter remarks is kept for `limits`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

from evalharness.adapters import AdapterNotice, Classifier, open_classifier, open_links
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Batch
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.workflows.inputs import Inputs

_Answering = TypeVar("_Answering")


def opened(inputs: Inputs) -> tuple[Classifier, tuple[str, ...]]:
    """The classifier, and the adapter's remarks."""
    return _heard(lambda: open_classifier(inputs.card, inputs.benchmark, inputs.policy.split, inputs.policy.operating_point))


def opened_on(inputs: Inputs, benchmark: Benchmark) -> Classifier:
    """The classifier once more, for other items than those of the split; what the adapter remarks it has remarked before."""
    return _heard(lambda: open_classifier(inputs.card, benchmark, inputs.policy.split, inputs.policy.operating_point))[0]


def linked(inputs: Inputs) -> tuple[LinkAnswers, tuple[str, ...]]:
    """The answers about links, and the adapter's remarks."""
    return _heard(lambda: open_links(inputs.card, inputs.benchmark, inputs.policy.split, inputs.policy.operating_point))


def for_classifier(batch: Batch) -> Batch:
    """What a classifier may see of a batch: ids and features, and nothing that tells of labels or groups."""
    return Batch(start=batch.start, rows=batch.rows, ids=batch.ids, features=batch.features)


def _heard(open_it: Callable[[], _Answering]) -> tuple[_Answering, tuple[str, ...]]:
    """Remarks are `AdapterNotice` warnings; other warnings pass on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AdapterNotice)
        found = open_it()
    for warning in caught:
        if not issubclass(warning.category, AdapterNotice):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    remarks = dict.fromkeys(str(warning.message) for warning in caught if issubclass(warning.category, AdapterNotice))
    return found, tuple(remarks)
