"""Readings that hang together in several ways at once: by reviewer, by case, by shift. The share of wrong ones is to be at most the goal.

Whole reviewers, cases or shifts are wrong, or some of each. Loads are even, or some reviewers and shifts have eight times as many readings
as others, and those with many may be wrong more often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assurance.checked import agree
from assurance.drawing import Floats
from assurance.judged import weighted
from assurance.pairs import Ends, Pairs, fields
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue import Metric
from evalharness.metrics.oversight import share_row_estimate
from evalharness.records.share import ShareRow, Way
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import Uneven, limits_by_size, one_more_of

_CROSSINGS = ((8, 100), (20, 20), (20, 400), (60, 100), (60, 400))
"""Reviewers and cases."""
_SHIFTS = (0, 12, 40)
_WRONG = ("reviewers", "cases", "shifts", "some of each")
_LOADS = ("even", "uneven", "growing")
_GOALS = (0.05, 0.2)
_SIZES, _CHANCES = np.array([0.125, 0.25, 0.5, 1.0]), np.array([0.4, 0.3, 0.2, 0.1])
"""Loads of reviewers and shifts beside the largest, and how frequent each is."""
_READ = 0.4
"""Chance that the busiest reviewer reads a case."""
_RUNS = 2000
_AT_A_TIME = 100
_CHECKED = 3
METRIC = Metric(
    name="share_of_readings", title="Wrong readings", definition="Share of the readings that are wrong.", kind="oversight", better="lower",
    unit="proportion", denominator_name="readings", decides=True, numerator=(), denominator=(), source="reviews",
)  # fmt: skip
Flags = NDArray[np.bool_]


def scenes() -> list[Scene]:
    """Every crossing with every way to be wrong."""
    return [
        Scene(
            family="crossed", name=f"{reviewers} reviewers, {cases} cases, {shifts} shifts, {wrong} wrong, {loads}, {goal:g}",
            parameters={"reviewers": reviewers, "cases": cases, "shifts": shifts, "wrong": wrong, "loads": loads, "goal": goal},
        )
        for reviewers, cases in _CROSSINGS
        for shifts in _SHIFTS
        for wrong in _WRONG
        for loads in _LOADS
        for goal in _GOALS
        if shifts or wrong != "shifts"
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summed:
    """Sums over the clusters of one way, [runs] each."""

    clusters: Floats
    total2: Floats
    part2: Floats
    rest2: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """Share rows of many runs."""

    part: Floats
    total: Floats
    ways: dict[str, Summed]

    def row(self, run: int, metric: str = METRIC.name) -> ShareRow:
        """That of one run."""
        ways = tuple(
            Way(name=name, **{field: int(getattr(sums, field)[run]) for field in Summed.__slots__}) for name, sums in self.ways.items()
        )
        return ShareRow(metric=metric, part=int(self.part[run]), total=int(self.total[run]), ways=ways)


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell, of at most 2,000 runs."""
    given, many = scene.parameters, min(runs, _RUNS)
    goal = float(given["goal"])
    counted = _drawn(given, goal, many, rng)
    pairs = bounds(counted)
    for at in range(min(many, _CHECKED)):
        agree(pairs, at, share_row_estimate(counted.row(at), METRIC, 1 - ALPHA), scene.name)
    ways = " and ".join(counted.ways)
    return [
        Cell(
            family="crossed", task="binary", metric="share of readings", form="at_most", groups="one",
            dependence=f"crossed by {ways}, whole {given['wrong']} wrong, loads {given['loads']}",
            size=f"{given['reviewers']} reviewers, {given['cases']} cases" + (f", {given['shifts']} shifts" if given["shifts"] else ""),
            prevalence="every reading", goal=goal, source="drawn", runs=many, checked=min(many, _CHECKED),
            beside={"point estimate": weighted(counted.part / counted.total <= goal, None)},
            **fields(pairs, goal, "at_most"),
        )
    ]  # fmt: skip


def bounds(counted: Counted, alpha: float = ALPHA) -> Pairs:
    """As `metrics.oversight` makes them of a share row, for all runs at once."""
    share = counted.part / counted.total
    n_eff = {name: counted.total**2 / sums.total2 for name, sums in counted.ways.items()}
    least = np.min(list(n_eff.values()), axis=0)
    k = np.where(counted.part == counted.total, least, share * least)
    kish = Ends(np.asarray(clopper_pearson_lower(k, least, alpha)), np.asarray(clopper_pearson_upper(k, least, alpha)))
    lower, upper = kish
    for name, sums in counted.ways.items():
        n = n_eff[name]
        scale = (n / counted.total) ** 2
        uneven = Uneven(hits=sums.part2 * scale, misses=sums.rest2 * scale, one_more=one_more_of(sums.clusters, n))
        low, high = limits_by_size(np.where(counted.part == counted.total, n, share * n), n, uneven, alpha)
        lower, upper = np.minimum(lower, low), np.maximum(upper, high)
    return Pairs(kish=kish, by_size=Ends(lower, upper))


def _drawn(given: Any, share: float, runs: int, rng: np.random.Generator) -> Counted:
    parts = [_some(given, share, min(_AT_A_TIME, runs - at), rng) for at in range(0, runs, _AT_A_TIME)]
    ways = {
        name: Summed(**{field: np.concatenate([getattr(part.ways[name], field) for part in parts]) for field in Summed.__slots__})
        for name in parts[0].ways
    }
    return Counted(part=np.concatenate([p.part for p in parts]), total=np.concatenate([p.total for p in parts]), ways=ways)


def _some(given: Any, share: float, runs: int, rng: np.random.Generator) -> Counted:
    """Some runs: who reads what in which shift, and what of it is wrong."""
    reviewers, cases, shifts = (int(given[name]) for name in ("reviewers", "cases", "shifts"))
    kinds = {"reviewers": reviewers, "cases": cases, "shifts": shifts}
    wrong = [kind for kind in kinds if kinds[kind]] if given["wrong"] == "some of each" else [str(given["wrong"])]
    each = 1 - (1 - share) ** (1 / len(wrong))
    loads = {kind: _loads(given["loads"], (runs, many), rng, even=kind == "cases") for kind, many in kinds.items()}
    bad = {kind: rng.random((runs, kinds[kind])) < each * _growth(given["loads"], loads[kind], even=kind == "cases") for kind in wrong}
    read = rng.random((runs, reviewers, cases), dtype=np.float32) < _READ * loads["reviewers"][:, :, None]
    read[:, 0, 0] = True
    missed = np.zeros(read.shape, dtype=np.bool_)
    if "reviewers" in bad:
        missed |= bad["reviewers"][:, :, None]
    if "cases" in bad:
        missed |= bad["cases"][:, None, :]
    where = _shift_of(loads["shifts"], read.shape, rng) if shifts else None
    if where is not None and "shifts" in bad:
        missed |= np.take_along_axis(bad["shifts"], where.reshape(runs, -1), axis=1).reshape(read.shape)
    missed &= read
    ways = {"reviewer": summed(read.sum(axis=2), missed.sum(axis=2)), "case": summed(read.sum(axis=1), missed.sum(axis=1))}
    if where is not None:
        ways["shift"] = summed(*(_by_shift(flags, where, shifts) for flags in (read, missed)))
    return Counted(part=missed.sum(axis=(1, 2)).astype(float), total=read.sum(axis=(1, 2)).astype(float), ways=ways)


def _loads(kind: str, shape: tuple[int, int], rng: np.random.Generator, *, even: bool) -> Floats:
    return np.ones(shape) if even or kind == "even" else rng.choice(_SIZES, size=shape, p=_CHANCES)


def _growth(kind: str, loads: Floats, *, even: bool) -> Floats:
    """How many times as often one of this load is wrong, so that the share of wrong readings stays as it was."""
    mean, squares = float(_CHANCES @ _SIZES), float(_CHANCES @ _SIZES**2)
    return np.ones(loads.shape) if even or kind != "growing" else loads * mean / squares


def _shift_of(loads: Floats, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
    """The shift of each reading, by the shifts' loads."""
    upto = np.cumsum(loads, axis=1)
    drawn = rng.random(shape).reshape(len(loads), -1) * upto[:, -1:]
    return np.stack([np.searchsorted(steps, row, side="right") for steps, row in zip(upto, drawn, strict=True)]).reshape(shape)


def _by_shift(flags: Flags, where: NDArray[np.int64], shifts: int) -> NDArray[np.int64]:
    """[runs, shifts] how many."""
    run, *_ = np.nonzero(flags)
    return np.bincount(run * shifts + where[flags], minlength=len(flags) * shifts).reshape(len(flags), shifts)


def summed(total: NDArray[np.int64], part: NDArray[np.int64]) -> Summed:
    """[runs, clusters] counts to sums of squares."""
    rest = total - part
    squares = [(sums.astype(float) ** 2).sum(axis=1) for sums in (total, part, rest)]
    return Summed(clusters=(total > 0).sum(axis=1).astype(float), total2=squares[0], part2=squares[1], rest2=squares[2])
