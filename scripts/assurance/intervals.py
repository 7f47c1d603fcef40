"""Tables of coverage, width and power."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np

from assurance.scene import Cell
from assurance.words import GROWING, TITLES, percent

_INTERVALS = """\
## Intervals

How often each end of a drawn interval is on the right side of the truth (promised: 95 %, each end on its own), and the median of the mean
widths. Drawn is the first pair; where it is not enough, the second decides too, and stands beside it.

| interval | true value | cells | lower end, least | upper end, least | width | second pair: lower | upper | width |
|---|---|--:|--:|--:|--:|--:|--:|--:|"""
_DESCRIBE = """
Intervals that only describe are asymptotic. They are drawn, and no requirement can rest on them; that their ends miss the truth too often
somewhere is why.

| interval | true value | cells | lower end, least | upper end, least | width | second pair: lower | upper | width |
|---|---|--:|--:|--:|--:|--:|--:|--:|"""
_POWER = """\
## Power

How often a requirement is met at a better truth, beside a named test that may do what the harness may not: be asymptotic, or be told the
true design effect of the clusters. Medians over the cells in which the named test has a power between 20 % and 99 %.

| requirements | data | named test | cells | power here | power of the named test |
|---|---|---|--:|--:|--:|"""
_KINDS: dict[str, Callable[[Cell], bool]] = {
    "ratio between groups": lambda c: c.form == "min_ratio",
    "difference, drawn by the recipes": lambda c: c.family == "generated" and c.form == "max_difference",
    "one proportion": lambda c: c.family == "proportion",
    "one proportion, drawn by the recipes": lambda c: (
        c.family == "generated" and c.form in {"at_least", "at_most"} and c.metric != "expected_cost"
    ),
    "not worse than another": lambda c: c.family == "paired",
    "gap to everybody": lambda c: c.family == "overall",
    "share at another prevalence": lambda c: c.family == "elsewhere",
    "weighted samples": lambda c: c.family == "stratified",
    "expected cost": lambda c: c.metric == "expected_cost",
}


def intervals(cells: Sequence[Cell]) -> Iterator[str]:
    """Gaps with a true value of 0, .05 and .10, then the others; where misses grow with the size of a cluster, apart."""
    yield _INTERVALS
    drawn = [cell for cell in cells if cell.lower_covers is not None and cell.width is not None and not cell.stated]
    even = [cell for cell in drawn if GROWING not in cell.dependence]
    for gap in (0.0, 0.05, 0.1):
        mine = [c for c in even if c.family == "gap" and c.form == "max_difference" and c.goal is not None and abs(c.goal - gap) < 1e-9]
        yield from _line("difference between groups", f"{gap:g}", mine)
    for name, keep in _KINDS.items():
        yield from _line(name, "several", [cell for cell in even if keep(cell)])
    growing = {"difference between groups": lambda c: c.family == "gap" and c.form == "max_difference", **_KINDS}
    for name, keep in growing.items():
        yield from _line(f"{name}, misses grow with size", "several", [c for c in drawn if GROWING in c.dependence and keep(c)])
    yield _DESCRIBE
    describing = [cell for cell in drawn if cell.family == "describing"]
    for metric in sorted({cell.metric for cell in describing}):
        yield from _line(f"`{metric}`", "several", [cell for cell in describing if cell.metric == metric])
    yield ""


def _line(name: str, truth: str, cells: Sequence[Cell]) -> Iterator[str]:
    if cells:
        lower, upper = (percent(min(getattr(cell, end) for cell in cells)) for end in ("lower_covers", "upper_covers"))
        width = float(np.median([cell.width for cell in cells]))
        yield f"| {name} | {truth} | {len(cells):,} | {lower} | {upper} | {width:.3f} | {_second(cells)} |"


def _second(cells: Sequence[Cell]) -> str:
    """Least covers and median width of the second pair, over the cells that have one."""
    some = [cell.by_size for cell in cells if "width" in cell.by_size]
    if not some:
        return "- | - | -"
    lower, upper = (percent(min(ends[end] for ends in some)) for end in ("lower_covers", "upper_covers"))
    return f"{lower} | {upper} | {float(np.median([ends['width'] for ends in some])):.3f}"


def powers(cells: Sequence[Cell]) -> Iterator[str]:
    """By family, dependence and named test."""
    yield _POWER
    compared = [cell for cell in cells if cell.power is not None and cell.oracle_power is not None and 0.2 <= cell.oracle_power <= 0.99]
    for (family, dependence, oracle), some in groupby(sorted(compared, key=_kind), key=_kind):
        mine = list(some)
        power, other = (percent(float(np.median([getattr(cell, name) for cell in mine]))) for name in ("power", "oracle_power"))
        yield f"| {TITLES[family]} | {dependence} | {oracle} | {len(mine)} | {power} | {other} |"
    yield ""


def _kind(cell: Cell) -> tuple[str, str, str]:
    return cell.family, cell.dependence, cell.oracle.split(",")[0].split(" effect ")[0]
