"""What the second pair of bounds gains where misses grow with the size of a cluster, what it costs elsewhere, and what it cannot do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assurance.limits import alone_above
from assurance.scene import Cell
from assurance.words import GROWING, TITLES, UNSEEN, percent, where

_GAINS = """\
## What the second pair gains and costs

Items in clusters have two pairs of bounds: by Kish's effective number, and after Fay and Feuer, which allows for large clusters that are
missed more often and are not in the sample. A requirement is *met* only if both clear the goal, and *not met* only if both miss it
([decision 31](decisions/0031-bounds-by-size.md)). Worst rates of the same runs, by the first pair alone and by both. *Above*: cells above
the target beyond the doubt of a simulation, had the first pair decided alone.

| requirements | data | cells | *met*, first pair | both | *not met*, first pair | both | above |
|---|---|--:|--:|--:|--:|--:|--:|"""
_COSTS = """
How often a requirement on one proportion is met at a truth a third nearer to perfect, where misses do *not* grow: medians over the cells
with so many clusters in which either way has a power between 5 % and 99.9 %, and both ways at a goal of .90.

| data | clusters | cells | first pair alone | both | goal .90, first pair | both |
|---|--:|--:|--:|--:|--:|--:|"""
_UNKNOWN = """\
## What no bound can know

What becomes of clusters that are far larger than any in the sample leaves no trace in the data, and no method can allow for it. That is so

* with few clusters: where one in ten is large, a sample of 15 holds none of the large ones one time in five, and one of 30 hardly ever;
* with any number, where sizes have a heavy tail (*pareto*): clusters beyond the largest that was seen hold much of what is missed, and
  how much of it, the sample cannot tell.

These cells are simulated like all others and are not counted among those of the promise, of which lognormal sizes (σ = 1.2) are the most
unequal. What helps is more clusters, or to know from elsewhere how large a cluster can be.

| cell | wrongful *met* | wrongful *not met* |
|---|--:|--:|"""


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
        return f"misses grow, {cell.dependence.split(', ')[-1].removesuffix(f' {GROWING}')}"
    return "the recipes'" if cell.source == "benchmark" else "misses do not grow"


def _worst(cells: Sequence[Cell], name: str) -> tuple[str, str]:
    """By the first pair alone, and by both; a union has no target, so its worst says nothing."""
    some = [cell for cell in cells if name == "met" or not cell.union]
    alone = max((cell.alone[name] for cell in some if name in cell.alone), default=None)
    both = max((rate for cell in some if (rate := getattr(cell, name)) is not None), default=None)
    return percent(alone), percent(both)


def _costs(cells: Sequence[Cell]) -> Iterator[str]:
    mine = [
        cell for cell in cells if cell.family == "proportion" and cell.power is not None and "power" in cell.alone and GROWING not in
        cell.dependence
    ]  # fmt: skip
    if not mine:
        return
    yield _COSTS
    for data, size in dict.fromkeys((cell.dependence, cell.size) for cell in mine):
        some = [cell for cell in mine if (cell.dependence, cell.size) == (data, size)]
        between = [pair for cell in some if max(pair := (cell.alone["power"], cell.power or 0.0)) > 0.05 and min(pair) < 0.999]
        at = next(((cell.alone["power"], cell.power) for cell in some if cell.goal is not None and abs(cell.goal - 0.9) < 1e-9), None)
        if between:
            medians = " | ".join(percent(float(np.median([pair[k] for pair in between]))) for k in (0, 1))
            of_goal = " | ".join(percent(value) for value in at or (None, None))
            yield f"| {data} | {size.split()[0]} | {len(between)} | {medians} | {of_goal} |"


def unknown(cells: Sequence[Cell]) -> Iterator[str]:
    """Cells whose large clusters may not be in the sample."""
    mine = sorted((cell for cell in cells if cell.stated == UNSEEN), key=lambda cell: -(cell.met or 0.0))
    if mine:
        yield _UNKNOWN
        yield from (
            f"| {where(cell)} | {percent(cell.met)} | {percent(cell.not_met)}{' (a union)' if cell.union else ''} |" for cell in mine
        )
        yield ""
