"""The dials of the family `lead-priority`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.dials import Shares
from evalharness.benchmarks.families.ingredients.faults import told
from evalharness.benchmarks.families.tabular.dials import Part, TabularDials
from evalharness.files.shape import Shape

HOURS = 24
Hours = Annotated[Shares, Field(min_length=HOURS, max_length=HOURS)]
Size = Annotated[int, Field(ge=1, le=5_000)]
Minutes = Annotated[int, Field(ge=1, le=1_440)]


class Queues(Shape):
    """The clusters: leads that came in on one day."""

    fewest: Size
    """Leads of the shortest day; every number up to `most` is equally likely."""
    most: Size
    correlation: Part
    """Correlation of the outcomes of two leads of one day."""
    budget_per_day: Size
    """Reviews a day for which `describe` tells what the best ranking finds. A policy sets its own."""


class Arrivals(Shape):
    """When leads come in."""

    not_at_risk: Hours
    """Share of the leads in each hour of the day, from midnight."""
    at_risk: Hours
    """The same for leads that identify a person at risk."""


class Reviews(Shape):
    """Minutes that a review takes: the lesser of two draws, so that most are short. They tell nothing."""

    fewest: Minutes
    most: Minutes


class LeadPriorityDials(TabularDials):
    """Everything that decides the bytes of a `lead-priority` benchmark."""

    reserved: ClassVar[frozenset[str]] = frozenset({"item_id", "queue_id", "split", "label", "week", "hour", "arrived", "minutes"})

    family: Literal["lead-priority"]
    queues: Queues
    arrivals: Arrivals
    reviews: Reviews

    def faults(self) -> Iterator[Fault]:
        """What no single dial shows."""
        yield from told(super().faults(), self._day_faults(), self._review_faults(), self._split_faults())

    def _day_faults(self) -> Iterator[Fault]:
        if self.queues.most < self.queues.fewest:
            what, expected = "the longest day is shorter than the shortest", f"{self.queues.fewest} leads or more, as in 'fewest'"
            yield Fault(("queues", "most"), what, str(self.queues.most), expected)

    def _review_faults(self) -> Iterator[Fault]:
        if self.reviews.most < self.reviews.fewest:
            what, expected = "the longest review is shorter than the shortest", f"{self.reviews.fewest} minutes or more, as in 'fewest'"
            yield Fault(("reviews", "most"), what, str(self.reviews.most), expected)

    def _split_faults(self) -> Iterator[Fault]:
        for split, rows in self.split_rows().items():
            if rows < self.queues.fewest:
                what, expected = "its leads do not make one day", f"{self.queues.fewest} or more, as many as the shortest day has"
                yield Fault(("splits", split), what, f"{rows} leads", expected)
