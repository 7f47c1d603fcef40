"""Metrics that are counted completely: of the run itself, not of a sample. They alone may be required with `equals`."""

from __future__ import annotations

from dataclasses import replace

from evalharness.catalogue.metric import Metric

UNUSABLE = ("duplicate", "invalid")
"""Parts of the account of the answers that are counted."""


def complete_metrics(outcomes: int) -> tuple[Metric, ...]:
    """For a task of so many outcomes: none of them is counted."""
    nothing = (0,) * outcomes
    return tuple(replace(metric, numerator=nothing, denominator=nothing) for metric in COMPLETE_METRICS)


COMPLETE_METRICS: tuple[Metric, ...] = (
    Metric(
        name="unusable_answer_rate",
        title="Answers that cannot be used",
        kind="complete",
        better="lower",
        unit="proportion",
        decides=True,
        complete=True,
        definition=(
            "Share of the items of the run whose answer stands there twice or cannot be read, counted over every item: there is no sample, "
            "so it is no estimate. An answer that is missing is another thing: see no_answer_rate."
        ),
        denominator_name="items of the run",
    ),
)
