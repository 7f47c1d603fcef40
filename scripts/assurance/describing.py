"""Intervals that are drawn and decide nothing: F1, MCC, kappas and mean errors of grades, and the area under the ROC curve.

They are asymptotic, so there is no target. How often they cover is what keeps them from deciding.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from assurance.drawing import Design, Floats
from assurance.judged import mean_of, weighted
from assurance.proportions import CONFUSED, LEVELS, grades
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue import task_metrics
from evalharness.metrics.composites.estimates import composites_of
from evalharness.stats.clusters import linearised_variance
from evalharness.stats.roc import delong_variance, logit_limits, roc_auc
from evalharness.stats.transformed import transformed_limits

_DESIGNS = {
    "60 items": Design(clusters=60),
    "500 items": Design(clusters=500),
    "5,000 items": Design(clusters=5000),
    "400 geometric": Design(clusters=400, sizes="geometric", mean=4, correlation=0.2),
    "100 lognormal, whole": Design(clusters=100, sizes="lognormal", mean=4, correlation=1.0),
}
_STEPS = np.linspace(-4, 5, 60)


def scenes() -> list[Scene]:
    """Composites of counts by task, mixture and design; areas by class sizes and distance of the classes."""
    composites = [
        Scene(family="describing", name=f"{mix}, {design}", parameters={"mix": mix, "design": design})
        for mix in (*CONFUSED, "four grades")
        for design in _DESIGNS
    ]
    areas = [
        Scene(
            family="describing",
            name=f"area, {positives} and {negatives}, distance {distance:g}",
            parameters={"positives": positives, "negatives": negatives, "distance": distance},
        )
        for positives, negatives in ((20, 200), (50, 50), (200, 2000))
        for distance in (0.5, 1.5, 3.0)
    ]
    return [*composites, *areas]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """A cell for every metric of the task, or one for the area."""
    given = scene.parameters
    if "distance" in given:
        return [_area(int(given["positives"]), int(given["negatives"]), float(given["distance"]), (runs, rng))]
    return list(_composites(str(given["mix"]), _DESIGNS[given["design"]], runs, rng))


def _composites(mix: str, design: Design, runs: int, rng: np.random.Generator) -> Iterator[Cell]:
    ordinal = mix == "four grades"
    of = task_metrics("ordinal", LEVELS) if ordinal else task_metrics("binary")
    shares = grades() if ordinal else np.array([*CONFUSED[mix], 0.0, 0.0])
    drawn = design.draw(rng, runs, shares, np.ones((1, len(shares))))
    moments = drawn.counts[:, :, None] * np.eye(len(shares)) if drawn.second is None else drawn.second
    clusters = drawn.counts.sum(axis=1) if drawn.clusters is None else drawn.clusters[:, 0]
    for composite in composites_of(of):
        truth = float(composite.compute(shares[None] * 1e6)[0][0])
        value, gradient = composite.compute(drawn.counts)
        variance = linearised_variance(gradient, drawn.counts, moments, clusters)
        lower, upper = transformed_limits(value, variance, ALPHA, composite.scale, composite.most)
        size = f"{design.clusters:,} {'items' if design.sizes == 'one' else 'clusters'}"
        yield _cell((of.task, composite.name), (design.words, size, mix), truth, (lower, upper), runs)


def _area(positives: int, negatives: int, distance: float, random: tuple[int, np.random.Generator]) -> Cell:
    """Scores on 60 steps, normal in each class."""
    runs, rng = random
    chances = [np.diff(stats.norm.cdf(np.concatenate([[-np.inf], _STEPS, [np.inf]]) - shift)) for shift in (distance, 0.0)]
    counts = [rng.multinomial(n, chance / chance.sum(), size=runs) for n, chance in zip((positives, negatives), chances, strict=True)]
    area = roc_auc(*counts)
    bounds = logit_limits(area, delong_variance(*counts), positives, negatives, ALPHA)
    words = ("independent", f"{positives} and {negatives} items", f"classes {distance:g} apart")
    return _cell(("binary", "roc_auc"), words, float(roc_auc(*chances)), bounds, runs)


def _cell(what: tuple[str, str], words: tuple[str, str, str], truth: float, bounds: tuple[Floats, Floats], runs: int) -> Cell:
    """Ends count where one is drawn."""
    lower, upper = bounds
    drawn = np.isfinite(lower)
    covers = [weighted(end[drawn], None) if drawn.any() else None for end in (lower <= truth, upper >= truth)]
    return Cell(
        family="describing", task=what[0], metric=what[1], form="describes", groups="one", dependence=words[0], size=words[1],
        prevalence=words[2], goal=truth, source="drawn", runs=runs, met=None, not_met=None, lower_covers=covers[0], upper_covers=covers[1],
        width=mean_of(upper - lower, None),
    )  # fmt: skip
