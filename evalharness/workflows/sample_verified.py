"""Whether a run tells truly of the drawn sample that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evalharness.errors import Altered, BadInput
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.sample import SamplePart
from evalharness.files.draws import FILE, Draw, Look, looks_at, read_chain
from evalharness.files.workspace import Workspace
from evalharness.records.oversight_sample import DOUBLE_CODED, Sampling
from evalharness.requirements import policy_from_document
from evalharness.workflows.sample_files import counts_digest, folder_of, result_of, samples_of


def sample_of(evidence: Evidence, place: Workspace) -> Path | None:
    """The sample that an evidence rests on: its folder, or the result of one look; None where it rests on none."""
    part = evidence.oversight and evidence.oversight.sample
    if not part:
        return None
    folder = folder_of(place, evidence.policy.name, part.draw)
    return folder if part.look is None else result_of(folder, part.look.lines)


def sample_checks(evidence: Evidence, place: Workspace) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What `verify` checks of a drawn sample, and what does not hold; nothing where the evidence has none."""
    if evidence.oversight is not None and evidence.oversight.sample is not None:
        yield "the drawn sample is the one that the chain of draws tells of", _untrue_of(evidence, evidence.oversight.sample, place)


def _untrue_of(evidence: Evidence, part: SamplePart, place: Workspace) -> tuple[str, ...]:
    """What the chain of draws, or the policy, says otherwise of the sample in an evidence."""
    try:
        chain = read_chain(samples_of(place) / FILE)
        policy = policy_from_document(evidence.policy.document, evidence.policy.digest)
    except Altered as error:
        return error.reasons
    except BadInput as error:
        return tuple(problem.what for problem in error.problems)
    people = policy.human_in_the_loop
    stated = None if people is None else people.sampling
    return tuple(_untrue(evidence, part, chain)) + (
        ("oversight.sample: the policy states no sample",) if stated is None else tuple(_not_as_stated(part, stated))
    )


def _untrue(evidence: Evidence, part: SamplePart, chain: tuple[Draw | Look, ...]) -> Iterator[str]:
    name = evidence.policy.name
    draw = next((each for each in chain if isinstance(each, Draw) and (each.policy, each.number) == (name, part.draw)), None)
    if draw is None:
        yield f"samples/{FILE} does not tell of draw {part.draw} of {name}, which this run rests on"
    elif (draw.digest, draw.register_digest, draw.policy_digest, draw.model_digest) != (
        part.chain, part.register_, evidence.policy.digest, evidence.model.digest,
    ):  # fmt: skip
        yield f"oversight.sample: samples/{FILE} tells of another draw {part.draw} of {name}"
    looks = {look.look: look.sheet for look in looks_at(chain, name, part.draw)}
    counts = {look.counts for look in looks_at(chain, name, part.draw) if look.sheet == part.sheet}
    if (part.look is not None and looks.get(part.look.lines) != part.sheet) or (looks and not counts):
        yield f"oversight.sample: samples/{FILE} does not tell of this sheet of draw {part.draw} of {name}"
    elif counts and counts_digest(part.record) not in counts:
        yield f"oversight.sample: samples/{FILE} tells of other counts of draw {part.draw} of {name}"


def _not_as_stated(part: SamplePart, stated: Sampling) -> Iterator[str]:
    if stated.sensitivity_low != part.sensitivity:
        yield "oversight.sample: the coders' sensitivity is not the policy's"
    if stated.about != part.about:
        yield "oversight.sample: it is not about what the policy says"
    look = (0, 0) if part.look is None else (part.look.of, part.look.lines)
    if look[0] != len(stated.looks) or (stated.looks and look[1] not in stated.looks):
        yield "oversight.sample: the policy declares no such look"
    seeds = 0 if part.seeded is None else part.seeded.drawn
    if seeds > stated.seeds or (part.seeded is None) != (not stated.seeds) or (part.look is None and seeds != stated.seeds):
        yield "oversight.sample: the policy has another number of seeds"
    if (part.doubly is not None) != (stated.coders == DOUBLE_CODED):
        yield "oversight.sample: the policy has it coded by another number of people"
