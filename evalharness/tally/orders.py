"""How well two models' scores order the same items: their areas under the ROC curve, and how these vary together.

The areas need every score, so the rows of the split are held: 8 bytes for each model, 1 for the label, and the names of clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.text import coded
from evalharness.errors import Fault
from evalharness.stats.roc import paired_delong
from evalharness.stats.roc_clusters import clustered_auc


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersTogether:
    """A challenger and the incumbent; what cannot be computed is null."""

    items: int
    """Labelled items that both scored."""
    left_out: int
    """Labelled items without a score of one of them."""
    positives: int
    """Independent units with a relevant item: items, or clusters."""
    negatives: int
    areas: tuple[float, float] | None
    """Incumbent's and challenger's; null where all items are of one class."""
    variance: float | None
    """Of their difference: DeLong's, or over clusters."""
    clustered: bool


class OrdersCounter:
    """Streams the scores of several models; the first is the incumbent."""

    def __init__(self, models: int, *, clustered: bool) -> None:
        self._labels: list[npt.NDArray[np.int8]] = []
        self._scores: list[list[npt.NDArray[np.float64] | None]] = [[] for _ in range(models)]
        self._clusters: list[pa.Array] = []
        self._clustered = clustered

    def add(
        self,
        labels: npt.NDArray[np.int8],
        scores: Sequence[npt.NDArray[np.float64] | None],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Adds rows: labels 1, 0 or -1 (none), scores of each model with NaN for none, null for a model that gives none; cluster ids.

        Raises Fault for lengths that do not fit, or rows without clusters where there are some.
        """
        if len(scores) != len(self._scores) or any(s is not None and len(s) != len(labels) for s in scores):
            raise Fault("labels and scores have different numbers of rows or models")
        if self._clustered:
            if clusters is None or len(clusters) != len(labels):
                raise Fault("clustered scores need one cluster id for each row")
            self._clusters.append(clusters.combine_chunks() if isinstance(clusters, pa.ChunkedArray) else clusters)
        self._labels.append(labels)
        for held, own in zip(self._scores, scores, strict=True):
            held.append(own)

    def result(self) -> tuple[OrdersTogether | None, ...]:
        """One for each challenger; null where it or the incumbent gives no scores."""
        labels = np.concatenate([np.zeros(0, dtype=np.int8), *self._labels])
        clusters = coded(pa.concat_arrays(self._clusters))[0] if self._clusters else np.zeros(0, dtype=np.int32)
        columns = [_joined(held) for held in self._scores]
        return tuple(self._of_pair(labels, columns[0], column, clusters) for column in columns[1:])

    def _of_pair(
        self,
        labels: npt.NDArray[np.int8],
        incumbent: npt.NDArray[np.float64] | None,
        challenger: npt.NDArray[np.float64] | None,
        clusters: npt.NDArray[np.int32],
    ) -> OrdersTogether | None:
        if incumbent is None or challenger is None:
            return None
        labelled = labels >= 0
        kept = labelled & ~np.isnan(incumbent) & ~np.isnan(challenger)
        truth, pair = labels[kept], (incumbent[kept], challenger[kept])
        areas, variance, units = _clustered(truth, pair, clusters[kept]) if self._clustered else _independent(truth, pair)
        return OrdersTogether(
            items=len(truth),
            left_out=int(np.count_nonzero(labelled)) - len(truth),
            positives=units[0],
            negatives=units[1],
            areas=areas,
            variance=variance,
            clustered=self._clustered,
        )


_Found = tuple[tuple[float, float] | None, float | None, tuple[int, int]]
_Pair = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


def _independent(truth: npt.NDArray[np.int8], pair: _Pair) -> _Found:
    found = paired_delong(truth, *pair)
    units = int(np.count_nonzero(truth == 1)), int(np.count_nonzero(truth == 0))
    areas = None if found.first is None or found.second is None else (found.first, found.second)
    return areas, found.variance, units


def _clustered(truth: npt.NDArray[np.int8], pair: _Pair, clusters: npt.NDArray[np.int32]) -> _Found:
    found = clustered_auc(truth, np.stack(pair), clusters)
    units = found.positive_clusters, found.negative_clusters
    if np.isnan(found.areas).any():
        return None, None, units
    signs = np.array([-1.0, 1.0])
    variance = float(signs @ found.covariance @ signs)
    return (float(found.areas[0]), float(found.areas[1])), None if np.isnan(variance) else max(variance, 0.0), units


def _joined(held: Sequence[npt.NDArray[np.float64] | None]) -> npt.NDArray[np.float64] | None:
    known = [part for part in held if part is not None]
    return None if len(known) < len(held) or not held else np.concatenate(known)
