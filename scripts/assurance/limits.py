"""Which cells are above the target, beyond the doubt of a simulation, for all cells at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assurance.scene import ALPHA, Cell
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One targeted rate of one cell."""

    cell: Cell
    what: str
    """`met` or `not met`."""
    rate: float
    lower: float
    """Simultaneous 95 % limits over all simulated rates (Clopper-Pearson at .05 / their number, each side); the rate itself where exact."""
    upper: float

    @property
    def above(self) -> bool:
        """Whether the rate is above 5 % even at its lower limit."""
        return self.lower > ALPHA + 1e-9


def rates_with_limits(cells: Sequence[Cell]) -> list[Rate]:
    """Every rate that has a target."""
    asked = [
        (cell, what, rate)
        for cell in cells
        if not cell.stated
        for what, rate in (("met", cell.met), ("not met", None if cell.union else cell.not_met))
        if rate is not None
    ]
    simulated = max(1, sum(cell.runs > 0 for cell, _, _ in asked))
    return [_with_limits(cell, what, rate, ALPHA / simulated) for cell, what, rate in asked]


def alone_above(cells: Sequence[Cell]) -> list[Cell]:
    """Cells that would be above the target, had the first pair of bounds decided alone; at the level of `rates_with_limits`."""
    simulated = max(1, sum(rate.cell.runs > 0 for rate in rates_with_limits(cells)))
    return [
        cell
        for cell in cells
        if cell.alone and not cell.stated
        if any(
            _with_limits(cell, name, cell.alone[name], ALPHA / simulated).above
            for name in ("met", "not_met")
            if name in cell.alone and not (cell.union and name == "not_met")
        )
    ]


def _with_limits(cell: Cell, what: str, rate: float, alpha: float) -> Rate:
    if not cell.runs:
        return Rate(cell=cell, what=what, rate=rate, lower=rate, upper=rate)
    wrong = round(rate * cell.runs)
    lower, upper = (float(bound(wrong, cell.runs, alpha)) for bound in (clopper_pearson_lower, clopper_pearson_upper))
    return Rate(cell=cell, what=what, rate=rate, lower=lower, upper=upper)
