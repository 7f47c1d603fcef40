"""Dials that both families of tables have."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.dials import (
    Attribute,
    GroupHarm,
    Groups,
    Harm,
    Level,
    Levels,
    Rows,
    Seed,
    Splits,
    no_group_harm,
    no_harm,
    rows_by_split,
)
from evalharness.benchmarks.families.ingredients.faults import combination_faults, harm_faults, name_faults, split_faults, told
from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.files.shape import Shape

Part = Annotated[float, Field(ge=0.0, lt=1.0, allow_inf_nan=False)]
"""A share that may be nothing, and is never everything."""
MOST_CELLS = 5_000
"""Most combinations of levels of all attributes."""


class Numeric(Shape):
    """A bell-shaped feature: whole numbers, 16 to a standard deviation."""

    shift: Annotated[float, Field(ge=-3.0, le=3.0, allow_inf_nan=False)]
    """How many standard deviations the outcome moves it."""
    scale: Literal["plain", "skewed"] = "plain"
    """skewed: shown through a rising table that stretches its upper end."""
    missing: Part = 0.0
    """Share of missing values."""
    missing_with_outcome: Part | None = None
    """The same among items with the outcome; absent: no other."""


class Categorical(Shape):
    """A feature with a few levels."""

    levels: Levels
    """Level -> share among items without the outcome."""
    with_outcome: Levels | None = None
    """The same among items with the outcome; absent: no other."""
    missing: Part = 0.0
    missing_with_outcome: Part | None = None


class Proxy(GroupHarm):
    """A feature that leans to a group."""

    feature: Attribute
    """The categorical feature."""
    toward: Level
    """Its level."""


def no_proxy() -> Proxy:
    """For a recipe that names none."""
    return Proxy.model_construct(size=0.0, range=(0.0, 0.0), of={}, feature="", toward="")


class Copies(Shape):
    """Counterfactual twins and perturbed copies of items of `test`."""

    share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the items of `test` that have one copy of each kind."""
    noise: Annotated[float, Field(gt=0.0, le=4.0, allow_inf_nan=False)]
    """Standard deviations of the noise added to the numbers of a noisy copy."""
    missing: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the values of a copy that are removed, among features that can be missing."""
    obfuscation: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the numbers of an obfuscated copy that are drawn anew as for an item without the outcome."""


class Harms(Shape):
    """Injected harms, each with its size (0: off) and the sizes that are plausible."""

    base_rate: GroupHarm = Field(default_factory=no_group_harm)
    """The outcome is (1 + size) times as frequent in the group as among the others."""
    separability: GroupHarm = Field(default_factory=no_group_harm)
    """Features tell less of the outcome in the group, by this share."""
    label_noise: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's outcomes that are recorded as none; as many others, by the recipe's prevalence, are recorded as one."""
    under_representation: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group in `train` that is drawn once more among everybody."""
    missing: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's values that are missing beyond those that are missing for others, in every feature that can be missing."""
    proxy: Proxy = Field(default_factory=no_proxy)
    """Share of the group whose value of the feature is `toward`, whatever else it would be."""
    drift: Harm = Field(default_factory=no_harm)
    """In `shifted`: share of what features tell of the outcome that is lost in the newer pattern, which takes over week by week."""
    prevalence_shift: Harm = Field(default_factory=no_harm)
    """In `shifted` the outcome is (1 + size) times as frequent."""
    duplicates: Harm = Field(default_factory=no_harm)
    """Share of the items, after the first of a cluster, that repeat the one before."""

    def by_group(self) -> dict[str, GroupHarm]:
        """The harms that are about a group."""
        return {name: value for name, value in self if isinstance(value, GroupHarm)}


_FROM = {"base_rate": -0.9, "prevalence_shift": -0.9, "annotator_bias": -1.0}
_UP_TO = {"base_rate": 9.0, "prevalence_shift": 9.0, "label_noise": 0.5, "under_representation": 0.99, "missing": 0.9, "duplicates": 0.9}
_PARTS = ("groups", "numeric", "categorical")
"""Where columns are named."""
SEEN_IN_FEATURES = ("base_rate", "separability", "label_noise", "missing", "proxy")
"""Harms that make strata; the others change no chance that a model could know of."""


class TabularDials(Shape):
    """Dials of both families."""

    reserved: ClassVar[frozenset[str]]
    """Names of columns that are the family's own."""

    rows: Rows
    seed: Seed
    splits: Splits
    prevalence: Annotated[float, Field(gt=0.0, le=0.5, allow_inf_nan=False)]
    """Share of items with the outcome, where no harm changes it."""
    groups: Groups
    weeks: Annotated[int, Field(ge=1, le=104)]
    """Weeks of train, calibration and test; `shifted` is from as many weeks after them."""
    numeric: Annotated[dict[Attribute, Numeric], Field(min_length=1, max_length=32)]
    categorical: Annotated[dict[Attribute, Categorical], Field(min_length=1, max_length=16)]
    copies: Copies = Copies(share=0.0, noise=0.25, missing=0.2, obfuscation=0.5)
    harms: Harms = Field(default_factory=Harms)

    def faults(self) -> Iterator[Fault]:
        """What no single dial shows."""
        yield from told(
            split_faults(self),
            *(name_faults(self, self.reserved, part) for part in _PARTS),
            *(self._twice_faults(place) for place in range(1, len(_PARTS))),
            combination_faults(self, MOST_CELLS),
            self._level_faults(),
            harm_faults(self, _FROM, _UP_TO),
            self._frequency_faults(),
            self._missing_faults(),
            self._proxy_faults(),
        )

    def split_rows(self) -> dict[str, int]:
        """Items of each split: shares of `rows`, rounded down; `test` takes what is left."""
        return rows_by_split(self.rows, self.splits)

    def features(self) -> dict[str, Numeric | Categorical]:
        """Features in stored order, apart from those that the family adds."""
        return {**self.numeric, **self.categorical}

    @property
    def most_frequent(self) -> Fraction:
        """The outcome's share where every harm makes it most frequent."""
        sizes = (exactly(self.harms.base_rate.size), exactly(self.harms.prevalence_shift.size))
        result = exactly(self.prevalence)
        for size in sizes:
            result *= 1 + max(size, Fraction(0))
        return result

    def _twice_faults(self, place: int) -> Iterator[Fault]:
        for name in getattr(self, _PARTS[place]):
            yield from told(*(self._both_faults(name, _PARTS[place], earlier) for earlier in _PARTS[:place]))

    def _both_faults(self, name: str, part: str, earlier: str) -> Iterator[Fault]:
        if name in getattr(self, earlier) and name not in self.reserved:
            yield Fault((part, name), f"'{name}' stands under {earlier} too", name, "a name that stands once")

    def _level_faults(self) -> Iterator[Fault]:
        for name in self.categorical:
            yield from told(self._levels_of(name))

    def _levels_of(self, name: str) -> Iterator[Fault]:
        feature = self.categorical[name]
        if feature.with_outcome is not None and list(feature.with_outcome) != list(feature.levels):
            what, expected = "its levels are not those without the outcome", ", ".join(feature.levels)
            yield Fault(("categorical", name, "with_outcome"), what, ", ".join(feature.with_outcome), f"{expected}, in this order")

    def _frequency_faults(self) -> Iterator[Fault]:
        if self.most_frequent >= 1:
            what = "with the prevalence and prevalence_shift it makes the outcome too frequent"
            yield Fault(("harms", "base_rate"), what, f"a share of {float(self.most_frequent):.3g}", "a share below 1")

    def _missing_faults(self) -> Iterator[Fault]:
        if not self.harms.missing.off and not any(can_miss(feature) for feature in self.features().values()):
            what, size = "no feature can be missing", f"{self.harms.missing.size:g}"
            yield Fault(("harms", "missing"), what, size, "0, or a feature that has a share under `missing`")

    def _proxy_faults(self) -> Iterator[Fault]:
        proxy = self.harms.proxy
        if not proxy.feature:
            return
        if proxy.feature not in self.categorical:
            what, expected = f"'{proxy.feature}' is not one of the categorical features", f"one of {', '.join(self.categorical)}"
            yield Fault(("harms", "proxy", "feature"), what, proxy.feature, expected)
            return
        levels = self.categorical[proxy.feature].levels
        if len(levels) < 2:
            yield Fault(("harms", "proxy", "feature"), f"'{proxy.feature}' has one level only", proxy.feature, "a feature with two or more")
        if proxy.toward not in levels:
            what, expected = f"'{proxy.toward}' is not a level of {proxy.feature}", f"one of {', '.join(levels)}"
            yield Fault(("harms", "proxy", "toward"), what, proxy.toward, expected)


def can_miss(feature: Numeric | Categorical) -> bool:
    """Whether the recipe lets its values be missing."""
    return feature.missing > 0 or bool(feature.missing_with_outcome)
