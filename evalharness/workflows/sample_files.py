"""What a drawn sample leaves in the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from evalharness.digests import read_canonical, sha256_bytes, sha256_json
from evalharness.errors import Altered, bad_input, unreadable
from evalharness.evidence.oversight.sample import DoublyPart, PilePart, SeededPart, WayPart, coded_as_json
from evalharness.files.draws import FILE, Draw, Look, looks_at, read_chain
from evalharness.files.fields import Count, Digest, Name
from evalharness.files.once import NotPlain, read_once
from evalharness.files.shape import Shape
from evalharness.files.workspace import Workspace
from evalharness.records import Policy
from evalharness.records.oversight_sample import Coders, Sampled

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
