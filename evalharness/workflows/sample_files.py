"""What a drawn sample leaves in the workspace, and whether a run tells it truly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from evalharness.digests import read_canonical, sha256_bytes, sha256_json
from evalharness.errors import Altered, BadInput, bad_input, unreadable
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.sample import DoublyPart, PilePart, SamplePart, SeededPart, WayPart, coded_as_json
from evalharness.files.draws import FILE, Draw, Look, looks_at, read_chain
from evalharness.files.fields import Count, Digest, Name
from evalharness.files.once import NotPlain, read_once
from evalharness.files.shape import Shape
from evalharness.files.workspace import Workspace
from evalharness.records import Policy
from evalharness.records.oversight_sample import DOUBLE_CODED, Coders, Sampled, Sampling
from evalharness.requirements import policy_from_document

KEY, RESULT, SHEET, ITEMS = "key.json", "result.json", "sheet.csv", "key.csv"
SEEDED = "seeded"
"""What key.csv calls the pile of the seeds."""
LARGEST = 1 << 20
Number = Annotated[int, Field(ge=0, le=2**53)]
_S = TypeVar("_S", bound=Shape)


class KeyPile(Shape):
    """One pile."""

    name: str
    population: Count
    drawn: Number
    held: WayPart | None = None
    """Where it is about the stream: cases, and sums over them of the squares of all items, of those in the pile, and of the others."""


class KeySeeds(Shape):
    """Seeds in the sheet."""

    missed: Count
    """What they were drawn from."""
    drawn: Count
    benchmark: Digest
    split: Name


class Key(Shape):
    """key.json: what was drawn, from what, and how anyone draws it again."""

    schema_: Annotated[Literal["evalharness/sample/v1"], Field(alias="schema")]
    draw: Annotated[int, Field(ge=1)]
    policy: Name
    policy_digest: Digest
    model_digest: Digest
    register_digest: Digest
    seed: Digest
    items: Digest
    """Of key.csv."""
    sensitivity: float
    piles: tuple[KeyPile, ...]
    coders: Coders = "declared"
    looks: tuple[int, ...] = ()
    seeds: KeySeeds | None = None


class Result(Shape):
    """result.json, or result-LINES.json of a look: counts alone."""

    schema_: Annotated[Literal["evalharness/sample-result/v1"], Field(alias="schema")]
    key: Digest
    sheet: Digest
    """Of the coded file."""
    coders: Number
    piles: tuple[PilePart, ...]
    lines: int | None = None
    """Of the look."""
    seeded: SeededPart | None = None
    doubly: DoublyPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleGiven:
    """A coded sample that belongs to this policy and model."""

    sampled: Sampled
    chain: str
    register: str
    sheet: str
    coders: int
    lines: int | None = None
    """Of the look; None where the policy declares none."""
    seeds_of: tuple[str, str] | None = None
    """Digest of the benchmark and split that seeds were drawn from."""


def samples_of(place: Workspace) -> Path:
    """Where samples and the chain of draws lie."""
    return place.root / "samples"


def folder_of(place: Workspace, policy: str, draw: int) -> Path:
    """Of one sample."""
    return samples_of(place) / f"{policy}-draw-{draw}"


def read_key(folder: Path) -> tuple[Key, str]:
    """key.json and its digest. Raises BadInput when there is none, Altered when it is not as written."""
    return _read(folder / KEY, Key, "name the folder that `evalharness sample draw` made")


def result_of(folder: Path, lines: int | None) -> Path:
    """Where the counts of a sample are, or those of one look at it."""
    return folder / (RESULT if lines is None else f"result-{lines}.json")


def open_sample(place: Workspace, sample: Path, policy: Policy, model_digest: str) -> SampleGiven:
    """sample: the folder, of whose looks the last counts, or one result in it. Raises BadInput for a sample of another policy or model and
    one that was not taken back, Altered where files or chain disagree."""
    one = sample.name.startswith("result") and sample.name.endswith(".json")
    folder = sample.parent if one else sample
    key, key_digest = read_key(folder)
    chain = read_chain(samples_of(place) / FILE)
    looks = looks_at(chain, key.policy, key.draw)
    path = sample if one else result_of(folder, looks[-1].look if looks and key.looks else None)
    result, _ = _read(path, Result, "code the sheet, then run `evalharness sample take-back`")
    for what, got, expected in (("policy", key.policy_digest, policy.digest), ("model", key.model_digest, model_digest)):
        if got != expected:
            raise bad_input(
                f"the sample was drawn for another {what}", where=folder / KEY, got=got, expected=expected,
                hint=f"draw a sample with this {what}; a changed {what} is judged on a sample of its own",
            )  # fmt: skip
    drawn = next((each for each in chain if isinstance(each, Draw) and (each.policy, each.number) == (key.policy, key.draw)), None)
    if drawn is None or drawn.key != key_digest:
        raise Altered([f"{samples_of(place) / FILE}: it does not tell of draw {key.draw} of {key.policy} as {folder / KEY} has it"])
    if problem := _not_of(key, key_digest, result, looks):
        raise Altered([f"{path}: {problem}"])
    sampled = Sampled(
        draw=key.draw, sensitivity=key.sensitivity, piles=tuple(pile.record for pile in result.piles), looks=max(len(key.looks), 1),
        seeded=None if result.seeded is None else result.seeded.record, doubly=None if result.doubly is None else result.doubly.record,
    )  # fmt: skip
    if looks and counts_digest(sampled) not in {look.counts for look in looks if look.sheet == result.sheet}:
        raise Altered([f"{path}: {FILE} tells of other counts"])
    return SampleGiven(
        sampled=sampled, chain=drawn.digest, register=key.register_digest, sheet=result.sheet, coders=result.coders, lines=result.lines,
        seeds_of=None if key.seeds is None else (key.seeds.benchmark, key.seeds.split),
    )  # fmt: skip


def counts_digest(sampled: Sampled) -> str:
    """Of what was counted: the chain of draws has it, so that no count can be made nicer afterwards."""
    return sha256_json(coded_as_json(sampled))


def _not_of(key: Key, digest: str, result: Result, looks: tuple[Look, ...]) -> str:
    """Why a result is not one of this sample; empty where it is."""
    told = tuple(
        KeyPile(name=pile.name, population=pile.population, drawn=pile.drawn, held=None if pile.cases is None else pile.cases.held)
        for pile in result.piles
    )
    if result.lines is not None:  # a look has as many of each pile as came first
        told = tuple(pile.model_copy(update={"drawn": whole.drawn}) for pile, whole in zip(told, key.piles, strict=False))
    known = {look.look: look.sheet for look in looks}
    if result.key != digest or told != key.piles or (result.seeded is None) != (key.seeds is None):
        return f"it is not the result of the sample that {KEY} tells of"
    if (result.lines is None) != (not key.looks) or (result.lines is not None and known.get(result.lines) != result.sheet):
        return f"{FILE} does not tell of this look"
    if known and result.sheet not in known.values():  # older samples are not in the chain a second time
        return f"{FILE} tells of another sheet"
    return ""


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


def _read(path: Path, shape: type[_S], hint: str) -> tuple[_S, str]:
    try:
        data = read_once(path, LARGEST)
    except FileNotFoundError as error:
        raise bad_input("there is no such file", where=path, hint=hint) from error
    except NotPlain as error:
        raise bad_input("this is no file that the harness wrote", where=path, got=str(error)) from error
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        read_canonical(data)
        return shape.model_validate_json(data, strict=True), sha256_bytes(data)
    except (ValidationError, ValueError, RecursionError) as error:
        raise Altered([f"{path}: it is not as the harness wrote it"]) from error
