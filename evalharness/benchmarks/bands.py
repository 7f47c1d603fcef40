"""Of a supplied table for risk: whether anything says to which band an item truly belongs."""

from __future__ import annotations

from evalharness.benchmarks.declaration import Declaration

HOW_TO_MEND = "add a column with the true band; where only the outcome is known, use a benchmark of the task binary"


def nothing_to_judge(declaration: Declaration) -> str:
    """Why no requirement of a risk task can be evaluated on this benchmark; empty where it can, or for another task.

    A recipe always knows the bands: they follow from the true chances.
    """
    if declaration.task != "risk" or declaration.family is not None or declaration.columns.band is not None:
        return ""
    return (
        "risk is judged on its top band, and nothing says to which band each item truly belongs (no `band` under `columns`): "
        "every requirement is not evaluable on this table"
    )
