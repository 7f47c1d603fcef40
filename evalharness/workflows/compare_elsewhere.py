"""What of a policy a comparison does not judge, because only `evaluate` counts it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.catalogue import COPY_METRICS
from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.records import Question
from evalharness.workflows.inputs import Inputs

_OF_PEOPLE = frozenset(metric.name for metric in OVERSIGHT_METRICS if metric.source not in {"bands", "team", "work"})
"""A review log, a drawn sample and a table of people tell of what one model showed, and faults are injected into one model."""


def counted_elsewhere(question: Question) -> bool:
    """Whether only `evaluate` counts what answers it: copies of items with something changed, and what was said or done of them."""
    return bool(question.on.under) or question.metric in COPY_METRICS or question.metric in _OF_PEOPLE


def judged_elsewhere(inputs: Inputs) -> tuple[str, ...]:
    """Requirements of which a comparison says nothing."""
    counted = {question.requirement for question in inputs.questions if not counted_elsewhere(question)}
    return tuple(dict.fromkeys(q.requirement for q in inputs.questions if q.requirement not in counted))


def judged_elsewhere_told(inputs: Inputs) -> Iterator[str]:
    """The same in words, of each kind that there is."""
    left_out = judged_elsewhere(inputs)
    of_people = {q.requirement for q in inputs.questions if q.metric in _OF_PEOPLE}
    if copies := [name for name in left_out if name not in of_people]:
        yield (
            "Not judged here, for a comparison does not ask the models about changed copies of items: "
            f"{', '.join(copies)}. Evaluate judges them."
        )
    if people := [name for name in left_out if name in of_people]:
        yield (
            "Not judged here, for a comparison reads no review log, sample or table of people, which tell of what one model showed, and "
            f"injects no faults: {', '.join(people)}. Evaluate judges them."
        )
