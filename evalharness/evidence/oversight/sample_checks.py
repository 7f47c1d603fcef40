"""Whether what an evidence tells of a coded sample can have been counted so, and its estimates follow from it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalharness.errors import shown
from evalharness.evidence.oversight.sample import CASE, DoublyPart, PilePart, SamplePart, SeededPart, WayPart
from evalharness.evidence.shares import SharePart, impossible
from evalharness.records import group_from_json
from evalharness.records.oversight_sample import RECOGNITION

if TYPE_CHECKING:
    from evalharness.evidence.judged import EstimatePart

_DIGITS = 1e-9


def sample_inconsistencies(
    part: SamplePart | None, estimates: tuple[EstimatePart, ...], known: frozenset[str], missed: int | None
) -> Iterator[str]:  # fmt: skip
    """What does not follow from the piles, in words. known: metrics of a sample. missed: relevant items of the test that were set aside."""
    told = [estimate for estimate in estimates if estimate.metric in known]
    if part is None:
        yield from (f"estimates: {shown(e.metric)}: there is no sample" for e in told)
        return
    sampled = part.record
    for metric in sorted(known):
        found = [estimate for estimate in told if estimate.metric == metric]
        if metric == RECOGNITION and part.seeded is None:
            yield from (f"oversight.sample: {metric}: there are no seeds" for _ in found)
            continue
        if len(found) != 1 or group_from_json(found[0].group):
            yield f"oversight.sample: {metric}: there must be one estimate of it, about everybody"
            continue
        (estimate,) = found
        value = None if estimate.value is None and not estimate.n else sampled.value(metric)
        if estimate.n != sampled.n(metric) or not _same(estimate.value, value, estimate.reason):
            yield f"oversight.sample: {metric}: the estimate says {estimate.value} of {estimate.n}"
    yield from (f"oversight.sample: {problem}" for problem in _not_counted_so(part, missed))


def _same(told: float | None, value: float | None, reason: str) -> bool:
    if told is None:
        return bool(reason)
    return value is not None and math.isclose(told, value, rel_tol=_DIGITS, abs_tol=_DIGITS)


def _not_counted_so(part: SamplePart, missed: int | None) -> Iterator[str]:
    stream = part.about == "the_stream"
    if any((pile.cases is not None) is not stream for pile in part.piles):
        yield "cases are told where it is about the stream, of every pile"
    whole = sum(pile.population for pile in part.piles)
    for pile in part.piles:
        yield from (f"{pile.name}: {problem}" for problem in _of_pile(pile, whole))
    held = {pile.cases.held[:2] for pile in part.piles if pile.cases is not None}
    if len(held) > 1 or sum(pile.cases.held[2] for pile in part.piles if pile.cases is not None) > max((t for _, t in held), default=0):
        yield "the piles do not lie in the same cases"
    if part.look is not None and part.look.lines != sum(pile.drawn for pile in part.piles) + (part.seeded.drawn if part.seeded else 0):
        yield "the look is at another number of lines than were drawn"
    if part.seeded is not None:
        yield from _of_seeds(part.seeded, missed)
    if part.doubly is not None:
        yield from _of_two(part.doubly, part.piles)


def _of_pile(pile: PilePart, whole: int) -> Iterator[str]:
    if pile.cases is None:
        return
    most = pile.drawn - pile.not_relevant
    yield from _of_way("held", pile.population, whole, pile.cases.held)
    yield from _of_way("least", pile.relevant, pile.drawn, pile.cases.least)
    yield from _of_way("most", most, pile.drawn, pile.cases.most)
    if pile.cases.least[:2] != pile.cases.most[:2]:
        yield "what was drawn does not lie in the same cases"


def _of_way(name: str, part: int, total: int, way: WayPart) -> Iterator[str]:
    for problem in impossible(SharePart(metric=name, group={}, part=part, total=total, ways={CASE: way})):
        yield f"{name}: {problem}"


def _of_seeds(seeded: SeededPart, missed: int | None) -> Iterator[str]:
    if seeded.drawn > seeded.missed:
        yield "more seeds than items that they are drawn from"
    if missed is not None and seeded.missed != missed:
        yield f"seeds are drawn from {seeded.missed} items, and the classifier sets aside {missed} relevant ones"
    yield from _of_way("seeded", seeded.recognised, seeded.drawn, seeded.cases)


def _of_two(doubly: DoublyPart, piles: tuple[PilePart, ...]) -> Iterator[str]:
    apart = doubly.record.contradicted
    relevant, coded = sum(pile.relevant for pile in piles), sum(pile.relevant + pile.not_relevant for pile in piles)
    agreed = doubly.items - apart
    if not (doubly.overruled <= doubly.settled <= apart <= doubly.items and doubly.both <= agreed):
        yield "doubly: more contradict each other, or were settled, than were coded"
    elif relevant != doubly.both + doubly.settled - doubly.overruled or coded != agreed + doubly.settled:
        yield "doubly: what two said and the piles do not add up"
