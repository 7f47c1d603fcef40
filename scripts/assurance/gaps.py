"""Differences and ratios between groups, with a true gap of 0, .05 and .10, exactly the goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from assurance import layouts
from assurance.checked import agreeing_gaps
from assurance.drawing import Design, Drawn, Floats
from assurance.judged import weighted
from assurance.pairs import Pairs, fields, gaps_of
from assurance.scene import ALPHA, Cell, Scene
from assurance.words import UNSEEN
from evalharness.metrics.arrays import Rates
from evalharness.stats.gaps import mover_difference
from evalharness.stats.proportion import wilson

_ENUMERATED = 40_000
_RESAMPLED = 400
"""Runs whose groups are resampled, and replicates of each, for the bootstrap beside."""
_POWER_GOAL = 0.1
_DUST = 1e-12
"""The truth is at the goal up to the last bit."""
_GROWING: dict[str, tuple[tuple[float, float], ...]] = {
    "two of 15": ((0.95, 0.6),),
    "two of 40": ((0.95, 0.3),),
    "two of 150": ((0.95, 0.1),),
    "two of 400": ((0.98, 0.05), (0.95, 0.1)),
    "many and few": ((0.95, 0.3),),
    "five of 150": ((0.95, 0.15),),
}
"""Where misses grow with the size of a cluster: the best group's rate, and a gap that can be shown with so many clusters."""


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
        if not (dependence != "independent" and (layout == "nineteen equal" or (layout != "two equal" and base == 0.8)))
    ]
    shared = [
        _scene(layout="shared", clusters=m, together=together, base=base, gap=gap)
        for m in (60, 400, 2000)
        for together in ("as opposite as can be", "as alike as can be")
        for base in (0.55, 0.85, 0.95)
        for gap in (0.0, 0.05, 0.1)
    ]
    growing = [
        _scene(layout=layout, dependence=dependence, base=base, gap=gap, low=low)
        for layout, gaps in _GROWING.items()
        for dependence, design in layouts.GROWING.items()
        for base, gap in gaps
        for low in ("last", "first")
        if layout == "many and few" or low == "last"
        if Design(clusters=1, **design).can_miss(1 - base + gap)  # type: ignore[arg-type]
    ]
    shared_growing = [
        _scene(layout="shared", clusters=m, dependence=dependence, fate=fate, base=base, gap=gap)
        for m, base, gap in ((40, 0.9, 0.3), (150, 0.95, 0.1), (400, 0.9, 0.1))
        for dependence, design in layouts.GROWING.items()
        for fate in ("alike", "opposite")
        if Design(clusters=1, **design).can_miss(1 - base + gap)  # type: ignore[arg-type]
    ]
    return [*own, *shared, *growing, *shared_growing]


def _scene(**parameters: object) -> Scene:
    return Scene(family="gap", name=", ".join(f"{key} {value}" for key, value in parameters.items()), parameters=parameters)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """The difference and the ratio."""
    given = scene.parameters
    base, gap = float(given["base"]), float(given["gap"])
    if given["layout"] == "shared":
        return _of_shared(given, (base, base - gap), runs, rng)
    layout, dependence = str(given["layout"]), str(given["dependence"])
    sizes, groups = layouts.EVERY[layout], layouts.designs(layout, dependence)
    truths = _truths(len(sizes), base, gap, str(given["low"]))
    words = (layout, groups[0].words, _size(sizes, dependence))
    if dependence == "independent" and len(sizes) == 2 and (sizes[0] + 1) * (sizes[1] + 1) <= _ENUMERATED:
        parts, weights = layouts.enumerated((sizes[0], sizes[1]), truths)
        return _cells(layouts.recall_of(parts), weights, truths, words, (0, rng))
    parts = layouts.drawn(groups, truths, runs, rng)
    return _checked(parts, truths, words, (runs, rng), stated=UNSEEN if layouts.hidden(groups) else "")


def _of_shared(given: Mapping[str, Any], truths: tuple[float, float], runs: int, rng: np.random.Generator) -> list[Cell]:
    """Two groups whose items stand in the same clusters."""
    clusters = int(given["clusters"])
    if "together" in given:
        of = _shared(clusters, truths, str(given["together"]), (runs, rng))
        words = ("two that share clusters", f"clusters of one item of each, {given['together']}", f"{clusters} clusters")
        return _cells(of, None, truths, words, (runs, rng), spanned=True)
    design = Design(clusters=clusters, **layouts.GROWING[str(given["dependence"])], fate=str(given["fate"]))  # type: ignore[arg-type]
    words = (f"two that share clusters, {given['fate']}", design.words, f"{clusters} clusters")
    stated = UNSEEN if design.hides(clusters) else ""
    return _checked(layouts.shared(design, truths, runs, rng), truths, words, (runs, rng), stated=stated, shared=clusters)


def _checked(
    parts: list[Drawn], truths: tuple[float, ...], words: tuple[str, str, str], random: tuple[int, np.random.Generator], *,
    stated: str, shared: int | None = None,
) -> list[Cell]:  # fmt: skip
    """Cells of which some runs were judged one by one too."""
    of, spanned = layouts.recall_of(parts), shared is not None
    bounds = [gaps_of(of, form, spanned=spanned)[0] for form in ("max_difference", "min_ratio")]
    checked = agreeing_gaps(parts, layouts.RECALL, bounds, range(min(2, random[0])), clusters=shared)
    cells = _cells(of, None, truths, words, random, spanned=spanned)
    return [replace(cell, checked=checked // 2, stated=stated) for cell in cells]


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
    (bounds, difference), (of_ratio, ratio) = (gaps_of(of, form, spanned=spanned) for form in ("max_difference", "min_ratio"))
    beside = {"point estimate": weighted(difference.value <= gap + _DUST, weights)} if gap else {}
    if gap:
        beside["bootstrap of items"] = float(_bootstrap(of, weights, gap + _DUST, rng).mean())
    first = _cell("max_difference", gap, bounds, words=words, runs=runs, weights=weights, beside=beside)
    if not gap:
        first = replace(first, **_power(of, bounds, weights, first))
    point = {"point estimate": weighted(ratio.value >= share - _DUST, weights)} if gap else {}
    return [first, _cell("min_ratio", share, of_ratio, words=words, runs=runs, weights=weights, beside=point)]


def _power(of: Rates, bounds: Pairs, weights: Floats | None, cell: Cell) -> dict[str, Any]:
    """Where the groups are equal: how often a gap of at most .10 is shown, by the harness and by Newcombe's interval of every pair."""
    lower, upper = wilson(of.successes, of.n_eff, ALPHA)
    three = of.value, lower, upper
    first, second = ([v[..., :, None] for v in three], [v[..., None, :] for v in three])
    newcombe = mover_difference(*first, *second)[1].max(axis=(-2, -1))
    by_first = {"power": weighted(bounds.alone.said(_POWER_GOAL, "max_difference").met, weights)} if cell.alone else {}
    return {
        "power": weighted(bounds.said(_POWER_GOAL, "max_difference").met, weights),
        "alone": {**cell.alone, **by_first},
        "oracle_power": weighted(newcombe <= _POWER_GOAL, weights),
        "oracle": "Newcombe's interval at the same n_eff, true gap 0, goal .10",
    }


def _bootstrap(of: Rates, weights: Floats | None, goal: float, rng: np.random.Generator) -> Floats:
    """fairlearn's `difference(method='between_groups')` with `n_boot`: 95 % percentile of max - min over resampled items, on a few runs."""
    chance = None if weights is None else weights / weights.sum()
    chosen = rng.choice(len(of.value), size=min(_RESAMPLED, len(of.value)), p=chance) if chance is not None else slice(0, _RESAMPLED)
    value, total = np.nan_to_num(of.value[chosen]), of.total[chosen]
    again = rng.binomial(total.astype(np.int64), value, size=(_RESAMPLED, *value.shape)) / np.maximum(total, 1)
    return np.asarray(np.quantile(again.max(axis=-1) - again.min(axis=-1), 1 - ALPHA, axis=0) <= goal, dtype=np.float64)


def _cell(
    form: str, goal: float, bounds: Pairs, *, words: tuple[str, str, str], runs: int, weights: Floats | None, beside: dict[str, float]
) -> Cell:
    found = fields(bounds, goal, form, weights, dust=_DUST)
    if not beside:  # a true gap of 0 meets every goal
        found["met"] = None
        found["alone"] = {name: rate for name, rate in found.get("alone", {}).items() if name != "met"}
    return Cell(
        family="gap", task="binary", metric="recall", form=form, groups=words[0], dependence=words[1], size=words[2],
        prevalence="relevant items only", goal=goal, source="drawn" if runs else "enumerated", runs=runs, beside=beside, **found,
    )  # fmt: skip
