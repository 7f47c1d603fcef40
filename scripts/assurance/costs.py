"""Expected cost an item at most a goal, in units with one, two and three distinct rises."""

from __future__ import annotations

import numpy as np

from assurance.drawing import Design, Drawn, Floats
from assurance.judged import mean_of, weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue import task_metrics
from evalharness.metrics.arrays import costs
from evalharness.metrics.costs import cost_of_outcome
from evalharness.records import CostUnit

_UNITS = {
    "one rise": CostUnit(name="minutes", relevant_review=3, not_relevant_review=3),
    "two rises": CostUnit(name="two", relevant_review=1, not_relevant_review=3),
    "three rises": CostUnit(name="three", relevant_review=3, not_relevant_review=2, relevant_set_aside=10),
    "a rare dear outcome": CostUnit(name="rare", relevant_review=1, not_relevant_review=1, relevant_set_aside=100),
}
_SHARES = {"4 %": (0.03, 0.1, 0.01, 0.86), "2 %, few missed": (0.018, 0.02, 0.002, 0.96), "40 %": (0.2, 0.2, 0.2, 0.4)}
_DESIGNS = {
    "20 items": Design(clusters=20),
    "200 items": Design(clusters=200),
    "1,000 items": Design(clusters=1000),
    "60 equal": Design(clusters=60, sizes="equal", correlation=1.0),
    "60 geometric": Design(clusters=60, sizes="geometric", correlation=1.0),
    "200 lognormal": Design(clusters=200, sizes="lognormal", correlation=1.0),
    "200 geometric": Design(clusters=200, sizes="geometric", correlation=0.2),
}


_LEVELS = ("none", "C", "B", "A")
_GRADED = CostUnit(
    name="graded",
    by_level=(("C", (("none", 1.0),)), ("B", (("none", 4.0), ("C", 2.0))), ("A", (("none", 20.0), ("C", 8.0), ("B", 3.0)))),
)
_GRADES = (0.50, 0.03, 0.004, 0.001, 0.02, 0.18, 0.02, 0.005, 0.005, 0.02, 0.11, 0.01, 0.001, 0.004, 0.01, 0.08)
"""Share of each true level (rows) by given level."""


def scenes() -> list[Scene]:
    """Every unit, mixture of outcomes and design; then a cost for each way of grading too low."""
    graded = [
        Scene(family="cost", name=f"graded, {design}", parameters={"unit": "graded", "mix": "four grades", "design": design})
        for design in _DESIGNS
    ]
    return graded + [
        Scene(family="cost", name=f"{unit}, {mix}, {design}", parameters={"unit": unit, "mix": mix, "design": design})
        for unit in _UNITS
        for mix in _SHARES
        for design in _DESIGNS
    ]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell; where it is better, a third of all reviews and misses are saved."""
    given = scene.parameters
    of_outcome, shares, design = *_unit(given["unit"], given["mix"]), _DESIGNS[given["design"]]
    better = np.where(of_outcome > 0, shares * 2 / 3, shares)
    better[0 if given["unit"] == "graded" else 3] += 1 - better.sum()
    drawn, at_better = (design.draw(rng, runs, some, np.ones((1, len(some)))) for some in (shares, better))
    goal = float(shares @ of_outcome)
    value, lower, upper = costs(drawn.counts, drawn.second, of_outcome, ALPHA)
    power = weighted(costs(at_better.counts, at_better.second, of_outcome, ALPHA)[2] <= goal, None)
    return [
        Cell(
            family="cost", task=_task(given["unit"]), metric="expected_cost", form="at_most", groups="one", dependence=design.words,
            size=f"{design.clusters:,} {'items' if design.sizes == 'one' else 'clusters'}", prevalence=f"{given['mix']}; {given['unit']}",
            goal=goal, source="drawn", runs=runs, met=weighted(upper <= goal, None), not_met=weighted(lower > goal, None),
            lower_covers=1 - weighted(lower > goal, None), upper_covers=1 - weighted(upper < goal, None),
            width=mean_of(upper - lower, None), power=power,
            oracle_power=weighted(_normal(at_better, of_outcome, goal), None) if design.sizes == "one" else None,
            oracle="normal interval of the mean (asymptotic), a third less" if design.sizes == "one" else "",
            beside={"point estimate": weighted(value <= goal, None), "normal interval": weighted(_normal(drawn, of_outcome, goal), None)},
        )
    ]  # fmt: skip


def _unit(unit: str, mix: str) -> tuple[Floats, Floats]:
    """Cost and share of each outcome."""
    if unit == "graded":
        whole = sum(_GRADES)
        return cost_of_outcome(_GRADED, task_metrics("ordinal", _LEVELS)), np.array([*(share / whole for share in _GRADES), *(0.0,) * 4])
    return cost_of_outcome(_UNITS[unit], task_metrics("binary")), np.array([*_SHARES[mix], 0.0, 0.0])


def _task(unit: str) -> str:
    return "ordinal" if unit == "graded" else "binary"


def _normal(drawn: Drawn, of_outcome: Floats, goal: float) -> Floats:
    """Mean + 1.645 standard errors at most the goal, items taken as independent."""
    n = drawn.counts.sum(axis=1)
    mean = drawn.counts @ of_outcome / n
    variance = drawn.counts @ of_outcome**2 / n - mean**2
    return np.asarray(mean + 1.6448536269514722 * np.sqrt(np.maximum(variance, 0.0) / n) <= goal)
