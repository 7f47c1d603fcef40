"""The drawn sample of every pile: a section of the annex."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.sample import DoublyPart, PilePart, SamplePart, SeededPart
from evalharness.records.oversight_sample import DISMISSED, ELUSION_ONLY, KEPT, SEEDS_ARE, SELECTED, SET_ASIDE
from evalharness.report import numbers
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.shares_table import of_source, table_of
from evalharness.report.view import Section, Table

_PILES = {SET_ASIDE: "set aside", DISMISSED: "opened and dismissed", KEPT: "opened and kept", SELECTED: "selected"}
_WHAT = (
    "Of every pile of one period some items were drawn at random and coded by people who saw neither machine's nor reviewer's answer. "
    "Items that were drawn and not coded count as if they were what one would least like. "
)
_ABOUT = {
    "this_pile": "It says nothing of another period.",
    "the_stream": (
        "It is about the stream that this period is a part of, as far as other periods are like it: {} cases count, not items, so that "
        "bounds are wider than they would be for the period alone."
    ),
}
_DRAWS = "It is draw {} under this policy. Each further draw is judged more strictly, so drawing until a sample pleases does not help."
_LOOK = (
    "The policy declares that the sheet may be taken back at {of} sizes, and this is the one at its first {lines} lines. "
    "The doubt allowed is shared among all {of}, so stopping at the first that shows what was asked is no trick."
)
_CODERS = "It is taken for granted, and not measured, that coders recognise at least {} of the relevant items that they read."
_SEEDS = "Among the items were {} that are known to be relevant, and coders were not told which. They recognised {} of them. {}"
_APART = (
    "It is taken for granted, and not measured, that coders overlook one item apart from the other: seeds say nothing of whole cases "
    "that they overlook in this one period. A sample about the stream would count cases."
)
_TWO = "Two people coded {} items apart from each other. They contradict each other on {} ({}). {}"
_TOGETHER = (
    "Had each overlooked items independently of the other, both together would recognise about {}. People overlook the same items, so it "
    "is less, and what both overlook cannot be seen in what they say: that is why it stays an assumption."
)
_REFUTED = "That alone is less than the {} that the policy takes for granted."


def drawn_sample(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where the run had no sample."""
    part = evidence.oversight.sample if evidence.oversight is not None else None
    if part is None:
        return
    yield Section(
        anchor="drawn-sample",
        title="What a drawn sample found",
        paragraphs=tuple(_paragraphs(part)),
        tables=(
            *table_of("What it shows", of_source("sample"), evidence, task),
            Table(
                caption="By pile",
                columns=("Pile", "Items", "Drawn", "Relevant", "Not relevant", "Not coded"),
                rows=tuple(_row(pile) for pile in part.piles),
                numeric_from=1,
                note=f"Those who coded it: {numbers.count(part.coders)}. What they saw counts as exposure.",
            ),
        ),
    )


def _paragraphs(part: SamplePart) -> Iterator[str]:
    cases = max((pile.cases.held[0] for pile in part.piles if pile.cases is not None), default=0)
    yield _WHAT + _ABOUT[part.about].format(numbers.count(cases))
    yield _DRAWS.format(part.draw)
    if part.look is not None:
        yield _LOOK.format(of=part.look.of, lines=numbers.count(part.look.lines))
    if part.seeded is not None:
        yield _seeds(part.seeded)
    if part.seeded is not None and part.about == "this_pile":
        yield _APART
    if part.seeded is None or any(pile.name == DISMISSED and pile.drawn for pile in part.piles):
        of = " in what reviewers dismissed" if part.seeded is not None else ""
        yield _CODERS.format(numbers.percent(part.sensitivity)).replace(" that they read.", f" that they read{of}.")
    if part.doubly is not None:
        yield _two(part.doubly, part.sensitivity)
    if part.record.elusion_only:
        yield f"Not every pile was drawn from: {ELUSION_ONLY}."


def _seeds(seeded: SeededPart) -> str:
    return _SEEDS.format(numbers.count(seeded.drawn), numbers.count(seeded.recognised), SEEDS_ARE)


def _two(doubly: DoublyPart, declared: float) -> str:
    told = doubly.record
    open_ = told.contradicted - told.settled
    settled = f"A third settled {numbers.count(told.settled)}; " if told.settled else ""
    rest = f"{numbers.count(open_)} were settled by nobody and count the worse way." if open_ else "none is left open."
    share = numbers.percent(told.contradicted / told.items) if told.items else numbers.ABSENT
    text = _TWO.format(numbers.count(told.items), numbers.count(told.contradicted), share, (settled + rest).capitalize())
    if told.at_most is None:
        return f"{text} One of them found nothing, so nothing can be said of how much they overlook."
    refuted = f" {_REFUTED.format(numbers.percent(declared))}" if told.at_most < declared else ""
    return f"{text} {_TOGETHER.format(numbers.percent(told.at_most))}{refuted}"


def _row(pile: PilePart) -> tuple[str, ...]:
    uncoded = pile.drawn - pile.relevant - pile.not_relevant
    return (_PILES[pile.name], *(numbers.count(n) for n in (pile.population, pile.drawn, pile.relevant, pile.not_relevant, uncoded)))
