"""A coded sample in an evidence document: counts of every pile, and which draw it was."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from evalharness.errors import shown
from evalharness.evidence.part import Count, Digest, Part
from evalharness.records import group_from_json
from evalharness.records.attempt import MOST_ATTEMPTS
from evalharness.records.oversight_sample import PILES, Sampled, SampledPile

if TYPE_CHECKING:
    from evalharness.evidence.judged import EstimatePart

PileName = Literal["set_aside", "reviewed_negative", "reviewed_positive", "selected"]
_DIGITS = 1e-9


class PilePart(Part):
    """One pile, counted whole, and what coders said of the items drawn from it."""

    name: PileName
    population: Annotated[Count, Field(ge=1)]
    drawn: Count
    relevant: Count
    not_relevant: Count

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
    """Of the coded file."""
    sensitivity: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    """The low end of the coders' sensitivity, as the policy states it."""
    coders: Count
    piles: Annotated[tuple[PilePart, ...], Field(min_length=1, max_length=len(PILES))]

    @model_validator(mode="after")
    def _in_order(self) -> SamplePart:
        names = [pile.name for pile in self.piles]
        if names != [name for name in get_args(PileName) if name in names]:
            raise ValueError("a pile stands there twice, or in another order")
        return self

    @property
    def record(self) -> Sampled:
        """As a record."""
        piles = tuple(SampledPile(**pile.model_dump()) for pile in self.piles)
        return Sampled(draw=self.draw, sensitivity=self.sensitivity, piles=piles)


def sample_as_json(sampled: Sampled, **about: Any) -> dict[str, Any]:
    """As in `oversight.sample`; about: chain, register, sheet and coders."""
    piles = [
        {"name": p.name, "population": p.population, "drawn": p.drawn, "relevant": p.relevant, "not_relevant": p.not_relevant}
        for p in sampled.piles
    ]
    return {"draw": sampled.draw, "sensitivity": sampled.sensitivity, "piles": piles, **about}


def sample_inconsistencies(part: SamplePart | None, estimates: tuple[EstimatePart, ...], known: frozenset[str]) -> Iterator[str]:
    """What does not follow from the piles, in words. known: metrics of a sample."""
    told = [estimate for estimate in estimates if estimate.metric in known]
    if part is None:
        yield from (f"estimates: {shown(e.metric)}: there is no sample" for e in told)
        return
    sampled = part.record
    for metric in sorted(known):
        found = [estimate for estimate in told if estimate.metric == metric]
        if len(found) != 1 or group_from_json(found[0].group):
            yield f"oversight.sample: {metric}: there must be one estimate of it, about everybody"
            continue
        (estimate,) = found
        value = None if estimate.value is None and not estimate.n else sampled.value(metric)
        if estimate.n != sampled.n(metric) or not _same(estimate.value, value, estimate.reason):
            yield f"oversight.sample: {metric}: the estimate says {estimate.value} of {estimate.n}"


def _same(told: float | None, value: float | None, reason: str) -> bool:
    if told is None:
        return bool(reason)
    return value is not None and math.isclose(told, value, rel_tol=_DIGITS, abs_tol=_DIGITS)
