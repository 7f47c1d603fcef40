"""What describes the answers to items beyond their counts: scores, and for risk all bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters.meaning import score_range
from evalharness.benchmarks.batch import Batch
from evalharness.catalogue import task_metrics
from evalharness.catalogue.scores import BAND_METRICS
from evalharness.metrics.banded import band_counts, band_estimates
from evalharness.metrics.deployment import deployment
from evalharness.metrics.scored import ECE_BINS, score_estimates
from evalharness.metrics.scored_curves import score_curves
from evalharness.predictions.answers import ANSWERED, Answers
from evalharness.records import Curve, Description, Estimate, Policy
from evalharness.tally import ConfusionTally, Counter, Slices
from evalharness.tally.score_groups import ScoreGroups, ScoreGroupsCounter
from evalharness.workflows.inputs import Inputs


class ItemDescriber:
    """Streams binary and risk items. For risk scores are about the outcome, which a report has or has not, and bands about the band."""

    def __init__(self, inputs: Inputs, levels: Mapping[str, tuple[str, ...]]) -> None:
        policy, benchmark, info = inputs.policy, inputs.benchmark, inputs.benchmark.info
        self._policy, self._risk = policy, info.task == "risk"
        self._chances = score_range(info, inputs.card) == "unit"
        counted = {name: levels[name] for name in info.attributes} if policy.intersections else {}
        edges = (float(np.nextafter(0, 1)), *(k / ECE_BINS for k in range(1, ECE_BINS)), 1.0)
        self._threshold = None if self._risk else policy.operating_point.threshold
        self._scores = ScoreGroupsCounter(
            counted,
            clustered=info.clustered,
            contiguous=benchmark.contiguous_clusters,
            at=edges if self._threshold is None else (*edges, self._threshold),
        )
        self._scored = False
        slices = Slices(attributes=tuple(counted), levels=counted, depth=min(1, len(counted)))
        self._bands = Counter(slices, info.clustered, of=task_metrics("ordinal", info.levels), contiguous=benchmark.contiguous_clusters) \
            if self._risk else None  # fmt: skip
        self._banded = False

    def add(self, batch: Batch, labels: NDArray[np.int8], answers: Answers) -> None:
        """The next rows; `labels` as they are judged."""
        groups = batch.groups or {}
        truth = labels if not self._risk else batch.labels
        used = answers.status == ANSWERED
        if answers.scores is not None and truth is not None:
            self._scored = True
            self._scores.add(answers.scores if used.all() else np.where(used, answers.scores, np.nan), truth, groups, batch.clusters)
        if self._bands is not None and batch.bands is not None and answers.labels is not None:
            self._banded = True
            self._bands.add(batch.bands, np.where(used, answers.labels, np.int8(-1)), groups, batch.clusters)

    def result(self, tally: ConfusionTally) -> Describer:
        """What is left of them; `tally` holds the same rows."""
        return Describer(
            policy=self._policy,
            tally=tally,
            chances=self._chances,
            threshold=self._threshold,
            scores=self._scores.result() if self._scored else None,
            bands=self._bands.result() if self._bands is not None and self._banded else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Describer:
    """Counts from which items are described."""

    policy: Policy
    tally: ConfusionTally
    chances: bool
    """Whether scores claim to be chances."""
    threshold: float | None
    scores: ScoreGroups | None
    bands: ConfusionTally | None
    """Risk: all bands, true by predicted."""

    def __call__(self, level: float) -> Description:
        return Description(estimates=tuple(self._estimates(level)), curves=tuple(self._curves(level)))

    def _estimates(self, level: float) -> Iterator[Estimate]:
        if self.scores is not None:
            yield from score_estimates(self.scores, self.tally, level, chances=self.chances)
        if self.bands is not None:
            yield from (replace(e, decides=False) for e in band_estimates(self.bands, level, {m.name for m in BAND_METRICS}))

    def _curves(self, level: float) -> Iterator[Curve]:
        if self.scores is not None:
            costs = self.policy.costs.units if self.policy.costs is not None and self.policy.task == "binary" else ()
            yield from score_curves(self.scores, chances=self.chances, threshold=self.threshold, costs=costs)
        yield from deployment(self.tally, self.policy, level)
        if self.bands is not None:
            yield band_counts(self.bands)
