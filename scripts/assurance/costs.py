"""Expected cost an item at most a goal, in units with one, two and three distinct rises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from assurance.checked import agree, tally_with
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import weighted
from assurance.pairs import Ends, Pairs, fields
from assurance.scene import ALPHA, Cell, Scene
from assurance.words import UNSEEN
from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.metrics.arrays import costs, costs_by_size
from evalharness.metrics.costs import cost_estimates, cost_of_outcome
from evalharness.metrics.counted import everything
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


_BY_LEVEL = tuple(4 * true + given for true in range(4) for given in range(true))
_GROWING = (
    ("two rises", "4 %", "errors"),
    ("two rises", "40 %", "errors"),
    ("three rises", "4 %", "misses"),
    ("three rises", "40 %", "misses"),
    ("three rises", "40 %", "errors"),
    ("graded", "four grades", "errors"),
)
"""Unit, mixture, and what happens to whole clusters the more often the larger they are."""


def scenes() -> list[Scene]:
    """Every unit, mixture of outcomes and design; a cost for each way of grading too low; and dear outcomes in large clusters."""
    graded = [_scene(f"graded, {design}", unit="graded", mix="four grades", design=design) for design in _DESIGNS]
    growing = [
        _scene(f"{unit}, {mix}, {m} {sizes}, {errors} {growth}", unit=unit, mix=mix, clusters=m, sizes=sizes, growth=growth, errors=errors)
        for unit, mix, errors in _GROWING
        for sizes in ("near", "geometric", "lognormal", "two")
        for m in (15, 40, 150, 400)
        for growth in ("root", "linear", "square", "step")
        if m in {40, 150} or (m == 15 and mix == "40 %") or (m == 400 and unit != "graded")
        if _can_miss(unit, mix, errors, Design(clusters=m, sizes=sizes, growth=growth))
    ]
    return graded + growing + [
        _scene(f"{unit}, {mix}, {design}", unit=unit, mix=mix, design=design) for unit in _UNITS for mix in _SHARES for design in _DESIGNS
    ]  # fmt: skip


def _scene(name: str, **parameters: Any) -> Scene:
    return Scene(family="cost", name=name, parameters=parameters)


def _can_miss(unit: str, mix: str, errors: str, design: Design) -> bool:
    _, shares = _unit(unit, mix)
    return design.can_miss(float(shares[list(_grows(unit, errors))].sum()))


def _grows(unit: str, errors: str) -> tuple[int, ...]:
    """Outcomes whose chance rises with the size of a cluster."""
    if unit == "graded":
        return _BY_LEVEL
    return (2,) if errors == "misses" else (1, 2)


def _design(given: Mapping[str, Any]) -> Design:
    if "design" in given:
        return _DESIGNS[given["design"]]
    grows = _grows(given["unit"], given["errors"])
    return Design(clusters=int(given["clusters"]), sizes=given["sizes"], growth=given["growth"], bad=grows)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell; where it is better, a third of all reviews and misses are saved."""
    given = scene.parameters
    of_outcome, shares, design = *_unit(given["unit"], given["mix"]), _design(given)
    better = np.where(of_outcome > 0, shares * 2 / 3, shares)
    better[0 if given["unit"] == "graded" else 3] += 1 - better.sum()
    drawn, at_better = (design.draw(rng, runs, some, np.ones((1, len(some)))) for some in (shares, better))
    goal = float(shares @ of_outcome)
    value, bounds = cost_pairs(drawn, of_outcome)
    independent = design.sizes == "one"
    errors = f", {given['errors']} in large clusters" if design.growth else ""
    return [
        Cell(
            family="cost", task=_task(given["unit"]).task, metric="expected_cost", form="at_most", groups="one", dependence=design.words,
            size=f"{design.clusters:,} {'items' if independent else 'clusters'}", prevalence=f"{given['mix']}; {given['unit']}{errors}",
            goal=goal, source="drawn", runs=runs, **fields(bounds, goal, "at_most", better=cost_pairs(at_better, of_outcome)[1]),
            oracle_power=weighted(_normal(at_better, of_outcome, goal), None) if independent else None,
            oracle="normal interval of the mean (asymptotic), a third less" if independent else "",
            beside={"point estimate": weighted(value <= goal, None), "normal interval": weighted(_normal(drawn, of_outcome, goal), None)},
            checked=_agreeing(drawn, given["unit"], bounds, min(runs, 3)), stated=UNSEEN if design.hides(design.clusters) else "",
        )
    ]  # fmt: skip


def cost_pairs(drawn: Drawn, of_outcome: Floats, at: int = 0) -> tuple[Floats, Pairs]:
    """Mean cost an item, and both pairs of its bounds. at: where the clusters of all items stand among those drawn."""
    value, lower, upper = costs(drawn.counts, drawn.second, of_outcome, ALPHA)
    if drawn.second is None or drawn.clusters is None:
        return value, Pairs(kish=Ends(lower, upper), by_size=None)
    wider = costs_by_size(drawn.counts, drawn.second, of_outcome, ALPHA, drawn.clusters[:, at])
    return value, Pairs(kish=Ends(lower, upper), by_size=Ends(*wider))


def _agreeing(drawn: Drawn, unit: str, bounds: Pairs, runs: int) -> int:
    """Some runs by the function that `evaluate` calls. Raises AssertionError where a bound is another."""
    of = _task(unit)
    for run in range(runs):
        (estimate,) = cost_estimates(tally_with(drawn, of, run, {everything(of): 0}), _GRADED if unit == "graded" else _UNITS[unit], 0.95)
        agree(bounds, run, estimate, "expected_cost")
    return runs


def _unit(unit: str, mix: str) -> tuple[Floats, Floats]:
    """Cost and share of each outcome."""
    if unit == "graded":
        whole = sum(_GRADES)
        return cost_of_outcome(_GRADED, _task(unit)), np.array([*(share / whole for share in _GRADES), *(0.0,) * 4])
    return cost_of_outcome(_UNITS[unit], _task(unit)), np.array([*_SHARES[mix], 0.0, 0.0])


def _task(unit: str) -> TaskMetrics:
    return task_metrics("ordinal", _LEVELS) if unit == "graded" else task_metrics("binary")


def _normal(drawn: Drawn, of_outcome: Floats, goal: float) -> Floats:
    """Mean + 1.645 standard errors at most the goal, items taken as independent."""
    n = drawn.counts.sum(axis=1)
    mean = drawn.counts @ of_outcome / n
    variance = drawn.counts @ of_outcome**2 / n - mean**2
    return np.asarray(mean + 1.6448536269514722 * np.sqrt(np.maximum(variance, 0.0) / n) <= goal)
