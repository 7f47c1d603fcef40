"""The drawn sample of every pile: a section of the annex."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.sample import PilePart
from evalharness.records.oversight_sample import DISMISSED, ELUSION_ONLY, KEPT, SELECTED, SET_ASIDE
from evalharness.report import numbers
from evalharness.report.view import Section, Table

_PILES = {SET_ASIDE: "set aside", DISMISSED: "opened and dismissed", KEPT: "opened and kept", SELECTED: "selected"}
_WHAT = (
    "Of every pile of one period some items were drawn at random and coded by people who saw neither machine's nor reviewer's answer. "
    "Items that were drawn and not coded count as if they were what one would least like. It says nothing of another period."
)
_DRAWS = "It is draw {} under this policy. Each further draw is judged more strictly, so drawing until a sample pleases does not help."
_CODERS = "It is taken for granted, and not measured, that coders recognise at least {} of the relevant items that they read."


def drawn_sample(evidence: Evidence) -> Iterator[Section]:
    """Nothing where the run had no sample."""
    part = evidence.oversight.sample if evidence.oversight is not None else None
    if part is None:
        return
    alone = (f"Not every pile was drawn from: {ELUSION_ONLY}.",) if part.record.elusion_only else ()
    yield Section(
        anchor="drawn-sample",
        title="What a drawn sample found",
        paragraphs=(_WHAT, _DRAWS.format(part.draw), _CODERS.format(numbers.percent(part.sensitivity)), *alone),
        tables=(
            Table(
                caption="By pile",
                columns=("Pile", "Items", "Drawn", "Relevant", "Not relevant", "Not coded"),
                rows=tuple(_row(pile) for pile in part.piles),
                numeric_from=1,
                note=f"Those who coded it: {numbers.count(part.coders)}. What they saw counts as exposure.",
            ),
        ),
    )


def _row(pile: PilePart) -> tuple[str, ...]:
    uncoded = pile.drawn - pile.relevant - pile.not_relevant
    return (_PILES[pile.name], *(numbers.count(n) for n in (pile.population, pile.drawn, pile.relevant, pile.not_relevant, uncoded)))
