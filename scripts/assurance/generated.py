"""Cells drawn from what the shipped recipes generate and the shipped models answer: nobody chose these distributions to suit a bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assurance.checked import agreeing
from assurance.costs import cost_pairs
from assurance.drawing import Drawn, Floats, batches
from assurance.judged import bootstrap, deciding, form_of, one, point, rates_of, weighted
from assurance.pairs import fields, gaps_of, pairs_of
from assurance.pools import ATTRIBUTE, Pool, pool_of, slices
from assurance.scene import Cell, Scene
from evalharness.catalogue import Metric
from evalharness.metrics.arrays import Rates
from evalharness.metrics.costs import cost_of_outcome
from evalharness.metrics.counted import everything
from evalharness.records import CostUnit
from evalharness.stats.uneven import Uneven

_MODELS = {
    "message-triage": (("triage-reference", "triage-narrow"), (250, 1000, 4000), 60_000),
    "severity-grading": (("severity-reference", "severity-narrow"), (250, 1000, 4000), 60_000),
    "risk-level": (("risk-reference", "risk-as-graded"), (250, 1000, 4000), 60_000),
    "lead-priority": (("lead-reference", "lead-blanks"), (100, 400, 1600), 1_400_000),
    "case-linkage": (("linkage-reference", "linkage-exact"), (250, 1000, 4000), None),
}
"""Models, clusters a run, rows generated (null: those of the shipped recipe, whose ids the model's answers name)."""
_SEED = 7001
_BY_GROUP = {"recall", "false_positive_rate", "precision", "exact_agreement", "under_grading_1", "critical_miss", "recall_at_budget",
             "precision_at_budget", "pairwise_recall", "pairwise_precision"}  # fmt: skip
_UNIT = CostUnit(name="three", relevant_review=3, not_relevant_review=2, relevant_set_aside=10)
_RUNS_AT_A_TIME = 500


def scenes() -> list[Scene]:
    """One a recipe, model and split."""
    return [
        Scene(
            family="generated",
            name=f"{policy}, {model}, {split}",
            parameters={
                "policy": policy,
                "model": model,
                "split": split,
                "sizes": list(sizes),
                "rows": rows,
                "seed": _SEED if rows else None,
            },
        )
        for policy, (models, sizes, rows) in _MODELS.items()
        for model in models
        for split in ("test", "shifted")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a cell's words are."""

    pool: Pool
    scene: Scene
    size: str
    runs: int

    @property
    def task(self) -> str:
        return self.pool.of.task

    @property
    def dependence(self) -> str:
        return f"{self.scene.parameters['policy']}, {self.scene.parameters['split']}, {self.scene.parameters['model']}"


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """Every metric for everybody, some by group, for each group, between groups, and the cost, at each size."""
    given = scene.parameters
    pool = pool_of(given["policy"], given["model"], split=given["split"], seed=given["seed"], rows=given["rows"])
    return [cell for clusters in given["sizes"] for cell in _at(pool, scene, clusters, runs, rng)]


def _at(pool: Pool, scene: Scene, clusters: int, runs: int, rng: np.random.Generator) -> Iterator[Cell]:
    metrics = deciding(pool.of)
    drawn = _drawn(pool, metrics, clusters, runs, rng)
    asked = _Asked(pool=pool, scene=scene, size=f"{clusters:,} clusters", runs=runs)
    found = {name: rates_of(some, pool.of, metrics) for (name, _), some in zip(slices(pool), drawn, strict=True)}
    for place, ((name, group), some) in enumerate(zip(slices(pool), drawn, strict=True)):
        shares = pool.shares(group)
        for at, metric in enumerate(metrics):
            truth = _truth(metric, shares)
            if 0 < truth < 1 and (place == 0 or metric.name in _BY_GROUP):
                goal = truth, form_of(metric)
                checked = agreeing(some, pool.of, metric, goal, runs=range(3 if place == 0 else 0), at=at)
                cell = _proportion(asked, metric, one(found[name], at), (truth, name))
                yield replace(cell, checked=checked)
    for at, metric in enumerate(metrics):
        truths = [_truth(metric, pool.shares(group)) for group in range(len(pool.levels))]
        if metric.name in _BY_GROUP and all(0 < truth < 1 for truth in truths):
            groups = [one(found[name], at) for name, group in slices(pool) if group is not None]
            yield from _between(asked, metric, _stacked(groups), truths)
    if pool.of.task == "binary":
        yield _cost(asked, drawn[0], [metric.denominator for metric in metrics].index(everything(pool.of)))


def _truth(metric: Metric, shares: Floats) -> float:
    whole = float(shares @ np.array(metric.denominator))
    return float(shares @ np.array(metric.numerator)) / whole if whole > 0 else 0.0


def _drawn(pool: Pool, metrics: list[Metric], clusters: int, runs: int, rng: np.random.Generator) -> list[Drawn]:
    """Everybody and each group, of runs of so many clusters drawn from the pool with replacement."""
    cells = [pool.cells.sum(axis=1), *np.moveaxis(pool.cells, 1, 0)]
    used = np.flatnonzero(pool.cells.sum(axis=(0, 1)))
    first, second = np.triu_indices(len(used))
    denominators = np.array([metric.denominator for metric in metrics])
    features = [
        np.hstack([c[:, used], c[:, used[first]] * c[:, used[second]], c @ denominators.T > 0, c.sum(axis=1, keepdims=True) > 0]).astype(
            np.float64
        )
        for c in cells
    ]
    summed = np.concatenate(
        [rng.multinomial(clusters, pool.chance, size=some) @ np.hstack(features) for some in batches(runs, _RUNS_AT_A_TIME)]
    )
    outcomes = len(pool.of.outcomes)
    found = []
    for part in np.split(summed, len(cells), axis=1):
        counts, moments = np.zeros((runs, outcomes)), np.zeros((runs, outcomes, outcomes))
        counts[:, used] = part[:, : len(used)]
        moments[:, used[first], used[second]] = moments[:, used[second], used[first]] = part[:, len(used) : len(used) + len(first)]
        found.append(Drawn(counts=counts, second=moments, clusters=part[:, len(used) + len(first) : -1], everything=part[:, -1]))
    return found


def _stacked(groups: list[Rates]) -> Rates:
    """[runs, groups]."""
    first = groups[0]

    def stacked(rates: list[Any], *names: str) -> dict[str, Floats]:
        return {name: np.stack([getattr(g, name) for g in rates], axis=-1) for name in names}

    uneven = None if first.uneven is None else Uneven(**stacked([g.uneven for g in groups], "hits", "misses", "one_more"))
    return Rates(**stacked(groups, "value", "total", "n_eff", "successes"), uneven=uneven)


def _proportion(asked: _Asked, metric: Metric, of: Rates, about: tuple[float, str]) -> Cell:
    truth, who = about
    form = form_of(metric)
    return Cell(
        family="generated", task=asked.task, metric=metric.name, form=form, groups=who, dependence=asked.dependence, size=asked.size,
        prevalence="the recipe's", goal=truth, source="benchmark", runs=asked.runs, **fields(pairs_of(of), truth, form),
        beside={"point estimate": weighted(point(of, truth, form), None), "bootstrap of items": weighted(bootstrap(of, truth, form), None)},
    )  # fmt: skip


def _between(asked: _Asked, metric: Metric, of: Rates, truths: list[float]) -> Iterator[Cell]:
    """The gap and the ratio of all groups at their true size, and `for_each` with the goal at the worst group's truth."""
    gap, share = max(truths) - min(truths), min(truths) / max(truths)
    form = form_of(metric)
    worst = min(truths) if form == "at_least" else max(truths)
    yield _gap(asked, metric, "max_difference", gap, of)
    yield _gap(asked, metric, "min_ratio", share, of)
    both = pairs_of(of)
    said, alone = both.said(worst, form), both.alone.said(worst, form)
    yield Cell(
        family="generated", task=asked.task, metric=metric.name, form="for_each", groups=f"each {ATTRIBUTE}", dependence=asked.dependence,
        size=asked.size, prevalence="the recipe's", goal=worst, source="benchmark", runs=asked.runs,
        met=weighted(said.met.all(axis=1), None), not_met=weighted(said.not_met.any(axis=1), None), union=True,
        alone={"met": weighted(alone.met.all(axis=1), None), "not_met": weighted(alone.not_met.any(axis=1), None)},
        beside={"point estimate": weighted(point(of, worst, form).all(axis=1), None)},
    )  # fmt: skip


def _gap(asked: _Asked, metric: Metric, form: str, goal: float, of: Rates) -> Cell:
    bounds, plain = gaps_of(of, form, spanned=asked.pool.spanned)
    point_met = plain.value <= goal if form == "max_difference" else plain.value >= goal
    return Cell(
        family="generated", task=asked.task, metric=metric.name, form=form, groups=f"between {ATTRIBUTE}", dependence=asked.dependence,
        size=asked.size, prevalence="the recipe's", goal=goal, source="benchmark", runs=asked.runs, **fields(bounds, goal, form),
        beside={"point estimate": weighted(point_met, None)},
    )  # fmt: skip


def _cost(asked: _Asked, drawn: Drawn, at: int) -> Cell:
    of_outcome = cost_of_outcome(_UNIT, asked.pool.of)
    shares = asked.pool.shares(None)
    goal = float(shares @ of_outcome / shares.sum())
    value, bounds = cost_pairs(drawn, of_outcome, at)
    return Cell(
        family="generated", task=asked.task, metric="expected_cost", form="at_most", groups="everybody", dependence=asked.dependence,
        size=asked.size, prevalence="the recipe's", goal=goal, source="benchmark", runs=asked.runs, **fields(bounds, goal, "at_most"),
        beside={"point estimate": weighted(value <= goal, None)},
    )  # fmt: skip
