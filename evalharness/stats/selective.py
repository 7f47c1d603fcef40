"""Selective prediction: how often answers are wrong among those that are kept, as fewer and fewer are deferred to people.

El-Yaniv and Wiener, On the foundations of noise-free selective classification (JMLR 11 (2010) 1605-1641); AURC: Geifman, Uziel and
El-Yaniv, Bias-reduced uncertainty estimation (ICLR 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.certify import SharesAtThresholds, share_limits

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskCoverage:
    """At P cuts, the strictest first: whoever is surer than the cut is kept."""

    cut: Floats
    coverage: Floats
    """Share of all items that is kept."""
    risk: Floats
    """Share of the kept that is wrong."""
    lower: Floats
    upper: Floats
    """Limits of the risk, each one-sided."""
    area: float
    """AURC: mean risk over every number kept, from 1 to all that have an answer; equal confidences in every order. NaN without any."""


def risk_coverage(
    confidence: ArrayLike, wrong: ArrayLike, clusters: NDArray[np.int32] | None, *, points: int, alpha: float
) -> RiskCoverage:  # fmt: skip
    """Of N items at no more than `points` cuts, which are quantiles of the confidence.

    confidence: [N], NaN where there is no answer, which is never kept. wrong: [N]. clusters: [N] codes; None: items are independent.
    Raises ValueError for fewer than 2 points.
    """
    if points < 2:
        raise ValueError("at least two points")
    sure, bad = np.asarray(confidence, dtype=np.float64), np.asarray(wrong, dtype=np.bool_)
    known = np.flatnonzero(~np.isnan(sure))
    cuts = np.unique(np.quantile(sure[known], np.linspace(0, 1, points), method="inverted_cdf"))[::-1] if len(known) else np.zeros(0)
    rows = [_at(np.flatnonzero(sure >= cut), bad, clusters, alpha) for cut in cuts]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return RiskCoverage(
        cut=cuts, coverage=columns[0] / max(len(sure), 1), risk=columns[1], lower=columns[2], upper=columns[3],
        area=area_under_risk(sure[known], bad[known]),
    )  # fmt: skip


def area_under_risk(confidence: Floats, wrong: NDArray[np.bool_]) -> float:
    """Mean over k of the expected share of wrong ones among the k surest; NaN without items."""
    if not len(confidence):
        return float("nan")
    order = np.argsort(-confidence, kind="stable")
    sure, bad = confidence[order], wrong[order].astype(np.float64)
    starts = np.flatnonzero(np.concatenate([[True], sure[1:] != sure[:-1]]))
    sizes = np.diff(np.append(starts, len(sure)))
    evenly = np.repeat(np.add.reduceat(bad, starts) / sizes, sizes)
    return float((np.cumsum(evenly) / np.arange(1, len(sure) + 1)).mean())


def _at(kept: NDArray[np.int64], wrong: NDArray[np.bool_], clusters: NDArray[np.int32] | None, alpha: float) -> tuple[float, ...]:
    """Number kept, risk and its limits; the effective number is that of the items that are kept."""
    n, bad = len(kept), wrong[kept]
    hits = int(bad.sum())
    number, total2, part2, rest2 = n, n, hits, n - hits
    if clusters is not None:
        _, codes = np.unique(clusters[kept], return_inverse=True)
        sizes = np.bincount(codes).astype(np.int64)
        parts = np.bincount(codes, weights=bad, minlength=len(sizes)).astype(np.int64)
        rest = sizes - parts
        number, total2, part2, rest2 = len(sizes), int(sizes @ sizes), int(parts @ parts), int(rest @ rest)
    share = SharesAtThresholds(
        part=np.array([hits]), part2=np.array([part2]), rest2=np.array([rest2]), total=n, clusters=number, total2=total2
    )  # fmt: skip
    lower, upper = share_limits(share, alpha)
    return float(n), hits / n, float(lower[0]), float(upper[0])
