"""Dials that the families share, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.files.fields import refused
from evalharness.files.shape import Shape

FEWEST_ROWS = 1_000
MOST_ROWS = 10**9
MOST_SEED = 2**53 - 1


LEAST = 1e-9
"""Random bits are looked up in 2**32nds: what is rarer than this may never happen, and is then no share and no harm."""


def total_is_one(shares: Sequence[float]) -> None:
    """Raises a refusal unless the decimals shown add up to 1 exactly."""
    total = sum((exactly(v) for v in shares), Fraction(0))
    if total != 1:
        raise refused(f"shares that add up to 1; these add up to {float(total):.9g}")


def _list_adds_up(shares: list[float]) -> list[float]:
    total_is_one(shares)
    return shares


def _levels_add_up(shares: dict[str, float]) -> dict[str, float]:
    total_is_one(list(shares.values()))
    return shares


def _off_or_drawn(size: float) -> float:
    if 0 < abs(size) < LEAST:
        raise refused(f"0, which is off, or a size of {LEAST:g} or more, up or down: less can never be drawn")
    return size


def _two(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise refused("two numbers: [least, greatest]")
    return tuple(value)


Share = Annotated[float, Field(ge=LEAST, le=1.0, allow_inf_nan=False)]
Inner = Annotated[float, Field(ge=LEAST, lt=1.0, allow_inf_nan=False)]
Size = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_off_or_drawn)]
Range = Annotated[tuple[Size, Size], BeforeValidator(_two)]
Shares = Annotated[list[Share], Field(min_length=1, max_length=50), AfterValidator(_list_adds_up)]
Level = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Attribute = Annotated[str, Field(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Levels = Annotated[dict[Level, Share], Field(min_length=1, max_length=50), AfterValidator(_levels_add_up)]
Groups = Annotated[dict[Attribute, Levels], Field(min_length=1, max_length=6)]
"""Attribute -> level -> share of the clusters. Attributes are independent of one another."""
Rows = Annotated[int, Field(ge=FEWEST_ROWS, le=MOST_ROWS)]
Seed = Annotated[int, Field(ge=0, le=MOST_SEED)]


class Splits(Shape):
    """Shares of the items; a cluster is in one split only."""

    train: Share
    calibration: Share
    test: Share
    shifted: Annotated[float, Field(ge=0.0, lt=1.0, allow_inf_nan=False)] = 0.0
    """A second test set, made under the dials of shift and drift; 0: there is none."""


class Harm(Shape):
    """One injected harm: how much, and between which sizes it is plausible."""

    size: Size
    """0 is off."""
    range: Range
    """Least and greatest plausible size; sealed test sets draw the size from it."""

    @property
    def off(self) -> bool:
        """Whether it changes nothing."""
        return self.size == 0


class GroupHarm(Harm):
    """A harm to one group, or to an intersection of several."""

    of: Annotated[dict[Attribute, Level], Field(min_length=1, max_length=6)]


def no_harm() -> Harm:
    """For a recipe that does not name the harm: off, and nothing else plausible."""
    return Harm(size=0.0, range=(0.0, 0.0))


def no_group_harm() -> GroupHarm:
    """Likewise, of nobody."""
    return GroupHarm.model_construct(size=0.0, range=(0.0, 0.0), of={})


def rows_by_split(rows: int, splits: Splits) -> dict[str, int]:
    """Items of each split: shares of `rows`, rounded down; `test` takes what is left."""
    shares = {"train": splits.train, "calibration": splits.calibration, "test": splits.test, "shifted": splits.shifted}
    found = {name: int(rows * exactly(share)) for name, share in shares.items() if share}
    found["test"] = rows - sum(count for name, count in found.items() if name != "test")
    return found
