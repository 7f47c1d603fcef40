"""The dials of the family `risk-level`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.dials import GroupHarm, Harm, Inner, Shares, no_group_harm, no_harm
from evalharness.benchmarks.families.ingredients.faults import told
from evalharness.benchmarks.families.tabular.dials import Harms, Part, TabularDials
from evalharness.files.shape import Shape


class Bands(Shape):
    """Cut points of the true chance of the outcome; below `medium` it is low."""

    medium: Inner
    high: Inner


class Households(Shape):
    """The clusters: reports about one household."""

    sizes: Shares
    """Share of the households with 1, 2, 3 … reports."""
    correlation: Part
    """Correlation of the outcomes of two reports of one household."""


class Raters(Shape):
    """People who placed reports in a level, one by one and without the model."""

    number: Annotated[int, Field(ge=2, le=5)]
    error: Inner
    """Share of the reports that one rater places in a neighbouring level."""
    hard_error: Inner
    """The same for reports whose true chance is within half of a cut point from it, which are harder to judge."""


class RiskHarms(Harms):
    """Injected harms, each with its size (0: off) and the sizes that are plausible."""

    annotator_bias: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's reports that a rater places one level lower than others would; below 0: higher."""
    obfuscation: Harm = Field(default_factory=no_harm)
    """Share of the outcomes, in all splits, before which the numbers were made to look like those of no outcome."""


class RiskLevelDials(TabularDials):
    """Everything that decides the bytes of a `risk-level` benchmark."""

    reserved: ClassVar[frozenset[str]] = frozenset({"item_id", "household_id", "split", "label", "week", "band"})

    family: Literal["risk-level"]
    bands: Bands
    households: Households
    raters: Raters = Raters(number=3, error=0.1, hard_error=0.3)
    harms: RiskHarms = Field(default_factory=RiskHarms)

    def faults(self) -> Iterator[Fault]:
        """What no single dial shows."""
        yield from told(super().faults(), self._band_faults(), self._rater_faults())

    def _band_faults(self) -> Iterator[Fault]:
        if self.bands.high <= self.bands.medium:
            yield Fault(("bands", "high"), "high does not begin above medium", f"{self.bands.high:g}", f"more than {self.bands.medium:g}")

    def _rater_faults(self) -> Iterator[Fault]:
        if self.raters.hard_error < self.raters.error:
            what, expected = "hard reports are easier than the others", f"{self.raters.error:g} or more, as in 'error'"
            yield Fault(("raters", "hard_error"), what, f"{self.raters.hard_error:g}", expected)
