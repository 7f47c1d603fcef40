"""Samples in strata that were drawn from with different, known chances: recall of the population at least the goal, the truth at it.

Items of a sample are independent; or whole clusters of relevant items are drawn, and missed the more often the larger they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, cast

import numpy as np

from assurance.checked import agree, tally_of
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import weighted
from assurance.pairs import Ends, Pairs, fields
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue import task_metrics
from evalharness.metrics.answers import answer
from evalharness.metrics.arrays import rates
from evalharness.records import Policy, Question
from evalharness.stats.stratified import Strata, stratified_limits, stratified_ratio
from evalharness.stats.uneven import Uneven
from evalharness.tally import ConfusionTally

_DESIGNS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "all flagged, one in 50 of the rest": ((400, 20_000), (1.0, 0.02)),
    "one in 2, 10 and 100": ((400, 4000, 40_000), (0.5, 0.1, 0.01)),
    "two alike": ((2000, 2000), (0.2, 0.2)),
    "five": ((200, 500, 1000, 5000, 20_000), (1.0, 0.5, 0.2, 0.05, 0.02)),
}
"""Items of the population in each stratum, and the chance of each to be drawn."""
_RELEVANT = {"alike": (0.3,) * 5, "mostly in the first": (0.6, 0.02, 0.02, 0.02, 0.02)}
_SPREAD = {"alike": (0.0,) * 5, "worse in the rare ones": (0.0, -0.1, -0.2, -0.2, -0.3)}

_CLUSTERS: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "most in the rare one": ((20, 20, 400), (1.0, 0.5, 0.01)),
    "as many of each": ((60, 60, 60), (1.0, 0.5, 0.01)),
    "two": ((40, 300), (1.0, 0.5)),
}
"""Clusters of relevant items in the sample from each stratum, and the chance of each to be drawn; misses are in the last."""
_RECALL = task_metrics("binary").metrics["recall"]


def scenes() -> list[Scene]:
    """Numbers of a stratum left to chance, or fixed beforehand."""
    alone = [
        _scene(
            f"{design}, relevant {relevant}, recall {spread}, {drawn}, first {first:g}",
            design=design, relevant=relevant, spread=spread, drawn=drawn, first=first,
        )
        for design in _DESIGNS
        for relevant in _RELEVANT
        for spread in _SPREAD
        for drawn in ("by lot", "fixed numbers")
        for first in (0.9, 0.98)
    ]  # fmt: skip
    growing = [
        _scene(
            f"{layout}, {sizes} clusters missed whole, {growth} in size, {missed:g} of the last, {drawn}",
            layout=layout, sizes=sizes, growth=growth, missed=missed, drawn=drawn,
        )
        for layout in _CLUSTERS
        for sizes in ("geometric", "lognormal")
        for growth in ("linear", "square")
        for missed in (0.1, 0.3)
        for drawn in ("by lot", "fixed numbers")
    ]  # fmt: skip
    return [*alone, *growing]


def _scene(name: str, **parameters: Any) -> Scene:
    return Scene(family="stratified", name=name, parameters=parameters)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell."""
    return [_clustered(scene.parameters, runs, rng) if "layout" in scene.parameters else _independent(scene.parameters, runs, rng)]


def _independent(given: Any, runs: int, rng: np.random.Generator) -> Cell:
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
    value, ends = stratified_ratio(found, missed, strata), Ends(*stratified_limits(found, missed, strata, ALPHA))
    return Cell(
        family="stratified", task="binary", metric="recall", form="at_least, weighted", groups="one",
        dependence=f"{given['design']}, {given['drawn']}", size=" / ".join(f"{n:.0f}" for n in sample),
        prevalence=f"relevant {given['relevant']}, recall {given['spread']}", goal=goal, source="drawn", runs=runs,
        beside={"point estimate": weighted(value >= goal, None)}, **fields(Pairs(kish=ends, by_size=None), goal, "at_least"),
    )  # fmt: skip


def _clustered(given: Any, runs: int, rng: np.random.Generator) -> Cell:
    many, chances = _CLUSTERS[given["layout"]]
    standing = np.array(many) / np.array(chances)
    goal = float(1 - given["missed"] * standing[-1] / standing.sum())
    drawn, better = (_drawn(given, missed, runs, rng) for missed in (given["missed"], given["missed"] / 3))
    pairs, value = _bounds(drawn, chances)
    for at in range(min(runs, 5)):
        question = Question(requirement="r", metric="recall", comparison="at_least", bound=goal)
        agree(pairs, at, answer(_tally(drawn, chances, at), question, cast(Policy, _Policy()), 1 - ALPHA), "recall, weighted")
    growing = Design(clusters=many[-1], sizes=given["sizes"], growth=given["growth"])
    return Cell(
        family="stratified", task="binary", metric="recall", form="at_least, weighted", groups="one",
        dependence=f"{given['layout']}, {growing.words}, {given['drawn']}", size=" / ".join(map(str, many)) + " clusters",
        prevalence=f"relevant items only, {given['missed']:g} of the last missed", goal=goal, source="drawn", runs=runs,
        checked=min(runs, 5), beside={"point estimate": weighted(value >= goal, None)},
        **fields(pairs, goal, "at_least", better=_bounds(better, chances)[0]),
    )  # fmt: skip


class _Policy:
    """All that answering reads of a policy."""

    human_in_the_loop = None


def _drawn(given: Any, missed: float, runs: int, rng: np.random.Generator) -> list[Drawn]:
    """Of each stratum; only the last has misses."""
    many, _ = _CLUSTERS[given["layout"]]
    found = []
    for place, expected in enumerate(many):
        last = place == len(many) - 1
        shares = np.array([1 - missed * last, 0.0, missed * last, 0.0, 0.0, 0.0])
        numbers = np.maximum(rng.poisson(expected, runs), 1) if given["drawn"] == "by lot" else np.full(runs, expected)
        found.append(_of_numbers(given, shares, numbers, rng))
    return found


def _of_numbers(given: Any, shares: Floats, numbers: Floats, rng: np.random.Generator) -> Drawn:
    """So many clusters in each run."""
    whole = np.array([_RECALL.denominator], dtype=np.float64)
    counts, second, clusters = (np.zeros((len(numbers), *shape)) for shape in ((6,), (6, 6), (1,)))
    for number in np.unique(numbers).tolist():
        at = np.flatnonzero(numbers == number)
        kind = {"growth": given["growth"]} if shares[2] else {"correlation": 1.0}
        part = Design(clusters=number, sizes=given["sizes"], **kind).draw(rng, len(at), shares, whole)
        counts[at], second[at], clusters[at] = part.counts, part.second, part.clusters
    return Drawn(counts=counts, second=second, clusters=clusters)


def _bounds(drawn: Sequence[Drawn], chances: Sequence[float]) -> tuple[Pairs, Floats]:
    """As `metrics.weighted` makes them, in items: every item is relevant, so clusters are those of their stratum; and the values."""
    weights = np.array([_RECALL.numerator]), np.array([_RECALL.denominator])
    of = [rates(part.counts, part.second, *weights, part.clusters).each(lambda array: array[..., 0]) for part in drawn]
    totals, n_eff = (np.stack([getattr(part, name) for part in of], axis=-1) for name in ("total", "n_eff"))
    found = np.stack([part.counts[:, 0] for part in drawn], axis=-1)
    mean = totals / n_eff
    hits, misses, more = (np.stack([getattr(part.uneven, name) for part in of], axis=-1) for name in ("hits", "misses", "one_more"))
    uneven = Uneven(hits=hits * mean**2, misses=misses * mean**2, one_more=more * mean)
    ones = np.ones(len(drawn))
    strata = Strata(totals=ones, n_eff=ones, shares=1 / np.array(chances))
    kish, by_size = (stratified_limits(found, totals - found, strata, ALPHA, worth=1 / mean, uneven=each) for each in (None, uneven))
    return Pairs(kish=Ends(*kish), by_size=Ends(*by_size)), stratified_ratio(found, totals - found, strata)


def _tally(drawn: Sequence[Drawn], chances: Sequence[float], run_at: int) -> ConfusionTally:
    """One run as the tally of a whole evaluation."""
    of = task_metrics("binary")
    parts = [tally_of(part, of, run_at, _RECALL) for part in drawn]
    everything = [replace(part, clusters=np.full_like(part.clusters, part.clusters.max())) for part in parts]
    strata = sorted(zip(chances, everything, strict=True), key=lambda stratum: stratum[0])
    return replace(reduce(ConfusionTally.merge, everything), strata=tuple(strata))
