"""What the second pair of bounds gains where misses grow with the size of a cluster, what it costs elsewhere, and what it cannot do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assurance.limits import alone_above
from assurance.scene import Cell
from assurance.words import GROWING, TITLES, UNSEEN, percent

_GAINS = """\
## What the second pair gains and costs

Items in clusters have two pairs of bounds: by Kish's effective number, and after Fay and Feuer, which allows for large clusters that are
missed more often and are not in the sample. A requirement is *met* only if both clear the goal, and *not met* only if both miss it
([decision 31](decisions/0031-bounds-by-size.md)). Worst rates of the same runs, by the first pair alone and by both. *Above*: cells above
the target beyond the doubt of a simulation, had the first pair decided alone.

| requirements | data | cells | *met*, first pair | both | *not met*, first pair | both | above |
|---|---|--:|--:|--:|--:|--:|--:|"""
_COSTS = """
How often a recall of at least .90 is met where it is .967 and misses do *not* grow with the size of a cluster: what the second pair costs.

| data | clusters | first pair alone | both |
|---|--:|--:|--:|"""
_UNKNOWN = """\
## What no bound can know

What becomes of clusters that are far larger than any in the sample leaves no trace in the data, and no method can allow for it. That is so

* with few clusters: where one in ten is large, a sample of 15 holds none of the large ones one time in five, and one of 30 hardly ever;
* with any number, where sizes have a heavy tail (*pareto*): clusters beyond the largest that was seen hold much of what is missed, and
  how much of it, the sample cannot tell.

These cells are simulated like all others and are not counted among those of the promise, which was tried with lognormal sizes (σ = 1.2) and
with two sizes of which one is 20 times the other. *Size* is that of the whole sample: some metrics are counted among a part of it. What
helps is more clusters, or to know from elsewhere how large a cluster can be.

| requirements | sizes | size | cells | wrongful *met*, worst | mean | wrongful *not met*, worst |
|---|---|---|--:|--:|--:|--:|"""

_SHOWN, _LITTLE = 0.9, 0.05
"""The goal of the table of costs, and the power below which nothing can be lost."""


def gains(cells: Sequence[Cell]) -> Iterator[str]:
    """Both tables, by what the cells have in common."""
    compared = [cell for cell in cells if cell.alone and not cell.stated]
    if not compared:
        return
    yield _GAINS
    above = {id(cell) for cell in alone_above(cells)}
    for family, title in TITLES.items():
        for data in sorted({_data(cell) for cell in compared if cell.family == family}):
            mine = [cell for cell in compared if cell.family == family and _data(cell) == data]
            met, not_met = (" | ".join(_worst(mine, name)) for name in ("met", "not_met"))
            beyond = sum(id(cell) in above for cell in mine)
            yield f"| {title} | {data} | {len(mine):,} | {met} | {not_met} | {beyond or 'none'} |"
    yield from _costs(compared)
    yield ""


def _data(cell: Cell) -> str:
    if GROWING in cell.dependence:
        return f"misses grow, {next(part for part in cell.dependence.split(', ') if GROWING in part).removesuffix(f' {GROWING}')}"
    return "the recipes'" if cell.source == "benchmark" else "misses do not grow"


def _worst(cells: Sequence[Cell], name: str) -> tuple[str, str]:
    """By the first pair alone, and by both; a union has no target, so its worst says nothing."""
    some = [cell for cell in cells if name == "met" or not cell.union]
    alone = max((cell.alone[name] for cell in some if name in cell.alone), default=None)
    both = max((rate for cell in some if (rate := getattr(cell, name)) is not None), default=None)
    return percent(alone), percent(both)


def _costs(cells: Sequence[Cell]) -> Iterator[str]:
    mine = [
        cell for cell in cells
        if cell.family == "proportion" and cell.goal == _SHOWN and "power" in cell.alone and GROWING not in cell.dependence
    ]  # fmt: skip
    if mine:
        yield _COSTS
        for cell in mine:
            if max(cell.alone["power"], cell.power or 0.0) >= _LITTLE:
                yield f"| {cell.dependence} | {cell.size.split()[0]} | {percent(cell.alone['power'])} | {percent(cell.power)} |"


def unknown(cells: Sequence[Cell]) -> Iterator[str]:
    """Cells whose large clusters may not be in the sample."""
    mine = [cell for cell in cells if cell.stated == UNSEEN]
    if not mine:
        return
    yield _UNKNOWN
    for kind in dict.fromkeys(_unseen(cell) for cell in mine):
        some = [cell for cell in mine if _unseen(cell) == kind]
        met = [cell.met for cell in some if cell.met is not None]
        not_met = max((cell.not_met for cell in some if cell.not_met is not None and not cell.union), default=None)
        mean = float(np.mean(met)) if met else None
        yield f"| {' | '.join(kind)} | {len(some)} | {percent(max(met, default=None))} | {percent(mean)} | {percent(not_met)} |"
    yield ""


def _unseen(cell: Cell) -> tuple[str, str, str]:
    return TITLES[cell.family], cell.dependence.split(" clusters,")[0], cell.size
