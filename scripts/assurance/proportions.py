"""Requirements of one proportion, with the truth exactly at the goal."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from assurance.checked import agreeing
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import Form, bootstrap, candidate_rates, deciding, form_of, judged, mean_of, one, point, rates_of, weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue import Metric, TaskMetrics, task_metrics
from evalharness.metrics.arrays import Rates
from evalharness.stats.proportion import clopper_pearson_lower

LEVELS = ("none", "C", "B", "A")
_GRADES = np.array(
    [[0.50, 0.03, 0.004, 0.001], [0.02, 0.18, 0.02, 0.005], [0.005, 0.02, 0.11, 0.01], [0.001, 0.004, 0.01, 0.08]],
)
_FEW = 15
"""Clusters of which the large ones may well not be among those seen; a goal above .7 cannot be shown with so few."""
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
        if m < 400 or goal == 0.95
    ]
    growing = [
        _scene("growing", clusters=m, sizes=sizes, growth=growth, goal=goal)
        for sizes in ("near", "geometric", "lognormal", "two")
        for m in (15, 40, 150, 400)
        for growth in ("root", "linear", "square", "step")
        for goal in (0.7, 0.9, 0.95)
        if not (growth == "step" and sizes == "near" and goal == 0.7) and (m > _FEW or goal == 0.7)
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
    graded = [
        _scene("graded", clusters=m, sizes=sizes, correlation=rho)
        for m, sizes, rho in ((200, "one", 0.0), (2000, "one", 0.0), (400, "geometric", 0.2), (400, "lognormal", 1.0))
    ]
    return [*exact, *clustered, *growing, *mixed, *graded]


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
        goal = given.pop("goal")
        return _of_one(Design(**given), goal, runs, rng)
    design = Design(clusters=given["clusters"], sizes=given["sizes"], correlation=given["correlation"], mean=4)
    if kind == "mixed":
        shares = np.array([*CONFUSED[given["prevalence"]], 0.0, 0.0])
        return _of_many(task_metrics("binary"), shares, design, f"{given['prevalence']} relevant", (runs, rng))
    return _of_many(task_metrics("ordinal", LEVELS), grades(), design, "four grades", (runs, rng))


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
        of = one(rates_of(drawn, [metric]), 0)
        form = form_of(metric)
        at = goal if form == "at_least" else 1 - goal
        cells.append(
            _cell(metric, "binary", of, (at, form), weights=chance, at_better=weighted(judged(of, at, form).met, at_better),
                  oracle_power=float(stats.binom.sf(critical - 1, n, better)),
                  oracle=f"exact binomial test (uniformly most powerful), truth {better if form == 'at_least' else 1 - better:.4g}",
                  words=("independent", f"{n} items", "relevant items only"), source="enumerated",
                  checked=agreeing(drawn, binary, metric, (at, form), runs=range(0, n + 1, max(1, n // 8))))
        )  # fmt: skip
    return cells


def _of_one(design: Design, goal: float, runs: int, rng: np.random.Generator) -> list[Cell]:
    """Recall of clusters of relevant items."""
    binary = task_metrics("binary")
    metric = binary.metrics["recall"]
    denominators = np.array([metric.denominator], dtype=np.float64)
    drawn, better_drawn = (design.draw(rng, runs, _found(rate), denominators) for rate in (goal, 1 - (1 - goal) / 3))
    of, better = (one(rates_of(some, [metric]), 0) for some in (drawn, better_drawn))
    oracle_power, oracle, few = None, "", design.clusters <= _FEW
    if not design.growth:
        size = better.total / design.effect
        oracle_power = float((clopper_pearson_lower(better.value * size, size, ALPHA) >= goal).mean())
        oracle = f"exact binomial test told the true design effect {design.effect:.3g}, truth {1 - (1 - goal) / 3:.4g}"
    cell = _cell(
        metric, "binary", of, (goal, "at_least"), at_better=weighted(judged(better, goal, "at_least").met, None),
        oracle_power=oracle_power, oracle=oracle, runs=runs,
        words=(design.words, f"{design.clusters} clusters", "relevant items only"), source="drawn",
        checked=agreeing(drawn, binary, metric, (goal, "at_least"), runs=range(min(runs, 10))),
        candidate=_candidate(drawn, better_drawn, metric, goal),
        stated="so few clusters may hold none of the large ones, and no method can know of those" if design.growth and few else "",
    )  # fmt: skip
    return [cell]


def _candidate(drawn: Drawn, better: Drawn, metric: Metric, goal: float) -> dict[str, float]:
    return {
        **candidate_rates(drawn, metric, 0, goal, "at_least"),
        "power": candidate_rates(better, metric, 0, goal, "at_least")["met"],
    }


def _found(rate: float) -> Floats:
    return np.array([rate, 0.0, 1 - rate, 0.0, 0.0, 0.0])


def _of_many(of_task: TaskMetrics, shares: Floats, design: Design, prevalence: str, random: tuple[int, np.random.Generator]) -> list[Cell]:
    """Every deciding proportion of the task, of the same draws."""
    runs, rng = random
    metrics = deciding(of_task)
    truths = {m.name: _truth(m, shares) for m in metrics}
    asked = [m for m in metrics if 0 < truths[m.name] < 1]
    drawn = design.draw(rng, runs, shares, np.array([m.denominator for m in asked], dtype=np.float64))
    of = rates_of(drawn, asked)
    words = (design.words, f"{design.clusters} {'items' if design.sizes == 'one' else 'clusters'}", prevalence)
    return [
        _cell(metric, of_task.task, one(of, at), (truths[metric.name], form_of(metric)), runs=runs, words=words, source="drawn",
              candidate=candidate_rates(drawn, metric, at, truths[metric.name], form_of(metric)),
              checked=agreeing(drawn, of_task, metric, (truths[metric.name], form_of(metric)), runs=range(min(runs, 5)), at=at))
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
    at_better: float | None = None,
    oracle_power: float | None = None,
    oracle: str = "",
    checked: int = 0,
    candidate: dict[str, float] | None = None,
    stated: str = "",
) -> Cell:
    goal, form = asked
    said = judged(of, goal, form)
    others = {"point estimate": point(of, goal, form), "bootstrap of items": bootstrap(of, goal, form)}
    return Cell(
        family="proportion", task=task, metric=metric.name, form=form, groups="one", dependence=words[0], size=words[1],
        prevalence=words[2], goal=goal, source=source, runs=runs, met=weighted(said.met, weights), not_met=weighted(said.not_met, weights),
        lower_covers=1 - weighted(said.lower > goal, weights), upper_covers=1 - weighted(said.upper < goal, weights),
        width=mean_of(said.upper - said.lower, weights), power=at_better, oracle_power=oracle_power, oracle=oracle,
        beside={name: weighted(other, weights) for name, other in others.items()}, checked=checked, candidate=candidate or {},
        stated=stated,
    )  # fmt: skip


cell_of = _cell
