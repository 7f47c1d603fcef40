"""Whether every failure of a classifier reaches a person."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric

UNROUTED = "unrouted_fault_rate"

FAULT_METRICS: tuple[Metric, ...] = (
    Metric(
        name=UNROUTED,
        title="Items with an injected fault that reached nobody",
        kind="oversight",
        source="faults",
        better="lower",
        unit="proportion",
        decides=True,
        complete=True,
        definition=(
            "Share of the items with an injected fault (no answer in time, an exception, no number, an unknown class, a missing input) "
            "that were set aside or lost, and so reached no person. A low score for an item whose inputs are all missing is a fault that "
            "reached nobody. Faults are injected at the harness's own call of the classifier, which decides rehearsals only; above them a "
            "log of faults injected into the system in use answers (`--fault-log`)."
        ),
        denominator_name="items with an injected fault",
    ),
)
