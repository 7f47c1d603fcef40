"""Which groups are counted: everybody, every level of every attribute, and their intersections up to a depth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from evalharness.errors import Problems
from evalharness.records import Group

MOST_SLICES = 2_000
"""More groups than this are refused: nobody reads them, and each of them needs rows of its own."""

Subset = tuple[str, ...]
"""Attributes in declared order; the empty tuple is everybody."""


@dataclass(frozen=True, slots=True)
class Slices:
    """The groups to count, numbered: overall first, then subsets by size and declared order, each the product of its levels.

    Raises BadInput for an attribute without levels, a repeated attribute or level, and for more than 20,000 groups.
    """

    attributes: tuple[str, ...]
    """Protected attributes, in declared order."""
    levels: Mapping[str, tuple[str, ...]]
    """The levels of each attribute; a row's group code is an index into them."""
    depth: int
    """Most attributes that one group combines; 0: only everybody."""
    subsets: tuple[Subset, ...] = field(init=False, compare=False)
    """Every combination of up to `depth` attributes, smallest first; begins with `()`."""
    groups: tuple[Group, ...] = field(init=False, compare=False)
    """The slices in order; within a subset the first attribute varies slowest."""
    _offsets: dict[Subset, int] = field(init=False, compare=False, repr=False)
    _numbers: dict[Group, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check(self.attributes, self.levels, self.depth)
        subsets = tuple(s for size in range(self.depth + 1) for s in combinations(self.attributes, size))
        groups: list[Group] = []
        offsets: dict[Subset, int] = {}
        for subset in subsets:
            offsets[subset] = len(groups)
            cells = product(*(self.levels[attribute] for attribute in subset))
            groups.extend(tuple(sorted(zip(subset, cell, strict=True))) for cell in cells)
        derived = {
            "attributes": tuple(self.attributes),
            "levels": {attribute: tuple(self.levels[attribute]) for attribute in self.attributes},
            "subsets": subsets,
            "groups": tuple(groups),
            "_offsets": offsets,
            "_numbers": {group: number for number, group in enumerate(groups)},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def cells(self) -> int:
        """Joint cells over all attributes, whatever the depth."""
        return self.size(self.attributes)

    def size(self, subset: Iterable[str]) -> int:
        """Cells of one combination of attributes."""
        return math.prod(len(self.levels[attribute]) for attribute in subset)

    def positions(self, subset: Iterable[str]) -> npt.NDArray[np.int64]:
        """Slice numbers of a subset's cells in product order, the first *declared* attribute slowest.

        The order in which `subset` names the attributes does not matter. Raises KeyError for a subset that is not counted.
        """
        named = tuple(subset)
        declared = tuple(attribute for attribute in self.attributes if attribute in named)
        if len(declared) != len(named) or declared not in self._offsets:
            raise KeyError(f"not a counted combination of attributes: {named!r}")
        start = self._offsets[declared]
        return np.arange(start, start + self.size(declared))

    def position(self, group: Group) -> int:
        """Slice number of one group. Raises KeyError for a group that is not counted."""
        return self._numbers[tuple(sorted(group))]


def _check(attributes: Iterable[str], levels: Mapping[str, tuple[str, ...]], depth: int) -> None:
    problems = Problems()
    names = list(attributes)
    for attribute in sorted({name for name in names if names.count(name) > 1}):
        problems.add("a protected attribute is declared twice", got=attribute, expected="each attribute once")
    for attribute in dict.fromkeys(names):
        _check_levels(attribute, levels.get(attribute, ()), problems)
    if depth < 0:
        problems.add("the depth of intersections is negative", got=depth, expected="0 or more")
    problems.raise_if_any()
    count = _slice_count([len(levels[name]) for name in names], depth)
    if count > MOST_SLICES:
        sizes = ", ".join(f"{name} ({len(levels[name])} levels)" for name in names)
        problems.add(
            f"the attributes make {count:,} groups up to {depth} at a time: {sizes}",
            got=f"{count:,} groups",
            expected=f"at most {MOST_SLICES:,}",
            hint="lower `intersections` in the policy, or merge levels of the attribute that has most",
        )
    problems.raise_if_any()


def _check_levels(attribute: str, levels: tuple[str, ...], problems: Problems) -> None:
    if not levels:
        problems.add("a protected attribute has no levels", got=attribute, expected="at least one level in the judged split")
    if len(set(levels)) != len(levels):
        problems.add("a protected attribute has a level twice", got=attribute, expected="each level once")


def _slice_count(sizes: list[int], depth: int) -> int:
    """Sum of the elementary symmetric polynomials up to `depth`: counts the groups without making them."""
    by_size = [1] + [0] * min(depth, len(sizes))
    for levels in sizes:
        for size in range(len(by_size) - 1, 0, -1):
            by_size[size] += by_size[size - 1] * levels
    return sum(by_size)
