"""Made-up reviewers beside the run: their log goes the way of a log of people, and says that they were made up."""

from __future__ import annotations

from dataclasses import replace

from evalharness.evidence.oversight.made_up import KIND, TOLD
from evalharness.records import Caution
from evalharness.records.progress import Progress
from evalharness.workflows.asked_reviewers import OPTION
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.items import decided_items
from evalharness.workflows.oversight.provided import Provided
from evalharness.workflows.oversight.reviews import known_of, provide_from


def provide_synthetic(inputs: Inputs, progress: Progress) -> Provided | None:
    """None where they were not asked for."""
    if inputs.made_up is None:
        return None
    from evalharness.workflows.oversight.made_up_log import made_up_log  # noqa: PLC0415  few runs have one
    from evalharness.workflows.oversight.written_log import write_log  # noqa: PLC0415

    items = decided_items(inputs, progress)
    log, assigned = made_up_log(inputs.made_up.dials, known_of(inputs, items))
    if inputs.made_up.write is not None:
        write_log(inputs.made_up.write, log, assigned)
    found = provide_from(inputs, log, assigned, synthetic=True, progress=progress, where=(OPTION, OPTION), items=items)
    part = {**found.parts["reviews"], "dials": inputs.made_up.digest}
    return replace(found, parts={**found.parts, "reviews": part}, notices=(*found.notices, Caution(kind=KIND, text=TOLD)))
