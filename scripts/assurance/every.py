"""Every cell: one page a family, for all of them are too many for one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assurance.limits import Rate
from assurance.scene import Cell
from assurance.words import TITLES

_EVERY = """\
## Every cell

One page a family. On each of them:

*goal*: the truth, which is the goal. *met*, *not met*: rates of wrongful findings in per cent, and their simultaneous upper limit; a rate
without one is exact. *covers*: how often the lower and the upper end that are drawn (the first pair's) are on the right side, in per cent;
after the stroke those of the second pair. *point*, *other*: wrongful *met*
of the point estimate, and of a bootstrap or asymptotic test. `u`: a union, without target. `s`: a stated limit, without target.
"""
_PAGE = """\
# Cells: {title}

<!-- Written by scripts/assure.py. Do not edit. -->

What the columns mean: [how often is this tool itself wrong?](../assurance.md#every-cell)
"""
_TABLE = """\
| requirement | groups | data | size | goal | met | not met | covers | width | point | other |
|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|"""


def every(cells: Sequence[Cell]) -> Iterator[str]:
    """Where they stand, and how they are to be read."""
    yield _EVERY
    for family, title in TITLES.items():
        if mine := sum(cell.family == family for cell in cells):
            yield f"* [{title}](assurance/{family}.md): {mine:,} cells"


def pages(cells: Sequence[Cell], rates: Sequence[Rate]) -> Iterator[tuple[str, str]]:
    """Family and page of its cells, in the order in which they are run."""
    upper = {(id(rate.cell), rate.what): rate.upper for rate in rates if rate.cell.runs}
    for family, title in TITLES.items():
        mine = [cell for cell in cells if cell.family == family]
        if mine:
            rows = (_row(cell, upper.get((id(cell), "met")), upper.get((id(cell), "not met"))) for cell in mine)
            yield family, "\n".join((_PAGE.format(title=title), _TABLE, *rows)) + "\n"


def _row(cell: Cell, met: float | None, not_met: float | None) -> str:
    others = [value for name, value in cell.beside.items() if name != "point estimate"]
    columns = (
        f"{cell.metric} `{cell.form}`",
        cell.groups,
        f"{cell.dependence}; {cell.prevalence}",
        cell.size,
        "" if cell.goal is None else f"{cell.goal:.4g}",
        _rate(cell.met, met, "s" if cell.stated else ""),
        _rate(cell.not_met, not_met, "s" if cell.stated else "u" if cell.union else ""),
        _covers(cell),
        "-" if cell.width is None else f"{cell.width:.3f}",
        _percents(cell.beside.get("point estimate")),
        _percents(others[0] if others else None),
    )
    return f"| {' | '.join(columns)} |"


def _covers(cell: Cell) -> str:
    if cell.lower_covers is None or cell.upper_covers is None:
        return "-"
    text = f"{100 * cell.lower_covers:.1f} {100 * cell.upper_covers:.1f}"
    return f"{text} / {100 * cell.by_size['lower_covers']:.1f} {100 * cell.by_size['upper_covers']:.1f}" if cell.by_size else text


def _rate(value: float | None, limit: float | None, mark: str) -> str:
    if value is None:
        return "-"
    return f"{100 * value:.2f}{'' if limit is None else f' ≤ {100 * limit:.1f}'}{mark}"


def _percents(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"
