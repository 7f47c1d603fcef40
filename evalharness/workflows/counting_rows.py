"""Rows for the metrics of other packages that are functions of whole rows; nothing is held where the policy asks for none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks.batch import Batch
from evalharness.errors import BadInput, bad_input
from evalharness.metrics.custom import Custom, RowMetric
from evalharness.tally.row_functions import RowFunctionTally, RowsHeld


class RowMetricRows:
    """Decisions, or scores, as each of the metrics wants them."""

    def __init__(self, customs: Sequence[Custom], attributes: tuple[str, ...], levels: Mapping[str, tuple[str, ...]]) -> None:
        self._customs = [(custom, custom.metric) for custom in customs if isinstance(custom.metric, RowMetric)]
        self._held = {on: RowsHeld(attributes, levels) for on in {metric.on for _, metric in self._customs}}

    def add(self, batch: Batch, labels: NDArray[np.int8], decisions: NDArray[np.int8], scores: NDArray[np.float64] | None) -> None:
        """Raises BadInput where a metric wants scores and the model gives none."""
        for on, held in self._held.items():
            answers = decisions if on == "decisions" else scores
            if answers is None:
                raise bad_input(
                    "the policy wants to see a metric of scores, and the model gives none", where="policy: describe",
                    got=", ".join(custom.name for custom, metric in self._customs if metric.on == "scores"),
                    hint="leave it out of `describe`",
                )  # fmt: skip
            held.add(labels, answers, batch.groups or {}, batch.clusters)

    def result(self) -> tuple[RowFunctionTally, ...]:
        """One for each row metric. Raises BadInput where one fails with another error than ValueError or ZeroDivisionError."""
        found = []
        for custom, metric in self._customs:
            try:
                found.append(self._held[metric.on].result(metric.function))
            except BadInput:
                raise
            except Exception as error:
                where = f"metric '{custom.name}' of {custom.source}"
                raise bad_input("the metric failed", where=where, got=f"{type(error).__name__}: {error}") from error
        return tuple(found)
