"""Risk: what came of the reports, beside their bands. Which band is the true one follows from the features; the outcome does not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Batch
from evalharness.catalogue import TaskMetrics
from evalharness.errors import Fault
from evalharness.tally import AttainableCounter, ConfusionTally, Counter, Foreseen, Slices


class OutcomeCounter:
    """The outcomes of reports in the top band and of all others, for everybody together, and what their true chances say of them."""

    def __init__(self, benchmark: Benchmark, split: str, of: TaskMetrics, batch_rows: int) -> None:
        nobody = Slices(attributes=(), levels={}, depth=1)
        self._counter = Counter(nobody, clustered=benchmark.info.clustered, of=of, contiguous=benchmark.contiguous_clusters)
        self._expected = AttainableCounter({}, grid=1)
        self._chances = benchmark.posterior(split, batch_rows)

    def add(self, batch: Batch, decisions: NDArray[np.int8]) -> None:
        """Adds the next rows of the split; decisions 1 for the top band, 0 for another, -1 without an answer."""
        if batch.labels is None:
            raise Fault("the benchmark gave a batch without outcomes")
        clusters: pa.Array | pa.ChunkedArray | None = batch.clusters
        self._counter.add(batch.labels, decisions, {}, clusters)
        self._expected.add(next(self._chances), batch.labels, decisions, {})

    def result(self) -> tuple[ConfusionTally, Foreseen]:
        """What was counted, and what was to be expected."""
        return self._counter.result(), self._expected.foreseen()
