"""A coded sample in an evidence document: counts of every pile, and which draw it was."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from evalharness.evidence.part import Count, Digest, Part
from evalharness.records.attempt import MOST_ATTEMPTS
from evalharness.records.oversight_sample import PILES, About, Cases, Doubly, Sampled, SampledPile, Seeded
from evalharness.records.share import Way

PileName = Literal["set_aside", "reviewed_negative", "reviewed_positive", "selected"]
WayPart = tuple[Count, Count, Count, Count]
"""Cases, and the sums over them of the squares of total, part and rest."""
CASE = "case"


class CasesPart(Part):
    """How the items of a pile lie in cases."""

    held: WayPart
    """Of all items, those in the pile."""
    least: WayPart
    """Of the items drawn, those that are relevant, if what was not coded is not."""
    most: WayPart
    """Likewise, if what was not coded is."""

    @property
    def record(self) -> Cases:
        """As a record."""
        return Cases(held=way_record(self.held), least=way_record(self.least), most=way_record(self.most))


class SeededPart(Part):
    """Items known to be relevant that coders met without knowing it."""

    missed: Annotated[Count, Field(ge=1)]
    """Relevant items of the judged split that the classifier sets aside: what seeds are drawn from."""
    drawn: Annotated[Count, Field(ge=1)]
    recognised: Count
    cases: WayPart

    @property
    def record(self) -> Seeded:
        """As a record."""
        return Seeded(missed=self.missed, drawn=self.drawn, recognised=self.recognised, cases=way_record(self.cases))


class DoublyPart(Part):
    """Two who coded the same items apart from each other; it describes."""

    items: Count
    """Coded by both."""
    both: Count
    """Called relevant by both."""
    first: Count
    """By the first alone, and nobody who settled it said otherwise."""
    second: Count
    overruled: Count
    """By one alone, and settled as not relevant."""
    settled: Count
    """Of those on which they contradict each other."""

    @property
    def record(self) -> Doubly:
        """As a record."""
        return Doubly(**self.model_dump())


class LookPart(Part):
    """The size at which the sheet was taken back."""

    lines: Annotated[Count, Field(ge=1)]
    of: Annotated[Count, Field(ge=2, le=10)]
    """How many sizes the policy declares."""


class PilePart(Part):
    """One pile, counted whole, and what coders said of the items drawn from it."""

    name: PileName
    population: Annotated[Count, Field(ge=1)]
    drawn: Count
    relevant: Count
    not_relevant: Count
    cases: CasesPart | None = None
    """Where it is about the stream; absent otherwise."""

    @property
    def record(self) -> SampledPile:
        """As a record."""
        return SampledPile(
            name=self.name, population=self.population, drawn=self.drawn, relevant=self.relevant, not_relevant=self.not_relevant,
            cases=None if self.cases is None else self.cases.record,
        )  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> PilePart:
        if self.drawn > self.population or self.relevant + self.not_relevant > self.drawn:
            raise ValueError("more items are coded than were drawn, or more drawn than there are")
        return self


class SamplePart(Part):
    """A coded sample. No label is joined with an item or a pile anywhere: these are counts."""

    draw: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)]
    """Which draw under this policy it is: the chain of draws says so."""
    chain: Digest
    """Of this draw's line in `samples/draws.json`."""
    register_: Annotated[Digest, Field(alias="register")]
    """Of the list of all items of the period."""
    sheet: Digest
    """Of the coded file; of two that were coded apart, of both digests."""
    sensitivity: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    """The low end of the coders' sensitivity, as the policy states it."""
    coders: Count
    piles: Annotated[tuple[PilePart, ...], Field(min_length=1, max_length=len(PILES))]
    about: About = "this_pile"
    look: LookPart | None = None
    """Where the policy declares looks; absent otherwise."""
    seeded: SeededPart | None = None
    doubly: DoublyPart | None = None

    @model_validator(mode="after")
    def _in_order(self) -> SamplePart:
        names = [pile.name for pile in self.piles]
        if names != [name for name in get_args(PileName) if name in names]:
            raise ValueError("a pile stands there twice, or in another order")
        return self

    @property
    def record(self) -> Sampled:
        """As a record."""
        return Sampled(
            draw=self.draw, sensitivity=self.sensitivity, piles=tuple(pile.record for pile in self.piles),
            looks=1 if self.look is None else self.look.of,
            seeded=None if self.seeded is None else self.seeded.record,
            doubly=None if self.doubly is None else self.doubly.record,
        )  # fmt: skip


def sample_as_json(sampled: Sampled, *, lines: int | None = None, **about: Any) -> dict[str, Any]:
    """As in `oversight.sample`; lines: of the look; about: chain, register, sheet and coders."""
    look = {} if lines is None else {"look": {"lines": lines, "of": sampled.looks}}
    stream = {} if sampled.about == "this_pile" else {"about": sampled.about}
    return {"draw": sampled.draw, "sensitivity": sampled.sensitivity, **look, **stream, **coded_as_json(sampled), **about}


def coded_as_json(sampled: Sampled) -> dict[str, Any]:
    """`piles`, `seeded` and `doubly`: all counts of what was coded."""
    seeded, doubly = sampled.seeded, sampled.doubly
    told: dict[str, Any] = {"piles": [_pile_as_json(pile) for pile in sampled.piles]}
    if seeded is not None:
        told["seeded"] = {
            "missed": seeded.missed, "drawn": seeded.drawn, "recognised": seeded.recognised, "cases": way_numbers(seeded.cases)
        }  # fmt: skip
    return told if doubly is None else {**told, "doubly": asdict(doubly)}


def _pile_as_json(pile: SampledPile) -> dict[str, Any]:
    counts = {
        "name": pile.name, "population": pile.population, "drawn": pile.drawn, "relevant": pile.relevant,
        "not_relevant": pile.not_relevant,
    }  # fmt: skip
    cases = pile.cases
    if cases is None:
        return counts
    return {**counts, "cases": {"held": way_numbers(cases.held), "least": way_numbers(cases.least), "most": way_numbers(cases.most)}}


def way_numbers(way: Way) -> list[int]:
    """As a `WayPart`."""
    return [way.clusters, way.total2, way.part2, way.rest2]


def way_record(numbers: WayPart) -> Way:
    """As a record."""
    clusters, total2, part2, rest2 = numbers
    return Way(name=CASE, clusters=clusters, total2=total2, part2=part2, rest2=rest2)
