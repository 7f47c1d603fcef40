"""A threshold that is found on items of its own and certified there, before the test: what is asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from evalharness.records.estimate import OVERALL, Group

Prefer = Literal["fewest_reviews", "most_found"]
TRAIN, CALIBRATION = "train", "calibration"
"""Splits: the first says where the search begins, the second certifies. Neither is judged."""
MOVING = frozenset({"precision", "elusion"})
"""Targets of what is selected, or set aside, so that their denominator depends on the threshold."""
MOST_PROMISES = 100
"""Targets, each of everybody or of one group, that one threshold may have to keep."""
UNCERTIFIED = "no threshold could be certified, so nothing here may be used"
"""Reason of every finding then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One promise that the threshold must keep."""

    metric: str
    at_least: bool
    """Whether the lower bound must be at least `bound`; otherwise the upper one at most."""
    bound: float
    for_each: tuple[tuple[str, ...], ...] = ()
    """Attributes and intersections whose every cell must keep it; empty: everybody together."""
    group: Group = OVERALL
    """The cell that it is about, once levels are known."""

    def clears(self, limit: float | None) -> bool:
        """Whether a deciding bound keeps the promise."""
        return limit is not None and (limit >= self.bound if self.at_least else limit <= self.bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certify:
    """What a policy asks in place of a threshold."""

    targets: tuple[Target, ...]
    prefer: Prefer
    steps: int | None
    """Candidates of a sequence that is fixed by the train split and tried until the first that fails."""
    grid: int | None = None
    """Or so many candidates, each tried at alpha / grid. Null beside `steps`."""

    def for_groups(self, levels: Mapping[str, tuple[str, ...]]) -> Certify:
        """With one target for each cell that a target is asked of: the product of the levels. Raises KeyError without an attribute."""
        return replace(self, targets=tuple(one for target in self.targets for one in _cells(target, levels)))

    @property
    def attributes(self) -> tuple[str, ...]:
        """Whose groups must keep a target; sorted."""
        return tuple(sorted({name for target in self.targets for subset in target.for_each for name in subset}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominator:
    """Items of the calibration split that a target is about; of `MOVING` ones all that it could be about, at one threshold or another."""

    total: int
    clusters: int
    total2: int
    """Sum over clusters of the squares of the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One candidate on the calibration split; one entry for each target."""

    threshold: float
    counts: tuple[tuple[int, ...], ...]
    """Items that count; the sums over clusters of the squares of those, and of those that do not. Of `MOVING` targets then also the
    denominator at this threshold: items, clusters, and the sum over clusters of the squares of the items."""
    limits: tuple[float | None, ...]
    """The deciding bound; null where there is no item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What became of the search."""

    asked: Certify
    level: float
    """Confidence: that of the run."""
    method: str
    start: float
    """Where the train split says that the targets are kept with most to spare: the search begins there."""
    candidates: int
    denominators: tuple[Denominator, ...]
    tried: tuple[Tried, ...]
    """In the order in which they were tried."""
    threshold: float | None
    """The one that is judged; null: none could be certified."""
    rows: tuple[int, int]
    """Labelled items of the train and of the calibration split."""
    unanswered: tuple[int, int]
    """How many of them got no answer; in every target they count in the worst way."""


def _cells(target: Target, levels: Mapping[str, tuple[str, ...]]) -> tuple[Target, ...]:
    if not target.for_each:
        return (target,)
    cells = (tuple(zip(names, cell, strict=True)) for names in target.for_each for cell in product(*(levels[name] for name in names)))
    return tuple(replace(target, for_each=(), group=tuple(sorted(cell))) for cell in cells)


def chosen_of(asked: Certify, tried: tuple[Tried, ...]) -> float | None:
    """The threshold that follows: of a sequence the last before the first that fails, of a grid the preferred one of all that hold."""
    held: list[float] = []
    for one in tried:
        if all(target.clears(limit) for target, limit in zip(asked.targets, one.limits, strict=True)):
            held.append(one.threshold)
        elif asked.grid is None:
            break
    if asked.grid is None or not held:
        return held[-1] if held else None
    return max(held) if asked.prefer == "fewest_reviews" else min(held)
