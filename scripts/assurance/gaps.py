"""Differences and ratios between groups, with a true gap of 0, .05 and .10, exactly the goal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assurance import layouts
from assurance.checked import agreeing_gaps
from assurance.drawing import Floats
from assurance.judged import mean_of, weighted
from assurance.scene import ALPHA, Cell, Scene
from evalharness.metrics.arrays import Gaps, Rates, differences, ratios
from evalharness.stats.gaps import mover_difference
from evalharness.stats.proportion import wilson

_ENUMERATED = 40_000
_RESAMPLED = 400
"""Runs whose groups are resampled, and replicates of each, for the bootstrap beside."""
_POWER_GOAL = 0.1


def scenes() -> list[Scene]:
    """Groups of their own clusters, then groups that share clusters."""
    own = [
        _scene(layout=layout, dependence=dependence, base=base, gap=gap, low=low)
        for layout in layouts.LAYOUTS
        for dependence in layouts.DEPENDENCE
        for base in (0.95, 0.8)
        for gap in (0.0, 0.05, 0.1)
        for low in ("last", "first")
        if not (low == "first" and (gap == 0.0 or layout.endswith("equal")))
        if not (dependence != "independent" and (layout == "nineteen equal" or (layout == "census-like" and base == 0.8)))
    ]
    shared = [
        _scene(layout="shared", clusters=m, together=together, base=base, gap=gap)
        for m in (60, 400, 2000)
        for together in ("as opposite as can be", "as alike as can be")
        for base in (0.55, 0.85, 0.95)
        for gap in (0.0, 0.05, 0.1)
    ]
    return [*own, *shared]


def _scene(**parameters: object) -> Scene:
    return Scene(family="gap", name=", ".join(f"{key} {value}" for key, value in parameters.items()), parameters=parameters)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """The difference and the ratio."""
    given = scene.parameters
    base, gap = float(given["base"]), float(given["gap"])
    if given["layout"] == "shared":
        of = _shared(int(given["clusters"]), (base, base - gap), str(given["together"]), (runs, rng))
        words = ("two that share clusters", f"clusters of one item of each, {given['together']}", f"{given['clusters']} clusters")
        return _cells(of, None, (base, base - gap), words, (runs, rng), spanned=True)
    layout, dependence = str(given["layout"]), str(given["dependence"])
    sizes = layouts.LAYOUTS[layout]
    truths = _truths(len(sizes), base, gap, str(given["low"]))
    words = (layout, layouts.designs(layout, dependence)[0].words, _size(sizes, dependence))
    if dependence == "independent" and len(sizes) == 2 and (sizes[0] + 1) * (sizes[1] + 1) <= _ENUMERATED:
        parts, weights = layouts.enumerated((sizes[0], sizes[1]), truths)
        return _cells(layouts.recall_of(parts), weights, truths, words, (0, rng))
    parts = layouts.drawn(layouts.designs(layout, dependence), truths, runs, rng)
    of = layouts.recall_of(parts)
    checked = agreeing_gaps(parts, layouts.RECALL, (differences(of, ALPHA), ratios(of, ALPHA)), range(min(2, runs)))
    return [replace(cell, checked=checked // 2) for cell in _cells(of, None, truths, words, (runs, rng))]


def _truths(groups: int, base: float, gap: float, low: str) -> tuple[float, ...]:
    """The best and the worst group at the two ends, the others between them."""
    between = (base - gap / 2,) * (groups - 2)
    return (base, *between, base - gap) if low == "last" else (base - gap, *between, base)


def _size(sizes: tuple[int, ...], dependence: str) -> str:
    numbers = f"{len(sizes)} x {sizes[0]}" if len(set(sizes)) == 1 else " / ".join(map(str, sizes))
    return f"{numbers} {'items' if dependence == 'independent' else 'clusters'}"


def _shared(clusters: int, truths: tuple[float, float], together: str, random: tuple[int, np.random.Generator]) -> Rates:
    """Each cluster holds one item of either group; the two answers overlap as little, or as much, as their rates allow."""
    runs, rng = random
    first, second = truths
    both = max(0.0, first + second - 1) if together.startswith("as opposite") else min(first, second)
    cells = rng.multinomial(clusters, np.maximum([both, first - both, second - both, 1 - first - second + both], 0.0), size=runs)
    found = np.stack([cells[:, 0] + cells[:, 1], cells[:, 0] + cells[:, 2]], axis=1).astype(np.float64)
    size = np.full(found.shape, float(clusters))
    return Rates(value=found / size, total=size, n_eff=size, successes=found)


def _cells(
    of: Rates, weights: Floats | None, truths: tuple[float, ...], words: tuple[str, str, str], random: tuple[int, np.random.Generator], *,
    spanned: bool = False,
) -> list[Cell]:  # fmt: skip
    runs, rng = random
    gap, share = max(truths) - min(truths), min(truths) / max(truths)
    difference, ratio = differences(of, ALPHA, spanned=spanned), ratios(of, ALPHA, spanned=spanned)
    goal, part = gap + 1e-12, share - 1e-12  # the truth is at the goal up to the last bit
    beside = {"point estimate": weighted(difference.value <= goal, weights)} if gap else {}
    if gap:
        beside["bootstrap of items"] = float(_bootstrap(of, weights, goal, rng).mean())
    power, oracle_power, oracle = _power(of, weights, gap, spanned=spanned)
    return [
        _cell("max_difference", gap, difference, words, runs, met=weighted(difference.upper <= goal, weights) if gap else None,
              not_met=weighted(difference.lower > goal, weights), weights=weights, beside=beside,
              covers=(1 - weighted(difference.lower > goal, weights), 1 - weighted(difference.upper < gap - 1e-12, weights)),
              power=(power, oracle_power, oracle)),
        _cell("min_ratio", share, ratio, words, runs, met=weighted(ratio.lower >= part, weights) if gap else None,
              not_met=weighted(ratio.upper < part, weights), weights=weights,
              beside={"point estimate": weighted(ratio.value >= part, weights)} if gap else {},
              covers=(1 - weighted(ratio.lower > share + 1e-12, weights), 1 - weighted(ratio.upper < part, weights)),
              power=(None, None, "")),
    ]  # fmt: skip


def _power(of: Rates, weights: Floats | None, gap: float, *, spanned: bool) -> tuple[float | None, float | None, str]:
    """Where the groups are equal: how often a gap of at most .10 is shown, by the harness and by Newcombe's interval of every pair."""
    if gap:
        return None, None, ""
    ours = weighted(differences(of, ALPHA, spanned=spanned).upper <= _POWER_GOAL, weights)
    lower, upper = wilson(of.successes, of.n_eff, ALPHA)
    three = of.value, lower, upper
    first, second = ([v[..., :, None] for v in three], [v[..., None, :] for v in three])
    newcombe = mover_difference(*first, *second)[1].max(axis=(-2, -1))
    return ours, weighted(newcombe <= _POWER_GOAL, weights), "Newcombe's interval at the same n_eff, true gap 0, goal .10"


def _bootstrap(of: Rates, weights: Floats | None, goal: float, rng: np.random.Generator) -> Floats:
    """fairlearn's `difference(method='between_groups')` with `n_boot`: 95 % percentile of max - min over resampled items, on a few runs."""
    chance = None if weights is None else weights / weights.sum()
    chosen = rng.choice(len(of.value), size=min(_RESAMPLED, len(of.value)), p=chance) if chance is not None else slice(0, _RESAMPLED)
    value, total = np.nan_to_num(of.value[chosen]), of.total[chosen]
    again = rng.binomial(total.astype(np.int64), value, size=(_RESAMPLED, *value.shape)) / np.maximum(total, 1)
    return np.asarray(np.quantile(again.max(axis=-1) - again.min(axis=-1), 1 - ALPHA, axis=0) <= goal, dtype=np.float64)


def _cell(
    form: str, goal: float, gaps: Gaps, words: tuple[str, str, str], runs: int, *, met: float | None, not_met: float,
    weights: Floats | None, beside: dict[str, float], covers: tuple[float, float], power: tuple[float | None, float | None, str],
) -> Cell:  # fmt: skip
    return Cell(
        family="gap", task="binary", metric="recall", form=form, groups=words[0], dependence=words[1], size=words[2],
        prevalence="relevant items only", goal=goal, source="drawn" if runs else "enumerated", runs=runs, met=met, not_met=not_met,
        lower_covers=covers[0], upper_covers=covers[1], width=mean_of(gaps.upper - gaps.lower, weights), power=power[0],
        oracle_power=power[1], oracle=power[2], beside=beside,
    )  # fmt: skip
