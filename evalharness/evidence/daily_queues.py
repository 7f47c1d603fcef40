"""Whether leads looked at fit the days that were judged and the daily budget. One multiplication; no statistics."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence.schema import Evidence


def queues_fit(evidence: Evidence, overall: tuple[int, ...], budget: int | None, where: str) -> Iterator[str]:
    """A day has a lead at least, and no more are looked at than the budget allows. `overall`: the counts of everybody at that budget."""
    queues = evidence.tallies.queues
    if queues is None:
        return
    selected = sum(count for name, count in zip(evidence.benchmark.task_metrics.outcomes, overall, strict=True) if name in ("tp", "fp"))
    if budget is None or queues > evidence.predictions.items or selected > queues * budget:
        yield f"{where}: {queues} days do not fit the leads that are counted and the daily budget"
