"""Variance of the area under the ROC curve, of one model or of the difference of two, where items of one cluster depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.roc import placements, rows_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusteredAuc:
    """Areas of M models on the same items, their covariance over clusters, and how many clusters speak for each class. It describes."""

    areas: Floats
    """[M]; NaN where a class is empty."""
    covariance: Floats
    """[M, M]; NaN with fewer than two clusters or an empty class."""
    positive_clusters: int
    """Clusters with a positive: the independent units on that side, for `roc.logit_limits`."""
    negative_clusters: int
    """Clusters with a negative."""


def clustered_auc(labels: ArrayLike, scores: ArrayLike, clusters: ArrayLike, weights: ArrayLike | None = None) -> ClusteredAuc:
    """Areas and covariance from labels [n] of 0 and 1, scores [M, n], and the cluster of each row [n]; clusters drawn independently.

    m / (m - 1) sum over m clusters of outer(u, u), u the cluster's sum of (V10 - A)/N1 over its positives and (V01 - A)/N0 over its
    negatives, V the placements of DeLong. With every item its own cluster it is DeLong's covariance up to factors N/(N - 1). A weight
    stands for that many equal items of the cluster. Raises ValueError for unequal lengths, other labels, or scores that are not finite.
    Source: Obuchowski 1997; linearisation as in `clusters.linearised_variance`.
    """
    table = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    truth, values, share = rows_of(labels, tuple(table), weights)
    names = np.asarray(clusters)
    if names.shape != truth.shape:
        raise ValueError("labels and clusters must be of one length")
    _, codes = np.unique(names[share > 0], return_inverse=True)
    units = int(codes.max()) + 1 if len(codes) else 0
    truth, values, share = truth[share > 0], values[:, share > 0], share[share > 0]
    sides = [len(np.unique(codes[truth])), len(np.unique(codes[~truth]))]
    if not all(sides):
        unknown = np.full(len(table), np.nan)
        return ClusteredAuc(
            areas=unknown, covariance=np.full((len(table),) * 2, np.nan), positive_clusters=sides[0], negative_clusters=sides[1]
        )
    areas, influence = _influences(truth, values, share)
    sums = np.stack([np.bincount(codes, weights=row, minlength=units) for row in influence])
    covariance = sums @ sums.T * units / (units - 1) if units > 1 else np.full((len(table),) * 2, np.nan)
    return ClusteredAuc(areas=areas, covariance=covariance, positive_clusters=sides[0], negative_clusters=sides[1])


def _influences(truth: NDArray[np.bool_], values: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Areas [M] and the part of each row in the deviation of each area [M, n]; a model's parts add up to 0."""
    v10, v01 = placements(truth, values, share)
    areas = v10 @ share[truth] / share[truth].sum()
    parts = np.empty_like(values)
    parts[:, truth] = (v10 - areas[:, None]) * share[truth] / share[truth].sum()
    parts[:, ~truth] = (v01 - areas[:, None]) * share[~truth] / share[~truth].sum()
    return areas, parts
