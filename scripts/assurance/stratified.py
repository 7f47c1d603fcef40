"""Samples in strata that were drawn from with different, known chances: recall of the population at least the goal, the truth at it."""

from __future__ import annotations

import numpy as np

from assurance.judged import mean_of, weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.stats.stratified import Strata, stratified_limits, stratified_ratio

_DESIGNS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "all flagged, one in 50 of the rest": ((400, 20_000), (1.0, 0.02)),
    "one in 2, 10 and 100": ((400, 4000, 40_000), (0.5, 0.1, 0.01)),
    "two alike": ((2000, 2000), (0.2, 0.2)),
    "five": ((200, 500, 1000, 5000, 20_000), (1.0, 0.5, 0.2, 0.05, 0.02)),
}
"""Items of the population in each stratum, and the chance of each to be drawn."""
_RELEVANT = {"alike": (0.3,) * 5, "mostly in the first": (0.6, 0.02, 0.02, 0.02, 0.02)}
_SPREAD = {"alike": (0.0,) * 5, "worse in the rare ones": (0.0, -0.1, -0.2, -0.2, -0.3)}


def scenes() -> list[Scene]:
    """Numbers of a stratum left to chance, or fixed beforehand."""
    return [
        Scene(
            family="stratified",
            name=f"{design}, relevant {relevant}, recall {spread}, {drawn}, first {first:g}",
            parameters={"design": design, "relevant": relevant, "spread": spread, "drawn": drawn, "first": first},
        )
        for design in _DESIGNS
        for relevant in _RELEVANT
        for spread in _SPREAD
        for drawn in ("by lot", "fixed numbers")
        for first in (0.9, 0.98)
    ]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell."""
    given = scene.parameters
    population, chance = (np.array(column, dtype=np.float64) for column in _DESIGNS[given["design"]])
    many = len(population)
    relevant = np.array(_RELEVANT[given["relevant"]][:many])
    recall = float(given["first"]) + np.array(_SPREAD[given["spread"]][:many])
    goal = float((population * relevant * recall).sum() / (population * relevant).sum())
    sample = population * chance
    cells = np.stack([relevant * recall, relevant * (1 - recall), 1 - relevant], axis=-1)
    if given["drawn"] == "by lot":
        counts = rng.binomial(population.astype(np.int64)[:, None], chance[:, None] * cells, size=(runs, *cells.shape))
    else:
        counts = np.stack([rng.multinomial(int(n), share, size=runs) for n, share in zip(sample, cells, strict=True)], axis=1)
    # What an item stands for is 1 / its chance, whatever the numbers drawn: these shares say it for every run.
    strata = Strata(totals=sample, n_eff=sample, shares=population / population.sum())
    found, missed = counts[..., 0], counts[..., 1]
    value, (lower, upper) = stratified_ratio(found, missed, strata), stratified_limits(found, missed, strata, ALPHA)
    return [
        Cell(
            family="stratified", task="binary", metric="recall", form="at_least, weighted", groups="one",
            dependence=f"{given['design']}, {given['drawn']}", size=" / ".join(f"{n:.0f}" for n in sample),
            prevalence=f"relevant {given['relevant']}, recall {given['spread']}", goal=goal, source="drawn", runs=runs,
            met=weighted(lower >= goal, None), not_met=weighted(upper < goal, None), lower_covers=1 - weighted(lower > goal, None),
            upper_covers=1 - weighted(upper < goal, None), width=mean_of(upper - lower, None),
            beside={"point estimate": weighted(value >= goal, None)},
        )
    ]  # fmt: skip
