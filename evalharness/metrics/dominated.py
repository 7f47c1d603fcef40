"""Which models are dominated: another is at least as good in two metrics and better in one of them, on the measured values alone."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.catalogue import Metric

Point = tuple[float | None, float | None]


def dominating(points: Mapping[str, Point], metrics: tuple[Metric, Metric]) -> dict[str, tuple[str, ...]]:
    """For each model the names of those that dominate it, in the order of `points`. A model without one of the values has no part in it.

    points: by model, its values of the two metrics. No bound is compared, so chance may have a part in it.
    """
    placed = {name: told for name, point in points.items() if (told := _better_is_more(point, metrics)) is not None}
    return {
        name: tuple(
            other
            for other, theirs in placed.items()
            if name in placed and theirs != placed[name] and all(t >= m for t, m in zip(theirs, placed[name], strict=True))
        )
        for name in points
    }


def _better_is_more(point: Point, metrics: tuple[Metric, Metric]) -> tuple[float, float] | None:
    up, across = point
    if up is None or across is None:
        return None
    return up * _sign(metrics[0]), across * _sign(metrics[1])


def _sign(metric: Metric) -> float:
    return 1.0 if metric.better == "higher" else -1.0
