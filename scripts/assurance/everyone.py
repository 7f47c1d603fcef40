"""`for_each`: every group must clear the goal by itself. Wrongful *met* is that of all groups together."""

from __future__ import annotations

import numpy as np

from assurance import layouts
from assurance.drawing import Design
from assurance.judged import weighted
from assurance.pairs import pairs_of
from assurance.scene import ALPHA, Cell, Scene
from assurance.words import UNSEEN


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
    ] + [
        _scene(layout=layout, dependence=dependence, goal=goal, at=at)
        for layout, goal in (("two of 15", 0.6), ("two of 40", 0.7), ("many and few", 0.7), ("two of 400", 0.9), ("five of 150", 0.8))
        for dependence, design in layouts.GROWING.items()
        for at in ("all at the goal", "only the last")
        if Design(clusters=1, **design).can_miss(1 - goal)  # type: ignore[arg-type]
    ]


def _scene(**parameters: object) -> Scene:
    return Scene(family="everyone", name=", ".join(f"{key} {value}" for key, value in parameters.items()), parameters=parameters)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell; growth in size cannot be asked of a group that misses nothing, so perfect groups have none."""
    given = scene.parameters
    layout, goal, at = str(given["layout"]), float(given["goal"]), str(given["at"])
    sizes = layouts.EVERY[layout]
    lowest = {"all at the goal": range(len(sizes)), "only the first": (0,), "only the last": (len(sizes) - 1,)}[at]
    groups = layouts.designs(layout, str(given["dependence"]))
    parts = layouts.drawn([groups[g] for g in lowest], [goal] * len(lowest), runs, rng)
    of = layouts.recall_of(parts)
    bounds = pairs_of(of)
    small = [g for g in range(len(sizes)) if g not in lowest and goal ** sizes[g] > ALPHA]  # not even perfect groups of these sizes show it
    met, alone = (pairs.said(goal, "at_least").met.all(axis=1) & (not small) for pairs in (bounds, bounds.alone))
    not_met, not_alone = (pairs.said(goal, "at_least").not_met.any(axis=1) for pairs in (bounds, bounds.alone))
    return [
        Cell(
            family="everyone", task="binary", metric="recall", form="for_each", groups=layout, dependence=groups[0].words,
            size=" / ".join(map(str, sizes)), prevalence=at, goal=goal, source="drawn", runs=runs, met=weighted(met, None),
            not_met=weighted(not_met, None), union=True,
            stated=UNSEEN if layouts.hidden([groups[g] for g in lowest]) else "",
            alone={} if bounds.by_size is None else {"met": weighted(alone, None), "not_met": weighted(not_alone, None)},
            beside={"point estimate": weighted((of.value >= goal).all(axis=1), None)},
        )
    ]  # fmt: skip
