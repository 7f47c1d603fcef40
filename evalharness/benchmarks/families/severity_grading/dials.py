"""The dials of the family `severity-grading`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.alike import sizes_from_one, with_repeats
from evalharness.benchmarks.families.ingredients.dials import (
    Attribute,
    GroupHarm,
    Groups,
    Harm,
    Inner,
    Rows,
    Seed,
    Shares,
    Splits,
    rows_by_split,
)
from evalharness.benchmarks.families.ingredients.faults import (
    combination_faults,
    harm_faults,
    name_faults,
    split_faults,
    told,
    usage_faults,
)
from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.benchmarks.families.severity_grading.coordinates import MOST_OWN, NUMBERS, SHARED
from evalharness.files.document import KeyPath
from evalharness.files.shape import Shape

LEVELS = ("none", "C", "B", "A")
"""Rising."""
RESERVED = frozenset({"item_id", "case_id", "split", "label", *NUMBERS})
MOST_COMBINATIONS = 5_000
Steps = Annotated[int, Field(ge=0, le=72)]


class Grades(Shape):
    """A share for each grade."""

    none: Inner
    C: Inner
    B: Inner
    A: Inner

    def exact(self) -> tuple[Fraction, ...]:
        """Rising: none, C, B, A."""
        return tuple(exactly(share) for share in (self.none, self.C, self.B, self.A))


class Cases(Shape):
    """Cases are the clusters; two kinds of them make the items of one case alike."""

    sizes: Shares
    """Share of the cases that have 1, 2, 3 ... items."""
    grave_share: Inner
    """Share of the cases that are of the grave kind."""
    grave_levels: Grades
    """Share of the items of a case of the grave kind that have each grade."""


class Shift(Shape):
    """How far a grade moves a coordinate, in sixteenths of its standard deviation; `none` moves nothing."""

    C: Steps
    B: Steps
    A: Steps

    def steps(self) -> tuple[int, ...]:
        """Rising: none, C, B, A."""
        return (0, self.C, self.B, self.A)


class Signal(Shape):
    """How grades move the hidden coordinates."""

    shared: Shift
    """In each of the eight coordinates that all items have in common."""
    usage_of: Attribute
    """The attribute whose levels have one coordinate each of their own."""
    own: Shift
    """In the coordinate of the item's own level; all 0: nobody has signs of their own."""
    hard_share: Inner
    """Share of the items that are hard."""
    hard_signal: Inner
    """Share of the shifts that a hard item keeps; raters err more on it too."""


class Rater(Shape):
    """One person who grades every item without the model and the others."""

    easy: Inner
    """Share of the easy items of each grade that this person grades otherwise."""
    hard: Inner
    """The same for hard items."""


class Raters(Shape):
    """The people whose grades become the label: what most of them say, the gravest of those said equally often."""

    people: Annotated[list[Rater], Field(min_length=2, max_length=5)]
    far: Inner
    """Share of the wrong grades that are two or more ranks off."""


class Copies(Shape):
    """Counterfactual twins and perturbed copies of test items."""

    share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the items of `test` that have one copy of each kind."""
    noise: Annotated[int, Field(ge=1, le=32)]
    """A noisy copy moves every hidden coordinate by up to so many steps up or down, each as likely."""
    lost: Annotated[int, Field(ge=1, le=len(SHARED))]
    """So many of the shared coordinates hold nothing but noise in a copy that has lost part of its signal."""


class Harms(Shape):
    """Injected harms, each with its size (0: off) and the sizes that are plausible."""

    base_rate: GroupHarm
    """The group's items are (1 + size) times as often graver than `none`."""
    separability: GroupHarm
    """The group's shifts are smaller by this share, in whole steps."""
    label_noise: GroupHarm
    """Share of the grades that a rater would have got right in the group, and does not."""
    under_representation: GroupHarm
    """Share of the group's cases in `train` that are replaced by ones of anybody."""
    proxy: GroupHarm
    """The last number is larger by this many standard deviations in the group: it then tells of the group."""
    annotator_bias: GroupHarm
    """Share of the group's grades that a rater puts one rank lower than elsewhere."""
    drift: Harm
    """In `shifted`: share of the shared shifts that has moved to eight coordinates that were noise before."""
    prevalence_shift: Harm
    """In `shifted`: items are (1 + size) times as often graver than `none`."""
    duplicates: Harm
    """Share of the items, after the first of a case, that are a near-identical copy of the one before; graded anew."""

    def by_group(self) -> dict[str, GroupHarm]:
        """The harms that are about a group."""
        return {name: value for name, value in self if isinstance(value, GroupHarm)}


_FROM = {"base_rate": -0.9, "prevalence_shift": -0.9, "proxy": -3.0}
_UP_TO = {"base_rate": 9.0, "prevalence_shift": 9.0, "proxy": 3.0, "label_noise": 0.9, "annotator_bias": 0.9}


class SeverityGradingDials(Shape):
    """Everything that decides the bytes of a `severity-grading` benchmark."""

    family: Literal["severity-grading"]
    rows: Rows
    """Items in all splits together."""
    seed: Seed
    splits: Splits
    levels: Grades
    """Share of the items of each grade, where no harm changes it."""
    cases: Cases
    groups: Groups
    """Attribute -> level -> share of the cases."""
    signal: Signal
    raters: Raters
    copies: Copies
    harms: Harms

    def faults(self) -> Iterator[Fault]:
        """What no single dial shows."""
        yield from told(
            split_faults(self),
            self._sum_faults(("levels",)),
            self._sum_faults(("cases", "grave_levels")),
            self._quiet_faults(),
            name_faults(self, RESERVED),
            combination_faults(self, MOST_COMBINATIONS),
            usage_faults(self),
            self._own_faults(),
            self._shift_faults("shared"),
            self._shift_faults("own"),
            harm_faults(self, _FROM, _UP_TO),
            self._frequency_faults(),
        )

    def _sum_faults(self, at: KeyPath) -> Iterator[Fault]:
        shares = self.levels if at == ("levels",) else self.cases.grave_levels
        if (total := sum(shares.exact())) != 1:
            yield Fault(at, "the shares of the grades do not add up", f"{float(total):.9g}", "shares that add up to 1")

    def _quiet_faults(self) -> Iterator[Fault]:
        if sum(self.levels.exact()) != 1 or sum(self.cases.grave_levels.exact()) != 1:
            return
        for level, share in zip(LEVELS, self.quiet_levels, strict=True):
            if not 0 < share < 1:
                grave = f"{self.cases.grave_share:g} of the cases at {getattr(self.cases.grave_levels, level):g}"
                what = f"this share cannot be reached: {grave} leave {float(share):.4g} for the others"
                expected = "a share that leaves one between 0 and 1 for the others"
                yield Fault(("levels", level), what, f"{getattr(self.levels, level):g}", expected)

    def _own_faults(self) -> Iterator[Fault]:
        own = self.signal.usage_of
        if own in self.groups and len(self.groups[own]) > MOST_OWN:
            what = f"'{own}' has more levels than can have a coordinate of their own"
            yield Fault(("signal", "usage_of"), what, f"{len(self.groups[own])} levels", f"{MOST_OWN} or fewer")

    def _shift_faults(self, name: Literal["shared", "own"]) -> Iterator[Fault]:
        steps = getattr(self.signal, name).steps()
        if list(steps) != sorted(steps):
            what = "a graver level must not move a coordinate less than a milder one"
            yield Fault(("signal", name), what, ", ".join(map(str, steps[1:])), "steps that do not fall from C to B to A")

    def _frequency_faults(self) -> Iterator[Fault]:
        graver = max(1 - self.cases.grave_levels.exact()[0], 1 - self.quiet_levels[0])
        for harm in (self.harms.base_rate, self.harms.prevalence_shift):
            graver *= 1 + max(exactly(harm.size), exactly(harm.range[1]), Fraction(0))
        if graver >= 1:
            what = (
                "with prevalence_shift, at the greatest sizes of their ranges, it makes too many items of a grave case graver than 'none'"
            )
            yield Fault(("harms", "base_rate"), what, f"a share of {float(graver):.3g}", "a share below 1")

    @property
    def quiet_levels(self) -> tuple[Fraction, ...]:
        """Share of each grade in a case of the quiet kind, rising; follows from the other dials."""
        share = exactly(self.cases.grave_share)
        both = zip(self.levels.exact(), self.cases.grave_levels.exact(), strict=True)
        return tuple((everywhere - share * grave) / (1 - share) for everywhere, grave in both)

    def correlation(self, scores: tuple[int, ...], split: str) -> float:
        """Correlation of a score of the clean grade (rising, from 0) between two items of one case (intra-class); harms to groups apart."""
        share = exactly(self.cases.grave_share)
        factor = 1 + exactly(self.harms.prevalence_shift.size) if split == "shifted" else Fraction(1)

        def mean(shares: tuple[Fraction, ...], power: int = 1) -> Fraction:
            return sum((part * score**power for part, score in zip(shares, scores, strict=True)), Fraction(0))

        between = share * (1 - share) * (factor * (mean(self.cases.grave_levels.exact()) - mean(self.quiet_levels))) ** 2
        own = float(between / (factor * mean(self.levels.exact(), 2) - (factor * mean(self.levels.exact())) ** 2))
        return with_repeats(own, sizes_from_one(self.cases.sizes), self.harms.duplicates.size)

    def split_rows(self) -> dict[str, int]:
        """Items of each split: shares of `rows`, rounded down; `test` takes what is left."""
        return rows_by_split(self.rows, self.splits)
