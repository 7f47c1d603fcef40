"""The table of a rule that might take the place of Kish's effective number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assurance.scene import Cell
from assurance.words import percent

_HEAD = """\
## A rule that would mend it

The same runs by a bound that takes unseen large clusters into account, and what is missed as it was missed
(`scripts/assurance/candidate.py`). It decides nothing in this version; [decision 26](decisions/0026-misses-that-grow.md) says why. Worst
rates of wrongful findings, and median power at a truth a third nearer to perfect, over the cells in which either way has a power between
5 % and 99.9 %.

| data | cells | *met*, as it is | *not met* | power | *met*, by the other rule | *not met* | power |
|---|--:|--:|--:|--:|--:|--:|--:|"""


def candidates(cells: Sequence[Cell]) -> Iterator[str]:
    """By dependence, or by recipe."""
    compared = [cell for cell in cells if cell.candidate and not cell.stated]
    if not compared:
        return
    yield _HEAD
    for kind in sorted({_kind(cell) for cell in compared}):
        mine = [cell for cell in compared if _kind(cell) == kind]
        powers = [(cell.power, cell.candidate["power"]) for cell in mine if cell.power is not None and "power" in cell.candidate]
        between = [pair for pair in powers if max(pair) > 0.05 and min(pair) < 0.999]
        now = _columns([cell.met for cell in mine], [cell.not_met for cell in mine], [pair[0] for pair in between])
        then = _columns(
            [cell.candidate["met"] for cell in mine], [cell.candidate["not_met"] for cell in mine], [pair[1] for pair in between]
        )
        yield f"| {kind} | {len(mine)} | {now} | {then} |"
    yield ""


def _kind(cell: Cell) -> str:
    return f"{cell.dependence.split(',')[0]}, drawn by the recipe" if cell.source == "benchmark" else cell.dependence


def _columns(met: Sequence[float | None], not_met: Sequence[float | None], powers: Sequence[float]) -> str:
    worst = [percent(max((rate for rate in rates if rate is not None), default=None)) for rates in (met, not_met)]
    return f"{worst[0]} | {worst[1]} | {percent(float(np.median(powers))) if powers else '-'}"
