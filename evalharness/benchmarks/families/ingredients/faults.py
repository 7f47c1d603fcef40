"""What no single dial shows: faults between dials.

Each check is a generator of its own that reads the dials it needs. Dials may be valid in parts only (`files.valid_parts`): a check that
reads one which is not valid ends there, and all others are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any, Protocol

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.dials import GroupHarm, Harm, Splits, rows_by_split
from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.files.document import KeyPath
from evalharness.files.shape import NotKnown, Shape


class _Split(Protocol):
    @property
    def rows(self) -> int: ...
    @property
    def splits(self) -> Splits: ...


class _Grouped(Protocol):
    @property
    def groups(self) -> Mapping[str, Mapping[str, float]]: ...


class _Harmed(_Grouped, Protocol):
    @property
    def harms(self) -> Shape: ...


def told(*checks: Iterable[Fault]) -> Iterator[Fault]:
    """The faults that each check finds, as far as what it reads is valid."""
    for check in checks:
        try:
            yield from check
        except NotKnown:
            continue


def split_faults(dials: _Split) -> Iterator[Fault]:
    """Shares that do not add up, and splits without an item."""
    splits = dials.splits
    total = sum(exactly(v) for v in (splits.train, splits.calibration, splits.test, splits.shifted))
    if total != 1:
        yield Fault(("splits",), "the shares of the splits do not add up", f"{float(total):.9g}", "shares that add up to 1")
    elif empty := [name for name, count in rows_by_split(dials.rows, splits).items() if count < 1]:
        share = getattr(splits, empty[0])
        yield Fault(("splits", empty[0]), f"no item is left for the split '{empty[0]}'", f"{share:g} of {dials.rows}", "one item or more")


def name_faults(dials: _Grouped, reserved: frozenset[str], part: str = "groups") -> Iterator[Fault]:
    """Names of columns that are the family's own."""
    for name in getattr(dials, part):
        if name in reserved:
            yield Fault((part, name), f"the family has a column '{name}' already", name, f"another name than {_listed(reserved)}")


def combination_faults(dials: _Grouped, most: int) -> Iterator[Fault]:
    """More combinations of levels of all groups than are possible."""
    combinations = prod(len(levels) for levels in dials.groups.values())
    if combinations > most:
        yield Fault(("groups",), "the groups have too many combinations of levels", f"{combinations:,}", f"{most:,} or fewer")


def usage_faults(dials: Any) -> Iterator[Fault]:
    """Signal that is to be of an attribute which the recipe does not have."""
    own = dials.signal.usage_of
    if own not in dials.groups:
        yield Fault(("signal", "usage_of"), "it is not one of the groups", own, f"one of {_listed(dials.groups)}")


def harm_faults(dials: _Harmed, least: Mapping[str, float], most: Mapping[str, float]) -> Iterator[Fault]:
    """Sizes and plausible ranges that make no sense, for each harm, and harms to nobody. least: 0 where it does not say; most: 1."""
    for name, harm in dials.harms:
        low, high = least.get(name, 0.0), most.get(name, 1.0)
        yield from told(_size_faults(name, harm, low, high), _range_faults(name, harm, low, high), _outside(name, harm, low, high))
        if isinstance(harm, GroupHarm):
            yield from told(_whom_faults(name, harm, dials))


def _size_faults(name: str, harm: Harm, low: float, high: float) -> Iterator[Fault]:
    if not low <= harm.size <= high:
        yield Fault(("harms", name), f"the size of '{name}' is out of range", f"{harm.size:g}", f"{low:g} to {high:g}")


def _range_faults(name: str, harm: Harm, low: float, high: float) -> Iterator[Fault]:
    if not low <= harm.range[0] <= harm.range[1] <= high:
        got, expected = _range(harm), f"two numbers from {low:g} to {high:g}, rising"
        yield Fault(("harms", name), f"the plausible range of '{name}' cannot be", got, expected)


def _outside(name: str, harm: Harm, low: float, high: float) -> Iterator[Fault]:
    """0 is off, whatever is plausible where it is on."""
    start, end = harm.range
    if not harm.off and low <= start <= end <= high and low <= harm.size <= high and not start <= harm.size <= end:
        expected = f"0, or a size in its range {_range(harm)}"
        yield Fault(("harms", name), f"the size of '{name}' is not within its own plausible range", f"{harm.size:g}", expected)


def _range(harm: Harm) -> str:
    return f"[{harm.range[0]:g}, {harm.range[1]:g}]"


def _whom_faults(name: str, harm: GroupHarm, dials: _Grouped) -> Iterator[Fault]:
    for attribute in harm.of:
        yield from told(_level_faults(("harms", name, "of", attribute), harm, attribute, dials))


def _level_faults(at: KeyPath, harm: GroupHarm, attribute: str, dials: _Grouped) -> Iterator[Fault]:
    if attribute not in dials.groups:
        yield Fault(at, f"'{attribute}' is not one of the groups", attribute, f"one of {_listed(dials.groups)}")
    elif (level := harm.of[attribute]) not in dials.groups[attribute]:
        yield Fault(at, f"'{level}' is not a level of {attribute}", level, f"one of {_listed(dials.groups[attribute])}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names) if isinstance(names, frozenset) else names)
