"""Not worse than another model on the same items, with a challenger that is worse by exactly the margin."""

from __future__ import annotations

import numpy as np

from assurance.drawing import Design
from assurance.judged import weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.metrics.arrays import Rates, rates
from evalharness.stats.paired import difference_at_least, holm_levels, lost_at_most, not_worse_p, tango

_LOST, _GAINED, _EVERYTHING = np.array([[0, 1, 0]]), np.array([[0, 0, 1]]), np.array([[1, 1, 1]])
_DESIGNS = {
    **{f"{n} items": Design(clusters=n) for n in (20, 60, 150, 600)},
    **{
        f"{m} {sizes}, {rho:g}": Design(clusters=m, sizes=sizes, correlation=rho)
        for sizes in ("equal", "geometric", "lognormal")
        for m in (40, 200)
        for rho in (0.2, 1.0)
    },
}


def scenes() -> list[Scene]:
    """One challenger; then several, with Holm's correction over them."""
    alone = [
        Scene(family="paired", name=f"{design}, margin {margin:g}, gained {gained:g}",
              parameters={"design": design, "margin": margin, "gained": gained})
        for design in _DESIGNS
        for margin in (0.01, 0.05, 0.2)
        for gained in (0.0, 0.05)
    ]  # fmt: skip
    several = [
        Scene(family="paired", name=f"{k} challengers, margin {margin:g}", parameters={"challengers": k, "margin": margin})
        for k in (2, 5)
        for margin in (0.05, 0.1)
    ]
    return [*alone, *several]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell."""
    given = scene.parameters
    margin = float(given["margin"])
    if "challengers" in given:
        return [_several(int(given["challengers"]), margin, runs, rng)]
    design, gained = _DESIGNS[given["design"]], float(given["gained"])
    lost, won = _drawn(design, margin + gained, gained, runs, rng)
    better, better_won = _drawn(design, (margin + gained) / 3, (margin + gained) / 3, runs, rng)
    met = lost_at_most(lost.successes, lost.n_eff, ALPHA) <= margin
    opposite = difference_at_least(lost.successes, won.successes, lost.n_eff, ALPHA)
    independent = design.sizes == "one"
    scored = tango(lost.value * lost.total, won.value * lost.total, lost.total, ALPHA)[1] <= margin
    at_better = tango(better.value * better.total, better_won.value * better.total, better.total, ALPHA)[1] <= margin
    return [
        Cell(
            family="paired", task="binary", metric="recall", form="not worse", groups="one", dependence=design.words,
            size=f"{design.clusters} {'items' if independent else 'clusters'}", prevalence=f"gained {gained:g}", goal=margin,
            source="drawn", runs=runs, met=weighted(met, None), not_met=weighted(opposite > margin, None),
            lower_covers=1 - weighted(opposite > margin, None), upper_covers=1 - weighted(lost_at_most(lost.successes, lost.n_eff, ALPHA)
                                                                                       < margin, None),
            power=weighted(lost_at_most(better.successes, better.n_eff, ALPHA) <= margin, None),
            oracle_power=weighted(at_better, None) if independent else None,
            oracle="Tango's score interval, a third of the losses, as much gained as lost" if independent else "",
            beside={"point estimate": weighted(lost.value - won.value <= margin + 1e-12, None), "Tango, items": weighted(scored, None)},
        )
    ]  # fmt: skip


def _drawn(design: Design, lost: float, gained: float, runs: int, rng: np.random.Generator) -> tuple[Rates, Rates]:
    """Shares lost and gained, of clusters whose items are kept, lost or gained."""
    drawn = design.draw(rng, runs, np.array([1 - lost - gained, lost, gained]), _EVERYTHING.astype(np.float64))
    parts = [rates(drawn.counts, drawn.second, part, _EVERYTHING) for part in (_LOST, _GAINED)]
    first, second = (
        Rates(value=of.value[..., 0], total=of.total[..., 0], n_eff=of.n_eff[..., 0], successes=of.successes[..., 0]) for of in parts
    )
    return first, second


def _several(challengers: int, margin: float, runs: int, rng: np.random.Generator) -> Cell:
    """Any of several challengers at the margin, 150 items each."""
    p = not_worse_p(rng.binomial(150, margin, (runs, challengers)).astype(np.float64), 150.0, margin)
    wrong = np.array([holm_levels(row, ALPHA)[0].any() for row in p])
    return Cell(
        family="paired", task="binary", metric="recall", form="not worse", groups="one", dependence="independent", size="150 items",
        prevalence=f"any of {challengers} challengers", goal=margin, source="drawn", runs=runs, met=weighted(wrong, None), not_met=None,
        beside={"each at 5 % of its own": weighted((p <= ALPHA).any(axis=1), None)},
    )  # fmt: skip
