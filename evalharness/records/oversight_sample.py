"""A sample drawn from the piles that a period's items lie in, to see what the pile that nobody opens holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalharness.records.share import Way

SET_ASIDE, DISMISSED, KEPT, SELECTED = "set_aside", "reviewed_negative", "reviewed_positive", "selected"
PILES = (SET_ASIDE, DISMISSED, KEPT, SELECTED)
"""Set aside by the machine; opened and found not relevant; opened and found relevant; and, where nobody lists what reviewers said,
selected by the machine."""
FOUND = frozenset({KEPT, SELECTED})
"""Piles whose relevant items count as found."""
ELUSION, RECALL, PRECISION = "sampled_elusion", "sampled_recall", "sampled_precision"
RECOGNITION = "coder_recognition"
DECLARED, DOUBLE_CODED, SEEDS = "declared", "double_coded", "seeded"
"""What is known of those who code: nothing; what two say of the same items; and what they make of seeds."""
Coders = Literal["declared", "double_coded", "seeded"]
About = Literal["this_pile", "the_stream"]
THIS_PILE, THE_STREAM = "this_pile", "the_stream"
ELUSION_ONLY = "an elusion-only sample can overestimate recall: it does not say how much of what counts as found is relevant"
SEEDS_ARE = (
    "Seeds show what coders recognise of items like those that the classifier sets aside in the test, not of what reviewers dismissed; and "
    "only if coders cannot tell a seed from another item. What those who labelled the test overlooked cannot be a seed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What a policy states before a sample is drawn."""

    sensitivity_low: float
    """Share of the relevant items that coders recognise: the low end, as declared."""
    power: float
    """Chance with which the sample shall show what is required, if `expected` is true."""
    expected: tuple[tuple[str, float], ...]
    """By pile, the share of its items that is believed to be relevant; sorted."""
    coders: Coders = "declared"
    seeds: int = 0
    """Items known to be relevant that are mixed into the sheet; only where coders are `seeded`."""
    about: About = "this_pile"
    looks: tuple[int, ...] = ()
    """Lines of the sheet at which it may be taken back, rising; the last is all of it. None: it is taken back once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """How the items of a pile lie in cases: for what is said of the stream that the period is a part of."""

    held: Way
    """Of all items of the register, those that are in the pile."""
    least: Way
    """Of the items drawn, those that are relevant, if what was not coded is not."""
    most: Way
    """Likewise, if what was not coded is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Known relevant items that coders met without knowing it: a random part of those that the classifier sets aside in the test."""

    missed: int
    """Relevant items of the judged split that the classifier sets aside."""
    drawn: int
    recognised: int
    """Called relevant; a seed that was not coded is not recognised."""
    cases: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubly:
    """Two who coded the same items apart from each other. It describes: what both overlook is nowhere in it."""

    items: int
    """Coded by both."""
    both: int
    """Called relevant by both."""
    first: int
    """By the first alone, and nobody who settled it said otherwise."""
    second: int
    """Likewise by the second alone."""
    overruled: int
    """By one alone, and settled as not relevant."""
    settled: int
    """Of those on which they contradict each other; the others count the worse way."""

    @property
    def contradicted(self) -> int:
        """Items on which they contradict each other."""
        return self.first + self.second + self.overruled

    @property
    def at_most(self) -> float | None:
        """Share of the relevant items that the two recognise together, had they overlooked items independently (Lincoln and Petersen):
        m (a + b - m) / (a b). Who overlook the same items recognise fewer. None where one of them found nothing."""
        a, b = self.both + self.first, self.both + self.second
        return self.both * (a + b - self.both) / (a * b) if a and b else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledPile:
    """One pile, counted whole, and what coders said of the items drawn from it."""

    name: str
    population: int
    drawn: int
    relevant: int
    not_relevant: int
    cases: Cases | None = None
    """Where it is about the stream."""

    @property
    def coded(self) -> int:
        """Items that coders decided on; the others count the worse way."""
        return self.relevant + self.not_relevant

    @property
    def uncoded(self) -> int:
        return self.drawn - self.coded


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A coded sample."""

    draw: int
    """From 1: which draw under this policy it is. Draw K is judged as attempt K would be."""
    sensitivity: float
    """The low end of the coders' sensitivity, as the policy states it."""
    piles: tuple[SampledPile, ...]
    """In the order of `PILES`; only those that hold items."""
    looks: int = 1
    """At how many sizes it may be taken back: each is judged at 1 / looks of the error."""
    seeded: Seeded | None = None
    doubly: Doubly | None = None

    @property
    def about(self) -> About:
        """The piles of the period, or the stream that it is a part of."""
        return "the_stream" if any(pile.cases is not None for pile in self.piles) else "this_pile"

    @property
    def declared(self) -> frozenset[str]:
        """Metrics that rest on what is declared of coders. Seeds show their sensitivity of what the classifier sets aside, not of what is
        dismissed; and in one period, where cases are not known, they say nothing of cases that coders overlook whole."""
        if self.seeded is None or self.about == "this_pile":
            return frozenset({ELUSION, RECALL})
        return frozenset({RECALL}) if any(pile.name == DISMISSED for pile in self.piles) else frozenset()

    @property
    def elusion_only(self) -> bool:
        """Whether nothing was drawn from some pile other than that set aside."""
        return any(not pile.drawn for pile in self.piles if pile.name != SET_ASIDE)

    def of(self, metric: str) -> tuple[SampledPile, ...]:
        """The piles that a metric is about."""
        if metric in {RECALL, RECOGNITION}:
            return self.piles if metric == RECALL else ()
        return tuple(pile for pile in self.piles if (pile.name in FOUND if metric == PRECISION else pile.name == SET_ASIDE))

    def value(self, metric: str) -> float | None:
        """The point estimate from the items that were coded; None where there is none, or nothing relevant for a recall."""
        if metric == RECOGNITION:
            return None if self.seeded is None else self.seeded.recognised / self.seeded.drawn
        piles = self.of(metric)
        if not piles or any(not pile.coded for pile in piles):
            return None
        if metric != RECALL:
            return sum(pile.relevant for pile in piles) / sum(pile.coded for pile in piles)
        held = [(pile.name in FOUND, pile.population * pile.relevant / pile.coded) for pile in piles]
        everything = sum(n for _, n in held)
        return sum(n for found, n in held if found) / everything if everything else None

    def n(self, metric: str) -> int:
        """Items drawn from these piles."""
        if metric == RECOGNITION:
            return 0 if self.seeded is None else self.seeded.drawn
        return sum(pile.drawn for pile in self.of(metric))
