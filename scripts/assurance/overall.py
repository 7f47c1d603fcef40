"""Gaps to everybody (fairlearn's `to_overall`), which are drawn beside the others: both ends of their intervals against the truth."""

from __future__ import annotations

import numpy as np

from assurance import layouts
from assurance.judged import mean_of, weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.metrics.everyone_else import ToOverall, against, differences_to_overall, ratios_to_overall


def scenes() -> list[Scene]:
    """Groups with their own clusters; the first of them is better or worse than the others, or like them."""
    return [
        Scene(
            family="overall",
            name=f"{layout}, {dependence}, {first:g} and {other:g}",
            parameters={"layout": layout, "dependence": dependence, "first": first, "other": other},
        )
        for layout in layouts.LAYOUTS
        for dependence in ("independent", "equal, whole", "geometric, .2")
        for first, other in ((0.9, 0.9), (0.95, 0.85), (0.8, 0.9))
        if not (dependence != "independent" and layout in {"nineteen equal", "census-like"})
    ]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """The difference and the ratio, given the groups' parts of the denominator."""
    given = scene.parameters
    layout, dependence = str(given["layout"]), str(given["dependence"])
    groups = layouts.designs(layout, dependence)
    truths = np.array([float(given["first"])] + [float(given["other"])] * (len(groups) - 1))
    parts = layouts.drawn(groups, truths.tolist(), runs, rng)
    found, total = (np.stack([weights(part.counts) for part in parts], axis=1) for weights in (lambda c: c[:, 0], lambda c: c.sum(axis=1)))
    squares = np.stack([part.counts.sum(axis=1) if part.second is None else part.second.sum(axis=(1, 2)) for part in parts], axis=1)
    with_all = [np.concatenate([v.sum(axis=1, keepdims=True), v], axis=1) for v in (found, total, squares)]
    of = against(*with_all, np.arange(1, len(groups) + 1), 0, spanned=False)
    overall = (truths * total).sum(axis=1) / total.sum(axis=1)
    share = truths / overall[:, None]
    words = (layout, groups[0].words, f"{len(groups)} groups")
    true_gap, true_share = np.abs(truths - overall[:, None]).max(axis=1), np.minimum(share, 1 / share).min(axis=1)
    return [
        _cell("difference, to overall", words, differences_to_overall(of, ALPHA), true_gap, runs),
        _cell("ratio, to overall", words, ratios_to_overall(of, ALPHA), true_share, runs),
    ]


def _cell(form: str, words: tuple[str, str, str], of: ToOverall, truth: np.ndarray, runs: int) -> Cell:
    """An end that is on the wrong side counts like a finding: that is what it would have said at such a goal."""
    below, above = of.lower > truth + 1e-12, of.upper < truth - 1e-12
    met, not_met = (above, below) if form.startswith("difference") else (below, above)
    return Cell(
        family="overall", task="binary", metric="recall", form=form, groups=words[0], dependence=words[1], size=words[2],
        prevalence="describes", goal=float(truth.mean()), source="drawn", runs=runs,
        met=weighted(met, None), not_met=weighted(not_met, None),
        lower_covers=1 - weighted(below, None), upper_covers=1 - weighted(above, None), width=mean_of(of.upper - of.lower, None),
    )  # fmt: skip
