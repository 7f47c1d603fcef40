"""docs/assurance.md from the cells: an opening for a board, tables, then every cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assurance.every import every
from assurance.gains import gains, unknown
from assurance.intervals import intervals, powers
from assurance.limits import Rate, rates_with_limits
from assurance.opening import opening
from assurance.scene import ALPHA, Cell
from assurance.words import TITLES, UNSEEN, percent, where

_SHORT = """\
## In short

Target: 5 % for every rate of every cell. *Upper limit*: simultaneous 95 % limits over all simulated rates (Clopper-Pearson, Bonferroni). A
cell is above the target when its simultaneous lower limit is. Enumerated rates are exact.

| requirements | form | cells | worst *met* | upper limit | worst *not met* | upper limit | above target |
|---|---|--:|--:|--:|--:|--:|--:|"""
_UNION = """
A `for_each` finding is *not met* when any group fails: that is a union, so its rate stands among the cells below and has no target.
"""
_STATED = """\
## Limits

What no method here promises. These cells are shown, and have no target.

| what | cells | wrongful *met*, worst | wrongful *not met*, worst | why |
|---|--:|--:|--:|---|"""
_KINDS_ABOVE = """\
| data | cells above | worst *met* | worst *not met* |
|---|--:|--:|--:|"""
_CAMPAIGNS = """\
## Suppliers who try again

How many campaigns of 50 attempts get a model through whose true rate is at the goal or below it. Attempt k is judged at level
1 - 6 α / (π² k²), as [decision 13](decisions/0013-attempts.md) has it.

| strategy | goal | campaigns that succeed | had every attempt been judged at 5 % |
|---|--:|--:|--:|"""
_OTHERS = """\
## The same cells by other ways to decide

Wrongful *met* on the same runs. The bootstrap of items is the percentile interval of fairlearn's `MetricFrame(n_boot=…)` with infinitely
many replicates (for gaps 400 replicates on 400 runs); a test holds both against fairlearn's own.

| requirements | way to decide | cells | mean | worst | above 5 % |
|---|---|--:|--:|--:|--:|"""
_HOW = """\
## How it was done

`make assurance` ran {scenes:,} scenes ({cells:,} cells), {runs:,} runs each where something was drawn, seed {seed}. The same seed gives the
same numbers, whatever the number of processes. A run that was stopped goes on where it was: finished scenes are kept in `.assurance/`,
under a digest of their parameters and of all code that can change a rate. To look at one family: `python scripts/assure.py --only gap`.

Bounds come from `evalharness.metrics.arrays`, the code that `evaluate` runs, over all runs at once. {checked:,} of the findings were made
once more, one by one, by the functions that `evaluate` calls, those of a proportion up to `judge`: all agreed, in both pairs of bounds.
Metrics without an admissible bound (F1, MCC, kappa, AUC and their kin) decide nothing, so there is nothing to simulate:
[metrics](metrics.md).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was run."""

    runs: int
    seed: int
    scenes: int
    cells: Sequence[Cell]


def page(made: Made) -> str:
    """Markdown."""
    cells, rates = made.cells, rates_with_limits(made.cells)
    checked = sum(cell.checked for cell in cells)
    parts: list[Iterable[str]] = [
        opening(cells, rates, made.runs),
        _families(cells, rates),
        _above(rates),
        unknown(cells),
        _stated(cells),
        gains(cells),
        _campaigns(cells),
        intervals(cells),
        powers(cells),
        _others(cells),
        [_HOW.format(scenes=made.scenes, cells=len(cells), runs=made.runs, seed=made.seed, checked=checked)],
        every(cells),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _families(cells: Sequence[Cell], rates: Sequence[Rate]) -> Iterator[str]:
    yield _SHORT
    for family, title in TITLES.items():
        for form in sorted({cell.form for cell in cells if cell.family == family}):
            mine = [rate for rate in rates if rate.cell.family == family and rate.cell.form == form]
            if not mine:
                continue
            columns = [_worst([rate for rate in mine if rate.what == what]) for what in ("met", "not met")]
            above = len({id(rate.cell) for rate in mine if rate.above})
            yield f"| {title} | `{form}` | {len({id(rate.cell) for rate in mine}):,} | {columns[0]} | {columns[1]} | {above or 'none'} |"
    yield _UNION


def _worst(rates: Sequence[Rate]) -> str:
    if not rates:
        return "- | -"
    worst = max(rates, key=lambda rate: (rate.rate, rate.upper))
    return f"{percent(worst.rate)} | {percent(worst.upper) if worst.cell.runs else 'exact'}"


def _above(rates: Sequence[Rate]) -> Iterator[str]:
    yield "## Cells above the target\n"
    above = sorted((rate for rate in rates if rate.above), key=lambda rate: -rate.rate)
    if not above:
        yield "None.\n"
        return
    yield _KINDS_ABOVE
    kinds = sorted({rate.cell.dependence for rate in above})
    for kind in kinds:
        mine = [rate for rate in rates if rate.cell.dependence == kind]
        cells, beyond = (len({id(rate.cell) for rate in some}) for some in (mine, [rate for rate in mine if rate.above]))
        worst = [percent(max((rate.rate for rate in mine if rate.what == what), default=None)) for what in ("met", "not met")]
        yield f"| {kind} | {beyond} of {cells} | {worst[0]} | {worst[1]} |"
    yield "\n| cell | finding | rate | lower limit | upper limit |\n|---|---|--:|--:|--:|"
    for rate in above:
        yield f"| {where(rate.cell)} | wrongful *{rate.what}* | {percent(rate.rate)} | {percent(rate.lower)} | {percent(rate.upper)} |"
    yield ""


def _stated(cells: Sequence[Cell]) -> Iterator[str]:
    stated = [cell for cell in cells if cell.stated and cell.stated != UNSEEN]
    if stated:
        yield _STATED
        for kind in dict.fromkeys(_kind(cell) for cell in stated):
            mine = [cell for cell in stated if _kind(cell) == kind]
            worst = (percent(max((rate for rate in rates if rate is not None), default=None)) for rates in
                     ([cell.met for cell in mine], [cell.not_met for cell in mine]))  # fmt: skip
            yield f"| {kind[0]} | {len(mine)} | {' | '.join(worst)} | {kind[1]} |"
        yield ""


def _kind(cell: Cell) -> tuple[str, str]:
    """What cells with a stated limit have in common, and the limit."""
    return f"{cell.metric} `{cell.form}`, {cell.dependence.split(', missed whole')[0]}", cell.stated


def _campaigns(cells: Sequence[Cell]) -> Iterator[str]:
    mine = [cell for cell in cells if cell.family == "campaign" and not cell.stated]
    if mine:
        yield _CAMPAIGNS
        for cell in mine:
            unpaid = percent(cell.beside["every attempt at 5 %"])
            yield f"| {cell.prevalence}: {cell.dependence} | {cell.goal:g} | {percent(cell.met)} | {unpaid} |"
        yield ""


def _others(cells: Sequence[Cell]) -> Iterator[str]:
    yield _OTHERS
    for family, title in TITLES.items():
        mine = [cell for cell in cells if cell.family == family and cell.beside and not cell.stated]
        for name in sorted({name for cell in mine for name in cell.beside}):
            rates = [cell.beside[name] for cell in mine if name in cell.beside]
            beyond = sum(rate > ALPHA for rate in rates)
            yield f"| {title} | {name} | {len(rates):,} | {percent(float(np.mean(rates)))} | {percent(max(rates))} | {beyond:,} |"
    yield ""
