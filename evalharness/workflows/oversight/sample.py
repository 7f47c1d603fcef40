"""A coded sample, for the evidence."""

from __future__ import annotations

from evalharness.evidence.oversight.sample import sample_as_json
from evalharness.records import Caution
from evalharness.records.oversight_sample import ELUSION_ONLY
from evalharness.records.progress import Progress
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.provided import Provided

ABOUT = (
    "The drawn sample is about the piles of the period that its register lists, and about no other period; what its coders call relevant "
    "counts as relevant there."
)


def provide_sample(inputs: Inputs, progress: Progress) -> Provided | None:
    """None without one: it was checked when the inputs were read."""
    del progress
    given = inputs.sample
    if given is None:
        return None
    part = sample_as_json(given.sampled, chain=given.chain, register=given.register, sheet=given.sheet, coders=given.coders)
    alone = given.sampled.elusion_only
    text = f"Only the pile set aside was sampled: {ELUSION_ONLY}."
    return Provided(
        sampled=given.sampled,
        parts={"sample": part},
        notices=(Caution(kind="elusion_only", text=text),) if alone else (),
        limits=(ABOUT, *((f"Not measured: recall from the drawn sample; {ELUSION_ONLY}.",) if alone else ())),
    )
