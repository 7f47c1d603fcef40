"""Shares at a stated prevalence, with the truth exactly at the goal: another share of items is relevant where the model will be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from assurance.checked import agree, tally_with
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import form_of, weighted
from assurance.pairs import Ends, Pairs, fields, pairs_of
from assurance.scene import Cell, Scene
from assurance.words import UNSEEN
from evalharness.catalogue import Metric, task_metrics
from evalharness.catalogue.prevalence import IRRELEVANT, RELEVANT, class_part, shift_of
from evalharness.metrics.arrays import rates
from evalharness.metrics.counted import everything
from evalharness.metrics.prevalence import at_prevalence
from evalharness.records import Question
from evalharness.records.condition import Condition
from evalharness.stats.prevalence import mean_at, part_at

_BINARY = task_metrics("binary")
_METRICS = ("precision", "elusion", "accuracy", "review_rate")
_CONFUSED = {"5 %": (0.045, 0.1, 0.005, 0.85), "30 %": (0.27, 0.07, 0.03, 0.63), "half, few alarms": (0.48, 0.005, 0.02, 0.495)}
_DESIGNS = {
    "60": Design(clusters=60),
    "500": Design(clusters=500),
    "5,000": Design(clusters=5000),
    "100 geometric": Design(clusters=100, sizes="geometric", mean=4, correlation=0.2),
    "400 geometric, whole": Design(clusters=400, sizes="geometric", mean=4, correlation=1.0),
    "400 lognormal": Design(clusters=400, sizes="lognormal", mean=4, correlation=0.2),
}
_CLASSES = np.array([RELEVANT, IRRELEVANT, everything(_BINARY)])
_SPLIT = ((0, 2, 4), (1, 3, 5))


def scenes() -> list[Scene]:
    """Every mixture and design, at two prevalences; then errors that grow with the size of a cluster."""
    even = [
        _scene(f"{mix}, {design}, used at {prevalence:g}", mix=mix, design=design, prevalence=prevalence)
        for mix in _CONFUSED
        for design in _DESIGNS
        for prevalence in (0.001, 0.02)
    ]
    growing = [
        _scene(
            f"{mix}, {m} {sizes}, {growth}, {fate}, used at {prevalence:g}",
            mix=mix, clusters=m, sizes=sizes, growth=growth, fate=fate, prevalence=prevalence,
        )
        for mix, prevalence in (("30 %", 0.02), ("30 %", 0.3))
        for sizes in ("near", "geometric", "lognormal", "two")
        for growth in ("root", "linear", "square", "step")
        for m, fate in ((40, ""), (150, ""), (150, "alike"), (150, "opposite"), (400, ""), (400, "alike"))
        if Design(clusters=m, sizes=sizes, growth=growth).can_miss(0.1)
    ]  # fmt: skip
    return [*even, *growing]


def _scene(name: str, **parameters: Any) -> Scene:
    return Scene(family="elsewhere", name=name, parameters=parameters)


def _design(given: Mapping[str, Any]) -> Design:
    if "design" in given:
        return _DESIGNS[given["design"]]
    kept = {name: given[name] for name in ("clusters", "sizes", "growth", "fate")}
    return Design(**kept, mean=4, bad=(1, 2), classes=_SPLIT)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """Four metrics of the same draws."""
    given = scene.parameters
    design, prevalence = _design(given), float(given["prevalence"])
    shares = np.array([*_CONFUSED[given["mix"]], 0.0, 0.0])
    drawn = design.draw(rng, runs, shares, _CLASSES.astype(np.float64))
    fate = f", both classes in a cluster, {design.fate}" if design.fate else ""
    words = f"measured at {given['mix']}{fate}, used at {prevalence:g}"
    return [_cell(_BINARY.metrics[name], drawn, shares, design, prevalence, words=words) for name in _METRICS]


def _cell(metric: Metric, drawn: Drawn, shares: Floats, design: Design, prevalence: float, *, words: str) -> Cell:
    shift = shift_of(metric)
    entering = metric.numerator if shift == "mean" else metric.denominator
    parts = np.array([class_part(entering, RELEVANT), class_part(entering, IRRELEVANT)])
    of = rates(drawn.counts, drawn.second, parts, _CLASSES[:2], None if drawn.clusters is None else drawn.clusters[:, :2])
    goal = float(_at(shift, *((shares @ parts.T) / (shares @ _CLASSES[:2].T)), prevalence))
    value = _at(shift, of.value[:, 0], of.value[:, 1], prevalence)
    classes, form = pairs_of(of), form_of(metric)
    bounds = Pairs(
        kish=_limits(shift, classes.kish, prevalence),
        by_size=None if classes.by_size is None else _limits(shift, classes.by_size, prevalence),
    )
    fewest = None if drawn.clusters is None else float(drawn.clusters[:, :2].mean(axis=0).min())
    return Cell(
        family="elsewhere", task="binary", metric=metric.name, form=f"{form}, prevalence", groups="one", dependence=design.words,
        size=f"{design.clusters:,} {'items' if design.sizes == 'one' else 'clusters'}", prevalence=words, goal=goal, source="drawn",
        runs=len(value), **fields(bounds, goal, form),
        beside={"point estimate": weighted(value >= goal if form == "at_least" else value <= goal, None)},
        checked=_agreeing(drawn, metric, prevalence, bounds), stated=UNSEEN if fewest is not None and design.hides(fewest) else "",
    )  # fmt: skip


def _at(shift: str, relevant: Floats, irrelevant: Floats, prevalence: float) -> Floats:
    if shift == "mean":
        return mean_at(relevant, irrelevant, prevalence)
    part = part_at(relevant, irrelevant, prevalence)
    return part if shift == "relevant part" else 1 - part


def _limits(shift: str, ends: Ends, prevalence: float) -> Ends:
    """As `metrics.prevalence.limits_at`, over all runs at once."""
    low, high = ends
    if shift == "mean":
        return Ends(mean_at(low[:, 0], low[:, 1], prevalence), mean_at(high[:, 0], high[:, 1], prevalence))
    lower, upper = part_at(low[:, 0], high[:, 1], prevalence), part_at(high[:, 0], low[:, 1], prevalence)
    return Ends(lower, upper) if shift == "relevant part" else Ends(1 - upper, 1 - lower)


def _agreeing(drawn: Drawn, metric: Metric, prevalence: float, bounds: Pairs) -> int:
    """A few runs by the function that `evaluate` calls. Raises AssertionError where a bound differs by more than its rounding."""
    question = Question(requirement="r", metric=metric.name, comparison="at_least", bound=0.5, on=Condition(prevalence=prevalence))
    places = {RELEVANT: 0, IRRELEVANT: 1, everything(_BINARY): 2}
    for run in range(min(5, len(drawn.counts))):
        agree(bounds, run, at_prevalence(tally_with(drawn, _BINARY, run, places), question, 0.95), metric.name)
    return min(5, len(drawn.counts))
