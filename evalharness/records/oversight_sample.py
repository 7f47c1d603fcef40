"""A sample drawn from the piles that a period's items lie in, to see what the pile that nobody opens holds."""

from __future__ import annotations

from dataclasses import dataclass

SET_ASIDE, DISMISSED, KEPT, SELECTED = "set_aside", "reviewed_negative", "reviewed_positive", "selected"
PILES = (SET_ASIDE, DISMISSED, KEPT, SELECTED)
"""Set aside by the machine; opened and found not relevant; opened and found relevant; and, where nobody lists what reviewers said,
selected by the machine."""
FOUND = frozenset({KEPT, SELECTED})
"""Piles whose relevant items count as found."""
ELUSION, RECALL, PRECISION = "sampled_elusion", "sampled_recall", "sampled_precision"
ELUSION_ONLY = "an elusion-only sample can overestimate recall: it does not say how much of what counts as found is relevant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What a policy states before a sample is drawn."""

    sensitivity_low: float
    """Share of the relevant items that coders recognise: the low end, which nobody has measured."""
    power: float
    """Chance with which the sample shall show what is required, if `expected` is true."""
    expected: tuple[tuple[str, float], ...]
    """By pile, the share of its items that is believed to be relevant; sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledPile:
    """One pile, counted whole, and what coders said of the items drawn from it."""

    name: str
    population: int
    drawn: int
    relevant: int
    not_relevant: int

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

    @property
    def elusion_only(self) -> bool:
        """Whether nothing was drawn from some pile other than that set aside."""
        return any(not pile.drawn for pile in self.piles if pile.name != SET_ASIDE)

    def of(self, metric: str) -> tuple[SampledPile, ...]:
        """The piles that a metric is about."""
        if metric == RECALL:
            return self.piles
        return tuple(pile for pile in self.piles if (pile.name in FOUND if metric == PRECISION else pile.name == SET_ASIDE))

    def value(self, metric: str) -> float | None:
        """The point estimate from the items that were coded; None where there is none, or nothing relevant for a recall."""
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
        return sum(pile.drawn for pile in self.of(metric))
