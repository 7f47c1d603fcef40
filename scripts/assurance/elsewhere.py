"""Shares at a stated prevalence, with the truth exactly at the goal: another share of items is relevant where the model will be used."""

from __future__ import annotations

from typing import cast

import numpy as np

from assurance.checked import NOBODY
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import form_of, mean_of, weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue import Metric, task_metrics
from evalharness.catalogue.prevalence import IRRELEVANT, RELEVANT, class_part, shift_of
from evalharness.metrics.arrays import limits, rates
from evalharness.metrics.prevalence import at_prevalence
from evalharness.records import Question
from evalharness.records.condition import Condition
from evalharness.stats.prevalence import mean_at, part_at
from evalharness.tally import ConfusionTally

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
_CLASSES = np.array([RELEVANT, IRRELEVANT])


def scenes() -> list[Scene]:
    """Every mixture and design, at two prevalences."""
    return [
        Scene(
            family="elsewhere",
            name=f"{mix}, {design}, used at {prevalence:g}",
            parameters={"mix": mix, "design": design, "prevalence": prevalence},
        )
        for mix in _CONFUSED
        for design in _DESIGNS
        for prevalence in (0.001, 0.02)
    ]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """Four metrics of the same draws."""
    given = scene.parameters
    design, prevalence = _DESIGNS[given["design"]], float(given["prevalence"])
    shares = np.array([*_CONFUSED[given["mix"]], 0.0, 0.0])
    drawn = design.draw(rng, runs, shares, _CLASSES.astype(np.float64))
    return [_cell(_BINARY.metrics[name], drawn, shares, design, prevalence, mix=str(given["mix"])) for name in _METRICS]


def _cell(metric: Metric, drawn: Drawn, shares: Floats, design: Design, prevalence: float, *, mix: str) -> Cell:
    shift = shift_of(metric)
    entering = metric.numerator if shift == "mean" else metric.denominator
    parts = np.array([class_part(entering, RELEVANT), class_part(entering, IRRELEVANT)])
    of = rates(drawn.counts, drawn.second, parts, _CLASSES)
    low, high = limits(of, ALPHA)
    goal = float(_at(shift, *((shares @ parts.T) / (shares @ _CLASSES.T)), prevalence))
    value = _at(shift, of.value[:, 0], of.value[:, 1], prevalence)
    lower, upper = _limits(shift, low, high, prevalence)
    form = form_of(metric)
    met, not_met = (lower >= goal, upper < goal) if form == "at_least" else (upper <= goal, lower > goal)
    return Cell(
        family="elsewhere", task="binary", metric=metric.name, form=f"{form}, prevalence", groups="one", dependence=design.words,
        size=f"{design.clusters:,} {'items' if design.sizes == 'one' else 'clusters'}",
        prevalence=f"measured at {mix}, used at {prevalence:g}",
        goal=goal, source="drawn", runs=len(value), met=weighted(met, None), not_met=weighted(not_met, None),
        lower_covers=1 - weighted(lower > goal, None), upper_covers=1 - weighted(upper < goal, None), width=mean_of(upper - lower, None),
        beside={"point estimate": weighted(value >= goal if form == "at_least" else value <= goal, None)},
        checked=_agreeing(drawn, metric, prevalence, (lower, upper)),
    )  # fmt: skip


def _at(shift: str, relevant: Floats, irrelevant: Floats, prevalence: float) -> Floats:
    if shift == "mean":
        return mean_at(relevant, irrelevant, prevalence)
    part = part_at(relevant, irrelevant, prevalence)
    return part if shift == "relevant part" else 1 - part


def _limits(shift: str, low: Floats, high: Floats, prevalence: float) -> tuple[Floats, Floats]:
    """As `metrics.prevalence.limits_at`, over all runs at once."""
    if shift == "mean":
        return mean_at(low[:, 0], low[:, 1], prevalence), mean_at(high[:, 0], high[:, 1], prevalence)
    ends = part_at(low[:, 0], high[:, 1], prevalence), part_at(high[:, 0], low[:, 1], prevalence)
    return ends if shift == "relevant part" else (1 - ends[1], 1 - ends[0])


def _agreeing(drawn: Drawn, metric: Metric, prevalence: float, bounds: tuple[Floats, Floats]) -> int:
    """A few runs by the function that `evaluate` calls. Raises AssertionError where a bound differs by more than its rounding."""
    question = Question(requirement="r", metric=metric.name, comparison="at_least", bound=0.5, on=Condition(prevalence=prevalence))
    for run in range(min(5, len(drawn.counts))):
        estimate = at_prevalence(_tally(drawn, run), question, 0.95)
        for mine, theirs in zip((bounds[0][run], bounds[1][run]), (estimate.lower, estimate.upper), strict=True):
            if not (np.isnan(mine) and theirs is None) and abs(mine - cast(float, theirs)) > 1e-9:
                raise AssertionError(f"{metric.name}, run {run}: {theirs} instead of {mine}")
    return min(5, len(drawn.counts))


def _tally(drawn: Drawn, run: int) -> ConfusionTally:
    counts = drawn.counts[[run]].astype(np.int64)
    if drawn.second is None:
        return ConfusionTally.of_independent(NOBODY, counts, _BINARY)
    clusters = np.zeros((1, len(_BINARY.denominators)), dtype=np.int64)
    return ConfusionTally(
        slices=NOBODY, counts=counts, second=drawn.second[[run]].astype(np.int64), clusters=clusters, clustered=True, of=_BINARY
    )
