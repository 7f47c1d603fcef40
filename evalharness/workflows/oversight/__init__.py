"""What people do with the classifier's answers, source by source: share rows, and what else is known, for the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evalharness.records.progress import Progress
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.certify import certificate_part
from evalharness.workflows.oversight.faults import provide_faults
from evalharness.workflows.oversight.people import provide_people
from evalharness.workflows.oversight.provided import Provided
from evalharness.workflows.oversight.raters import provide_raters
from evalharness.workflows.oversight.reviews import provide_reviews
from evalharness.workflows.oversight.sample import provide_sample
from evalharness.workflows.oversight.selective import provide_selective
from evalharness.workflows.oversight.synthetic import provide_synthetic

PROVIDERS: tuple[Callable[[Inputs, Progress], Provided | None], ...] = (
    certificate_part,
    provide_selective, provide_reviews, provide_synthetic, provide_sample, provide_people, provide_raters, provide_faults,
)  # fmt: skip
"""One of each source, in the order of the parts in the evidence. None: the run has no such source."""


def provide(inputs: Inputs, progress: Progress) -> Provided:
    """Raises BadInput for anything wrong with what a source was given."""
    return together(found for provider in PROVIDERS if (found := provider(inputs, progress)) is not None)


def together(several: Iterable[Provided]) -> Provided:
    """All of them in one."""
    every = tuple(several)
    return Provided(
        shares=tuple(row for one in every for row in one.shares),
        sampled=next((one.sampled for one in every if one.sampled is not None), None),
        parts={name: part for one in every for name, part in one.parts.items()},
        notices=tuple(notice for one in every for notice in one.notices),
        limits=tuple(text for one in every for text in one.limits),
        curves=tuple(curve for one in every for curve in one.curves),
        pool=next((one.pool for one in every if one.pool is not None), None),
    )
