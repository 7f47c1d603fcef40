"""Not worse than another model on the same items, with a challenger that is worse by exactly the margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from assurance.checked import NOBODY, agree
from assurance.drawing import Design, Drawn
from assurance.judged import one, weighted
from assurance.pairs import Ends, Pairs, fields
from assurance.scene import ALPHA, Cell, Scene
from assurance.words import UNSEEN
from evalharness.catalogue import task_metrics
from evalharness.metrics.arrays import Rates, limits, rates
from evalharness.metrics.beside import relative_estimate
from evalharness.records import Question
from evalharness.records.condition import Condition
from evalharness.stats.paired import difference_at_least, holm_levels, lost_at_most, not_worse_p, tango
from evalharness.tally import ConfusionTally
from evalharness.tally.paired import PairedTally

_LOST, _GAINED, _EVERYTHING = (0, 1, 0), (0, 0, 1), (1, 1, 1)
_DESIGNS = {
    **{f"{n} items": Design(clusters=n) for n in (20, 60, 150, 600)},
    **{
        f"{m} {sizes}, {rho:g}": Design(clusters=m, sizes=sizes, correlation=rho)
        for sizes in ("equal", "geometric", "lognormal")
        for m in (40, 200)
        for rho in (0.2, 1.0)
    },
}


_GROWING = ((15, 0.4), (40, 0.2), (150, 0.05), (150, 0.1), (400, 0.02), (400, 0.05))
"""Clusters, and a margin that can be shown with so many."""


def scenes() -> list[Scene]:
    """One challenger; one that loses large clusters; then several, with Holm's correction over them."""
    alone = [
        _scene(f"{design}, margin {margin:g}, gained {gained:g}", design=design, margin=margin, gained=gained)
        for design in _DESIGNS
        for margin in (0.01, 0.05, 0.2)
        for gained in (0.0, 0.05)
    ]
    growing = [
        _scene(
            f"{m} {sizes}, lost {growth}, margin {margin:g}, gained {gained:g}",
            clusters=m, sizes=sizes, growth=growth, margin=margin, gained=gained, bad=list(bad),
        )
        for m, margin in _GROWING
        for sizes in ("near", "geometric", "lognormal", "two")
        for growth in ("root", "linear", "square", "step")
        for gained, bad in ((0.0, (1,)), (0.05, (1,)), (0.05, (1, 2)))
        if Design(clusters=m, sizes=sizes, growth=growth).can_miss(margin + 2 * gained)
    ]  # fmt: skip
    several = [_scene(f"{k} challengers, margin {margin:g}", challengers=k, margin=margin) for k in (2, 5) for margin in (0.05, 0.1)]
    return [*alone, *growing, *several]


def _scene(name: str, **parameters: Any) -> Scene:
    return Scene(family="paired", name=name, parameters=parameters)


def _design(given: Mapping[str, Any]) -> Design:
    if "design" in given:
        return _DESIGNS[given["design"]]
    return Design(clusters=int(given["clusters"]), sizes=given["sizes"], growth=given["growth"], bad=tuple(given["bad"]))


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell."""
    given = scene.parameters
    margin = float(given["margin"])
    if "challengers" in given:
        return [_several(int(given["challengers"]), margin, runs, rng)]
    design, gained = _design(given), float(given["gained"])
    drawn, better_drawn = (_drawn(design, lost, won, runs, rng) for lost, won in
                           ((margin + gained, gained), ((margin + gained) / 3, (margin + gained) / 3)))  # fmt: skip
    of, better = _shares(drawn), _shares(better_drawn)
    bounds, independent = _pairs(of), design.sizes == "one"
    grows = ", gained in large clusters too" if len(given.get("bad", ())) > 1 else ""
    scored, at_better = (tango(*(x.value[:, k] * x.total[:, k] for k in (0, 1)), x.total[:, 0], ALPHA)[1] <= margin for x in (of, better))
    return [
        Cell(
            family="paired", task="binary", metric="recall", form="not worse", groups="one", dependence=design.words,
            size=f"{design.clusters} {'items' if independent else 'clusters'}", prevalence=f"gained {gained:g}{grows}", goal=margin,
            source="drawn", runs=runs, **fields(bounds, margin, "at_most", better=_pairs(better)),
            oracle_power=weighted(at_better, None) if independent else None,
            oracle="Tango's score interval, a third of the losses, as much gained as lost" if independent else "",
            beside={"point estimate": weighted(of.value[:, 0] - of.value[:, 1] <= margin + 1e-12, None),
                    "Tango, items": weighted(scored, None)},
            checked=_agreeing(drawn, bounds, min(runs, 5)), stated=UNSEEN if design.hides(design.clusters) else "",
        )
    ]  # fmt: skip


def _drawn(design: Design, lost: float, gained: float, runs: int, rng: np.random.Generator) -> Drawn:
    """Clusters whose items are kept, lost or gained."""
    return design.draw(rng, runs, np.array([1 - lost - gained, lost, gained]), np.array([_EVERYTHING], dtype=np.float64))


def _shares(drawn: Drawn) -> Rates:
    """[runs, 2]: shares lost and gained."""
    clusters = None if drawn.clusters is None else np.repeat(drawn.clusters, 2, axis=1)
    return rates(drawn.counts, drawn.second, np.array([_LOST, _GAINED]), np.array([_EVERYTHING, _EVERYTHING]), clusters)


def _pairs(of: Rates) -> Pairs:
    """Bounds of the difference, as `metrics.beside` and `metrics.paired` make them."""
    lost, gained = one(of, 0), one(of, 1)
    kish = Ends(
        difference_at_least(lost.successes, gained.successes, lost.n_eff, ALPHA), lost_at_most(lost.successes, lost.n_eff, ALPHA)
    )  # fmt: skip
    if of.uneven is None:
        return Pairs(kish=kish, by_size=None)
    lower, upper = limits(lost, ALPHA / 2)[0] - limits(gained, ALPHA / 2)[1], limits(lost, ALPHA)[1]
    return Pairs(kish=kish, by_size=Ends(lower, upper))


def _agreeing(drawn: Drawn, bounds: Pairs, runs: int) -> int:
    """Some runs by the function that `evaluate` calls for `relative_to`. Raises AssertionError where a bound is another."""
    question = Question(requirement="r", metric="recall", comparison="at_most", bound=0.1, on=Condition(relative_to="incumbent"))
    of = task_metrics("binary")
    for run in range(runs):
        counts = np.zeros((1, 1, 5), dtype=np.int64)
        counts[0, 0, :3] = drawn.counts[run]
        tally = PairedTally.of_independent(NOBODY, ("recall",), counts)
        if drawn.second is not None and drawn.clusters is not None:
            second = np.zeros((1, 1, 5, 5), dtype=np.int64)
            second[0, 0, :3, :3] = drawn.second[run]
            tally = replace(tally, second=second, clusters=drawn.clusters[[run]].astype(np.int64), clustered=True)
        nothing = ConfusionTally.of_independent(NOBODY, np.zeros((1, 6), dtype=np.int64), of)
        agree(bounds, run, relative_estimate(replace(nothing, beside={question.condition: tally}), question, 0.95), "relative_to")
    return runs


def _several(challengers: int, margin: float, runs: int, rng: np.random.Generator) -> Cell:
    """Any of several challengers at the margin, 150 items each."""
    p = not_worse_p(rng.binomial(150, margin, (runs, challengers)).astype(np.float64), 150.0, margin)
    wrong = np.array([holm_levels(row, ALPHA)[0].any() for row in p])
    return Cell(
        family="paired", task="binary", metric="recall", form="not worse", groups="one", dependence="independent", size="150 items",
        prevalence=f"any of {challengers} challengers", goal=margin, source="drawn", runs=runs, met=weighted(wrong, None), not_met=None,
        beside={"each at 5 % of its own": weighted((p <= ALPHA).any(axis=1), None)},
    )  # fmt: skip
