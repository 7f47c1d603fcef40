"""What a drawn sample leaves in the workspace, and whether a run tells it truly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from evalharness.digests import read_canonical, sha256_bytes
from evalharness.errors import Altered, BadInput, bad_input, unreadable
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.sample import SamplePart
from evalharness.files.draws import FILE, Draw, read_draws
from evalharness.files.fields import Count, Digest, Name
from evalharness.files.once import NotPlain, read_once
from evalharness.files.shape import Shape
from evalharness.files.workspace import Workspace
from evalharness.records import Policy
from evalharness.records.oversight_sample import Sampled, SampledPile
from evalharness.requirements import policy_from_document

KEY, RESULT, SHEET, ITEMS = "key.json", "result.json", "sheet.csv", "key.csv"
LARGEST = 1 << 20
Number = Annotated[int, Field(ge=0, le=2**53)]
_S = TypeVar("_S", bound=Shape)


class KeyPile(Shape):
    """One pile."""

    name: str
    population: Count
    drawn: Number


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


class ResultPile(KeyPile):
    """One pile, coded."""

    relevant: Number
    not_relevant: Number


class Result(Shape):
    """result.json: counts alone."""

    schema_: Annotated[Literal["evalharness/sample-result/v1"], Field(alias="schema")]
    key: Digest
    sheet: Digest
    """Of the coded file."""
    coders: Number
    piles: tuple[ResultPile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleGiven:
    """A coded sample that belongs to this policy and model."""

    sampled: Sampled
    chain: str
    register: str
    sheet: str
    coders: int


def samples_of(place: Workspace) -> Path:
    """Where samples and the chain of draws lie."""
    return place.root / "samples"


def folder_of(place: Workspace, policy: str, draw: int) -> Path:
    """Of one sample."""
    return samples_of(place) / f"{policy}-draw-{draw}"


def read_key(folder: Path) -> tuple[Key, str]:
    """key.json and its digest. Raises BadInput when there is none, Altered when it is not as written."""
    return _read(folder / KEY, Key, "name the folder that `evalharness sample draw` made")


def open_sample(place: Workspace, folder: Path, policy: Policy, model_digest: str) -> SampleGiven:
    """Raises BadInput for a sample of another policy or model and one that was not taken back, Altered where files or chain disagree."""
    key, key_digest = read_key(folder)
    result, _ = _read(folder / RESULT, Result, "code the sheet, then run `evalharness sample take-back`")
    for what, got, expected in (("policy", key.policy_digest, policy.digest), ("model", key.model_digest, model_digest)):
        if got != expected:
            raise bad_input(
                f"the sample was drawn for another {what}", where=folder / KEY, got=got, expected=expected,
                hint=f"draw a sample with this {what}; a changed {what} is judged on a sample of its own",
            )  # fmt: skip
    counts = tuple(KeyPile(name=pile.name, population=pile.population, drawn=pile.drawn) for pile in result.piles)
    if result.key != key_digest or counts != key.piles:
        raise Altered([f"{folder / RESULT}: it is not the result of the sample that {KEY} tells of"])
    drawn = next((draw for draw in read_draws(samples_of(place) / FILE) if draw.policy == key.policy and draw.number == key.draw), None)
    if drawn is None or drawn.key != key_digest:
        raise Altered([f"{samples_of(place) / FILE}: it does not tell of draw {key.draw} of {key.policy} as {folder / KEY} has it"])
    piles = tuple(SampledPile(**pile.model_dump()) for pile in result.piles)
    sampled = Sampled(draw=key.draw, sensitivity=key.sensitivity, piles=piles)
    return SampleGiven(sampled=sampled, chain=drawn.digest, register=key.register_digest, sheet=result.sheet, coders=result.coders)


def sample_of(evidence: Evidence, place: Workspace) -> Path | None:
    """The folder of the sample that an evidence rests on; None where it rests on none."""
    part = evidence.oversight and evidence.oversight.sample
    return folder_of(place, evidence.policy.name, part.draw) if part else None


def sample_checks(evidence: Evidence, place: Workspace) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What `verify` checks of a drawn sample, and what does not hold; nothing where the evidence has none."""
    if evidence.oversight is not None and evidence.oversight.sample is not None:
        yield "the drawn sample is the one that the chain of draws tells of", _untrue_of(evidence, evidence.oversight.sample, place)


def _untrue_of(evidence: Evidence, part: SamplePart, place: Workspace) -> tuple[str, ...]:
    """What the chain of draws, or the policy, says otherwise of the sample in an evidence."""
    try:
        draws = read_draws(samples_of(place) / FILE)
        policy = policy_from_document(evidence.policy.document, evidence.policy.digest)
    except Altered as error:
        return error.reasons
    except BadInput as error:
        return tuple(problem.what for problem in error.problems)
    found = [draw for draw in draws if draw.policy == evidence.policy.name and draw.number == part.draw]
    return tuple(_untrue(evidence, part, found[0] if found else None, policy))


def _untrue(evidence: Evidence, part: SamplePart, draw: Draw | None, policy: Policy) -> Iterator[str]:
    if draw is None:
        yield f"samples/{FILE} does not tell of draw {part.draw} of {evidence.policy.name}, which this run rests on"
    elif (draw.digest, draw.register_digest, draw.policy_digest, draw.model_digest) != (
        part.chain, part.register_, evidence.policy.digest, evidence.model.digest,
    ):  # fmt: skip
        yield f"oversight.sample: samples/{FILE} tells of another draw {part.draw} of {evidence.policy.name}"
    people = policy.human_in_the_loop
    if people is None or people.sampling is None or people.sampling.sensitivity_low != part.sensitivity:
        yield "oversight.sample: the coders' sensitivity is not the policy's"


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
