"""A coded sample, for the evidence."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.errors import bad_input
from evalharness.evidence.oversight.sample import sample_as_json
from evalharness.records import Caution
from evalharness.records.oversight_sample import ELUSION_ONLY, SEEDS_ARE, THE_STREAM, Sampled
from evalharness.records.progress import Progress
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.provided import Provided

ABOUT = (
    "The drawn sample is about the piles of the period that its register lists, and about no other period; what its coders call relevant "
    "counts as relevant there."
)
STREAM = (
    "The drawn sample is about the stream that the period of its register is a part of, so far as other periods are like it, case by case; "
    "what its coders call relevant counts as relevant there."
)


def provide_sample(inputs: Inputs, progress: Progress) -> Provided | None:
    """None without one: it was checked when the inputs were read. Raises BadInput where its seeds are of another benchmark."""
    del progress
    given = inputs.sample
    if given is None:
        return None
    now = inputs.benchmark.info.digest, inputs.policy.split
    if given.seeds_of is not None and given.seeds_of != now:
        raise bad_input(
            "the seeds of the sample were drawn from another benchmark, from other rows of it, or from another split", where="--sample",
            got=" ".join(given.seeds_of), expected=" ".join(now),
            hint="evaluate on the benchmark that the policy names, with its rows, seed and split",
        )  # fmt: skip
    part = sample_as_json(
        given.sampled, lines=given.lines, chain=given.chain, register=given.register, sheet=given.sheet, coders=given.coders
    )  # fmt: skip
    alone = given.sampled.elusion_only
    text = f"Only the pile set aside was sampled: {ELUSION_ONLY}."
    return Provided(
        sampled=given.sampled,
        parts={"sample": part},
        notices=(Caution(kind="elusion_only", text=text),) if alone else (),
        limits=tuple(_limits(given.sampled)),
    )


def _limits(sampled: Sampled) -> Iterator[str]:
    yield STREAM if sampled.about == THE_STREAM else ABOUT
    if sampled.elusion_only:
        yield f"Not measured: recall from the drawn sample; {ELUSION_ONLY}."
    if sampled.seeded is not None:
        yield SEEDS_ARE
    if sampled.doubly is not None:
        yield "Not measured: what both who coded the drawn sample overlook; their sensitivity is declared."
