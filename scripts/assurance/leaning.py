"""How much more often the same reviewers are wrong for having seen a wrong answer: automation bias is to be at most the goal.

Nobody leans; or some lean and as many others are wrong by themselves, so that there is none on the whole, and shares shown and blind go
against one another; or some lean. Reviewers with many readings may lean more often than others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assurance.checked import agree
from assurance.crossed import Counted, bounds, summed
from assurance.drawing import Floats
from assurance.judged import weighted
from assurance.pairs import Ends, Pairs, fields
from assurance.scene import ALPHA, Cell, Scene
from evalharness.catalogue.oversight.reviews import REVIEW_DIFFERENCES
from evalharness.metrics.oversight_differences import difference_of_rows

_KINDS = {"nobody leans": (0.0, 0.0), "some lean, others err alone": (0.3, 0.3), "some lean": (0.3, 0.0)}
"""Share of the reviewers who are wrong wherever they see a wrong answer, and of those who are wrong wherever they see none."""
_LOADS = ("even", "uneven", "growing")
_SIZES, _CHANCES = np.array([0.125, 0.25, 0.5, 1.0]), np.array([0.4, 0.3, 0.2, 0.1])
_MEAN, _SQUARES = float(_CHANCES @ _SIZES), float(_CHANCES @ _SIZES**2)
_NOISE = 0.1
"""Chance that a single reading comes out otherwise."""
_CASES = 200
"""Each in which the classifier is wrong; half of the readings of each are blind."""
_RUNS, _AT_A_TIME, _CHECKED = 2000, 100, 3
_BIAS = next(metric for metric in REVIEW_DIFFERENCES if metric.name == "automation_bias")
_NAMES = ("wrong_when_model_wrong", "blind_wrong_when_model_wrong")


def scenes() -> list[Scene]:
    """Few and many reviewers of every kind."""
    return [
        Scene(
            family="leaning", name=f"{reviewers} reviewers, {kind}, loads {loads}",
            parameters={"reviewers": reviewers, "kind": kind, "loads": loads, "cases": _CASES, "noise": _NOISE},
        )
        for reviewers in (8, 20, 60, 200)
        for kind in _KINDS
        for loads in _LOADS
    ]  # fmt: skip


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell, of at most 2,000 runs."""
    given, many = scene.parameters, min(runs, _RUNS)
    leaning, alone = _KINDS[given["kind"]]
    goal = (leaning - alone) * (1 - 2 * _NOISE)
    parts = [_some(given, min(_AT_A_TIME, many - at), rng) for at in range(0, many, _AT_A_TIME)]
    pairs = [difference(*part) for part in parts]
    for at in range(min(_CHECKED, many)):
        rows = {name: counted.row(at, name) for name, counted in zip(_NAMES, parts[0], strict=True)}
        agree(pairs[0], at, difference_of_rows(rows, _BIAS, 1 - ALPHA, by_chance=True), scene.name)
    value = np.concatenate([shown.part / shown.total - blind.part / blind.total for shown, blind in parts])
    whole = Pairs(kish=_joined([p.kish for p in pairs]), by_size=_joined([p.by_size for p in pairs if p.by_size is not None]))
    return [
        Cell(
            family="leaning", task="binary", metric="automation_bias", form="at_most", groups="one",
            dependence=f"crossed by reviewer and case, {given['kind']}, loads {given['loads']}",
            size=f"{given['reviewers']} reviewers, {_CASES} cases", prevalence="wrong answers", goal=goal, source="drawn", runs=many,
            checked=min(many, _CHECKED), beside={"point estimate": weighted(value <= goal, None)},
            **fields(whole, goal, "at_most", dust=1e-12),
        )
    ]  # fmt: skip


def difference(shown: Counted, blind: Counted) -> Pairs:
    """As `metrics.oversight_differences` makes them, for all runs at once: each of two limits at half of alpha."""
    first, second = bounds(shown, ALPHA / 2), bounds(blind, ALPHA / 2)
    wide = [pairs.by_size or pairs.kish for pairs in (first, second)]
    return Pairs(kish=_apart(first.kish, second.kish), by_size=_apart(*wide))


def _apart(one: Ends, two: Ends) -> Ends:
    return Ends(one.lower - two.upper, one.upper - two.lower)


def _joined(parts: list[Ends]) -> Ends:
    return Ends(np.concatenate([ends.lower for ends in parts]), np.concatenate([ends.upper for ends in parts]))


def _some(given: Any, runs: int, rng: np.random.Generator) -> tuple[Counted, Counted]:
    """Readings shown and blind of the same reviewers."""
    reviewers = int(given["reviewers"])
    shape = (runs, reviewers)
    loads = np.ones(shape) if given["loads"] == "even" else rng.choice(_SIZES, size=shape, p=_CHANCES)
    growth = loads * _MEAN / _SQUARES if given["loads"] == "growing" else np.ones(shape)
    leaning, alone = _KINDS[given["kind"]]
    drawn = rng.random(shape)
    leans, errs = drawn < leaning * growth, drawn > 1 - alone * growth
    read = rng.random((runs, reviewers, _CASES), dtype=np.float32) < loads[:, :, None]
    read[:, 0, :2] = True
    blind = rng.random(read.shape, dtype=np.float32) < 0.5
    blind[:, 0, 0], blind[:, 0, 1] = True, False
    other = rng.random(read.shape, dtype=np.float32) < _NOISE
    return _counted(read & ~blind, leans[:, :, None] ^ other), _counted(read & blind, errs[:, :, None] ^ other)


def _counted(read: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> Counted:
    missed = read & wrong
    ways = {"reviewer": summed(read.sum(axis=2), missed.sum(axis=2)), "case": summed(read.sum(axis=1), missed.sum(axis=1))}
    part, total = (_floats(flags.sum(axis=(1, 2))) for flags in (missed, read))
    return Counted(part=part, total=total, ways=ways)


def _floats(counts: Any) -> Floats:
    return np.asarray(counts, dtype=np.float64)
