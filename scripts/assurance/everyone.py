"""`for_each`: every group must clear the goal by itself. Wrongful *met* is that of all groups together."""

from __future__ import annotations

import numpy as np

from assurance import layouts
from assurance.judged import weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.metrics.arrays import limits


def scenes() -> list[Scene]:
    """All groups at the goal, or one of them with the others perfect: the worst there is for a test of all."""
    return [
        Scene(
            family="everyone",
            name=f"{layout}, {dependence}, goal {goal:g}, {at}",
            parameters={"layout": layout, "dependence": dependence, "goal": goal, "at": at},
        )
        for layout in layouts.LAYOUTS
        for dependence in layouts.DEPENDENCE
        for goal in (0.7, 0.9)
        for at in ("all at the goal", "only the first", "only the last")
        if not (dependence != "independent" and layout in {"nineteen equal", "census-like"} and at == "only the first")
        if not (layout.endswith("equal") and at == "only the first")
    ]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell; growth in size cannot be asked of a group that misses nothing, so perfect groups have none."""
    given = scene.parameters
    layout, goal, at = str(given["layout"]), float(given["goal"]), str(given["at"])
    sizes = layouts.LAYOUTS[layout]
    lowest = {"all at the goal": range(len(sizes)), "only the first": (0,), "only the last": (len(sizes) - 1,)}[at]
    groups = layouts.designs(layout, str(given["dependence"]))
    parts = layouts.drawn([groups[g] for g in lowest], [goal] * len(lowest), runs, rng)
    of = layouts.recall_of(parts)
    lower, upper = limits(of, ALPHA)
    shown = {g: lower[:, place] >= goal for place, g in enumerate(lowest)}
    small = [g for g in range(len(sizes)) if g not in shown and goal ** sizes[g] > ALPHA]  # not even perfect groups of these sizes show it
    met = np.all(list(shown.values()), axis=0) & (not small)
    return [
        Cell(
            family="everyone", task="binary", metric="recall", form="for_each", groups=layout, dependence=groups[0].words,
            size=" / ".join(map(str, sizes)), prevalence=at, goal=goal, source="drawn", runs=runs, met=weighted(met, None),
            not_met=weighted((upper < goal).any(axis=1), None), union=True,
            beside={"point estimate": weighted((of.value >= goal).all(axis=1), None)},
        )
    ]  # fmt: skip
