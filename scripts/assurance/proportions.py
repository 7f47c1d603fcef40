"""Requirements of one proportion, with the truth exactly at the goal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy import stats

from assurance.checked import agreeing
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import Form, bootstrap, deciding, form_of, one, point, rates_of, weighted
from assurance.pairs import Pairs, fields, pairs_of
from assurance.scene import ALPHA, Cell, Scene
from assurance.words import FEW, UNSEEN
from evalharness.catalogue import Metric, TaskMetrics, task_metrics
from evalharness.metrics.arrays import Rates
from evalharness.stats.proportion import clopper_pearson_lower

LEVELS = ("none", "C", "B", "A")
_GRADES = np.array(
    [[0.50, 0.03, 0.004, 0.001], [0.02, 0.18, 0.02, 0.005], [0.005, 0.02, 0.11, 0.01], [0.001, 0.004, 0.01, 0.08]],
)
_SIZES = ("near", "geometric", "lognormal", "two")
_GROWTHS = ("root", "linear", "square", "step")
_FEW_LARGE = ("rare", "rarer")
_CLASSES = ((0, 2, 4), (1, 3, 5))
_GRADED_LOW = tuple(4 * true + given for true in range(4) for given in range(true))
_UNDER = float(_GRADES.ravel()[list(_GRADED_LOW)].sum() / _GRADES.sum())
"""Outcomes that are graded too low, and their share."""
CONFUSED = {"1 %": (0.0095, 0.05, 0.0005, 0.94), "5 %": (0.045, 0.1, 0.005, 0.85), "30 %": (0.27, 0.07, 0.03, 0.63)}
"""Share of true positives, false alarms, misses and the rest, by prevalence."""


def scenes() -> list[Scene]:
    """Exact ones, ones in clusters, ones whose misses grow with the size of a cluster, and whole confusion matrices."""
    exact = [_scene("exact", items=n, goal=goal) for n in (4, 10, 29, 59, 150, 400, 1500) for goal in (0.5, 0.8, 0.9, 0.95, 0.99)]
    clustered = [
        _scene("clustered", clusters=m, sizes=sizes, correlation=rho, goal=goal)
        for sizes in ("equal", "near", "geometric", "lognormal", "two")
        for m in (15, 40, 150, 400)
        for rho in (0.0, 0.2, 1.0)
        for goal in (0.7, 0.9, 0.95)
        if m < 400 or goal >= 0.9
    ]
    growing = [
        _scene("growing", metric=metric, clusters=m, sizes=sizes, growth=growth, goal=goal)
        for metric, goals in (("recall", (0.95, 0.9, 0.88, 0.8, 0.7)), ("elusion", (0.01, 0.02, 0.5, 0.8)))
        for sizes in _SIZES
        for m in (8, 15, 20, 40, 150, 400)
        for growth in _GROWTHS
        for goal in goals
        if Design(clusters=m, sizes=sizes, growth=growth).can_miss(goal if metric == "elusion" else 1 - goal)
        if m >= 40 or goal in {0.7, 0.5, 0.8}  # others cannot be shown with so few
        if m not in {8, 20} or sizes == "two"
    ]
    many = [
        _scene("growing", metric="recall", clusters=1000, sizes=sizes, growth=growth, goal=0.93)
        for sizes in ("geometric", "lognormal")
        for growth in _GROWTHS
    ]
    few = [
        _scene("growing", metric="recall", clusters=m, sizes=sizes, growth="largest", goal=goal)
        for sizes in _FEW_LARGE
        for m, goal in ((150, 0.95), (400, 0.95), (400, 0.98), (1000, 0.98))
    ]
    unseen = [
        _scene("growing", metric="recall", clusters=m, sizes=sizes, growth=growth, goal=goal)
        for sizes in ("pareto 2.5", "pareto 1.5")
        for m, goal in ((40, 0.7), (150, 0.9), (400, 0.95))
        for growth in ("root", "linear", "square")
    ]
    mixed = [
        _scene("mixed", clusters=m, sizes=sizes, correlation=rho, prevalence=prevalence)
        for prevalence in CONFUSED
        for m, sizes, rho in (
            (500, "one", 0.0),
            (5000, "one", 0.0),
            (400, "geometric", 0.2),
            (400, "lognormal", 0.2),
            (400, "geometric", 1.0),
        )
    ]
    mixed_growing = [
        _scene("mixed", clusters=m, sizes=sizes, growth=growth, prevalence="30 %", fate=fate)
        for m in (40, 150, 400)
        for sizes in _SIZES
        for growth in _GROWTHS
        for fate in ("", "alike", "opposite")
        if Design(clusters=m, sizes=sizes, growth=growth).can_miss(0.1)
        if m == 150 or not fate
    ]
    graded = [
        _scene("graded", clusters=m, sizes=sizes, correlation=rho)
        for m, sizes, rho in ((200, "one", 0.0), (2000, "one", 0.0), (400, "geometric", 0.2), (400, "lognormal", 1.0))
    ]
    graded_growing = [
        _scene("graded", clusters=m, sizes=sizes, growth=growth)
        for m in (40, 150, 400)
        for sizes in _SIZES
        for growth in _GROWTHS
        if Design(clusters=m, sizes=sizes, growth=growth).can_miss(_UNDER)
    ]
    return [*exact, *clustered, *growing, *many, *few, *unseen, *mixed, *mixed_growing, *graded, *graded_growing]


def _scene(kind: str, **parameters: Any) -> Scene:
    words = ", ".join(f"{key} {value}" for key, value in parameters.items())
    return Scene(family="proportion", name=f"{kind}: {words}", parameters={"kind": kind, **parameters})


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """The cells of a scene."""
    given = dict(scene.parameters)
    kind = given.pop("kind")
    if kind == "exact":
        return _enumerated(given["items"], given["goal"])
    if kind in {"clustered", "growing"}:
        goal, metric = given.pop("goal"), given.pop("metric", "recall")
        return _of_one(Design(**given, bad=(2,)), (metric, goal), runs, rng)
    prevalence = given.pop("prevalence", "")
    if kind == "mixed":
        classes = {"bad": (1, 2), "classes": _CLASSES} if "growth" in given else {}
        shares = np.array([*CONFUSED[prevalence], 0.0, 0.0])
        return _of_many(task_metrics("binary"), shares, Design(**given, **classes, mean=4), _words(prevalence, given), (runs, rng))
    low = {"bad": _GRADED_LOW} if "growth" in given else {}
    return _of_many(task_metrics("ordinal", LEVELS), grades(), Design(**given, **low, mean=4), "four grades", (runs, rng))


def _words(prevalence: str, given: dict[str, Any]) -> str:
    fate = given.get("fate")
    return f"{prevalence} relevant" + (f", both classes in a cluster, {fate}" if fate else "")


def grades() -> Floats:
    """Share of each outcome of four grades: true by given, then without an answer."""
    return np.concatenate([(_GRADES / _GRADES.sum()).ravel(), np.zeros(len(LEVELS))])


def _enumerated(n: int, goal: float) -> list[Cell]:
    """Every number of hits with its binomial chance: recall at least the goal, and the miss rate at most what that leaves."""
    found = np.arange(n + 1, dtype=np.float64)
    counts = np.zeros((n + 1, 6))
    counts[:, 0], counts[:, 2] = found, n - found
    drawn = Drawn(counts=counts, second=None, clusters=None)
    better = 1 - (1 - goal) / 3
    chance, at_better = (stats.binom.pmf(found, n, p) for p in (goal, better))
    critical = stats.binom.isf(ALPHA, n, goal) + 1  # fewest hits with P(X >= them | goal) <= alpha
    binary = task_metrics("binary")
    cells = []
    for name in ("recall", "false_negative_rate"):
        metric = binary.metrics[name]
        of = one(rates_of(drawn, binary, [metric]), 0)
        form = form_of(metric)
        at = goal if form == "at_least" else 1 - goal
        cell = _cell(
            metric, "binary", of, (at, form), weights=chance, words=("independent", f"{n} items", "relevant items only"),
            source="enumerated", checked=agreeing(drawn, binary, metric, (at, form), runs=range(0, n + 1, max(1, n // 8))),
        )  # fmt: skip
        cells.append(
            replace(
                cell,
                power=weighted(pairs_of(of).said(at, form).met, at_better),
                oracle_power=float(stats.binom.sf(critical - 1, n, better)),
                oracle=f"exact binomial test (uniformly most powerful), truth {better if form == 'at_least' else 1 - better:.4g}",
            )
        )
    return cells


def _of_one(design: Design, asked: tuple[str, float], runs: int, rng: np.random.Generator) -> list[Cell]:
    """Recall of clusters of relevant items, or elusion of clusters of items set aside."""
    binary, (name, goal) = task_metrics("binary"), asked
    metric = binary.metrics[name]
    form, denominators = form_of(metric), np.array([metric.denominator], dtype=np.float64)
    better_truth = 1 - (1 - goal) / 3 if form == "at_least" else goal / 3
    drawn, better_drawn = (design.draw(rng, runs, _shares_of(name, rate), denominators) for rate in (goal, better_truth))
    of, better = (one(rates_of(some, binary, [metric]), 0) for some in (drawn, better_drawn))
    cell = _cell(
        metric, "binary", of, (goal, form), better=pairs_of(better), runs=runs,
        words=(design.words, f"{design.clusters} clusters", "relevant items only" if name == "recall" else "items set aside only"),
        source="drawn", checked=agreeing(drawn, binary, metric, (goal, form), runs=range(min(runs, 10))),
        stated=UNSEEN if design.hides(design.clusters) else FEW if design.sizes in _FEW_LARGE else "",
    )  # fmt: skip
    if design.growth:
        return [cell]
    size = better.total / design.effect
    oracle_power = float((clopper_pearson_lower(better.value * size, size, ALPHA) >= goal).mean())
    oracle = f"exact binomial test told the true design effect {design.effect:.3g}, truth {better_truth:.4g}"
    return [replace(cell, oracle_power=oracle_power, oracle=oracle)]


def _shares_of(metric: str, rate: float) -> Floats:
    """The third outcome is what is missed; the rest is found, or rightly set aside."""
    return np.array([rate, 0.0, 1 - rate, 0.0, 0.0, 0.0]) if metric == "recall" else np.array([0.0, 0.0, rate, 1 - rate, 0.0, 0.0])


def _of_many(of_task: TaskMetrics, shares: Floats, design: Design, prevalence: str, random: tuple[int, np.random.Generator]) -> list[Cell]:
    """Every deciding proportion of the task, of the same draws."""
    runs, rng = random
    metrics = deciding(of_task)
    truths = {m.name: _truth(m, shares) for m in metrics}
    asked = [m for m in metrics if 0 < truths[m.name] < 1]
    drawn = design.draw(rng, runs, shares, np.array([m.denominator for m in asked], dtype=np.float64))
    of = rates_of(drawn, of_task, asked)
    words = (design.words, f"{design.clusters} {'items' if design.sizes == 'one' else 'clusters'}", prevalence)
    return [
        _cell(metric, of_task.task, one(of, at), (truths[metric.name], form_of(metric)), runs=runs, words=words, source="drawn",
              checked=agreeing(drawn, of_task, metric, (truths[metric.name], form_of(metric)), runs=range(min(runs, 5)), at=at),
              stated=UNSEEN if drawn.clusters is not None and design.hides(float(drawn.clusters[:, at].mean())) else "")
        for at, metric in enumerate(asked)
    ]  # fmt: skip


def _truth(metric: Metric, shares: Floats) -> float:
    return float(shares @ np.array(metric.numerator) / (shares @ np.array(metric.denominator)))


def _cell(
    metric: Metric,
    task: str,
    of: Rates,
    asked: tuple[float, Form],
    *,
    words: tuple[str, str, str],
    source: str,
    runs: int = 0,
    weights: Floats | None = None,
    better: Pairs | None = None,
    checked: int = 0,
    stated: str = "",
) -> Cell:
    goal, form = asked
    others = {"point estimate": point(of, goal, form), "bootstrap of items": bootstrap(of, goal, form)}
    return Cell(
        family="proportion", task=task, metric=metric.name, form=form, groups="one", dependence=words[0], size=words[1],
        prevalence=words[2], goal=goal, source=source, runs=runs, **fields(pairs_of(of), goal, form, weights, better=better),
        beside={name: weighted(other, weights) for name, other in others.items()}, checked=checked, stated=stated,
    )  # fmt: skip
