"""How cells and rates are written on the page."""

from __future__ import annotations

from assurance.scene import Cell

GROWING = "in size"
"""In the words of every design whose misses grow with the size of a cluster."""
UNSEEN = "clusters that are far larger than the others may well not be in the sample"
"""Why a cell is shown as one of which no bound can know."""
FEW = "few clusters are several times larger than the rest: how unequal sizes are says little of them"
"""Why a cell is a limit of this version: the largest cluster that was seen would tell more, and tallies do not keep it."""
TITLES = {
    "proportion": "one proportion",
    "generated": "drawn by the recipes",
    "gap": "gaps between groups",
    "overall": "gaps to everybody",
    "everyone": "for each group",
    "cost": "expected cost",
    "elsewhere": "at another prevalence",
    "stratified": "weighted samples",
    "crossed": "readings by reviewer, case and shift",
    "leaning": "what seeing an answer does",
    "paired": "not worse than another",
    "campaign": "suppliers who try again",
    "describing": "intervals that only describe",
}


def percent(value: float | None) -> str:
    """`4.31 %`."""
    if value is None:
        return "-"
    return f"{100 * value:.2f} %" if value < 0.1 else f"{100 * value:.1f} %"


def where(cell: Cell) -> str:
    """Which cell it is."""
    goal = "" if cell.goal is None else f" {cell.goal:.4g}"
    return f"{cell.metric} `{cell.form}`{goal}, {cell.dependence}, {cell.size}{'' if cell.groups == 'one' else f', {cell.groups}'}"
