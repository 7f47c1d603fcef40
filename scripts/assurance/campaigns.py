"""Suppliers who try again and again: how many get a model through whose true rate is at, or below, the goal.

Attempt k is judged at alpha_k = 6 alpha / (pi^2 k^2), on new items: sealed test sets make every lock's items from a new secret.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from assurance.drawing import Floats
from assurance.scene import ALPHA, Cell, Scene
from evalharness.metrics.arrays import limits, rates
from evalharness.records.attempt import attempt_level

_Play = Callable[[float, int, np.random.Generator, list[float]], Floats]
"""Goal, runs, stream, alpha of every attempt: in which runs some attempt succeeds."""
_ATTEMPTS = 50
_GOALS = (0.8, 0.9, 0.95)
_FOUND, _RELEVANT = np.array([[1, 0, 0, 0, 0, 0]]), np.array([[1, 0, 1, 0, 1, 0]])


def scenes() -> list[Scene]:
    """Every strategy at every goal."""
    return [
        Scene(family="campaign", name=f"{strategy}, goal {goal:g}", parameters={"strategy": strategy, "goal": goal, "attempts": _ATTEMPTS})
        for strategy in _STRATEGIES
        for goal in _GOALS
    ]


def run(scene: Scene, runs: int, rng: np.random.Generator) -> list[Cell]:
    """One cell; beside it, what every attempt at the policy's own level would have let through."""
    given = scene.parameters
    goal, strategy = float(given["goal"]), str(given["strategy"])
    words, same_items, play = _STRATEGIES[strategy]
    why = "an attempt's level pays for new items, not for items that were seen before: use a sealed set" if same_items else ""
    through = play(goal, runs, rng, [1 - attempt_level(1 - ALPHA, k) for k in range(1, _ATTEMPTS + 1)])
    unpaid = play(goal, runs, rng, [ALPHA] * _ATTEMPTS)
    return [
        Cell(
            family="campaign", task="binary", metric="recall", form="campaign", groups="one", dependence=words,
            size=f"{_ATTEMPTS} attempts", prevalence=strategy, goal=goal, source="drawn", runs=runs,
            met=float(through.mean()), not_met=None,
            stated=why,
            beside={"every attempt at 5 %": float(unpaid.mean())},
        )
    ]  # fmt: skip


def _shown(found: Floats, missed: Floats, refused: Floats, alpha: float, goal: float) -> Floats:
    """Runs in which recall at least `goal` is met."""
    zero = np.zeros_like(found)
    of = rates(np.stack([found, zero, missed, zero, refused, zero], axis=-1), None, _FOUND, _RELEVANT)
    return np.asarray(limits(of, alpha)[0][..., 0] >= goal)


def _again(sizes: Callable[[float, float], int], truth: Callable[[np.random.Generator, int, float], Floats]) -> _Play:
    """Attempts on new items, of a size that may depend on the level, by models whose true recall may vary."""

    def play(goal: float, runs: int, rng: np.random.Generator, alphas: list[float]) -> Floats:
        through = np.zeros(runs, dtype=bool)
        for alpha in alphas:
            n = sizes(goal, alpha)
            found = rng.binomial(n, truth(rng, runs, goal)).astype(np.float64)
            through |= _shown(found, n - found, np.zeros(runs), alpha, goal)
        return through

    return play


def _luckiest_size(goal: float, alpha: float) -> int:
    """Of 40 to 600 items, where a model at the goal has the best chance: the bound's steps do not use up alpha everywhere alike."""
    n = np.arange(40, 601)
    critical = stats.binom.isf(alpha, n, goal) + 1
    return int(n[np.argmax(stats.binom.sf(critical - 1, n, goal))])


def _picked(rng: np.random.Generator, runs: int, goal: float) -> Floats:
    """Of ten retrained models, none above the goal, the one that did best on 200 practice items."""
    truths = goal - rng.exponential(0.02, size=(runs, 10))
    practice = rng.binomial(200, np.maximum(truths, 0.0))
    return np.asarray(np.take_along_axis(truths, practice.argmax(axis=1)[:, None], axis=1)[:, 0])


def _abstaining(goal: float, runs: int, rng: np.random.Generator, alphas: list[float]) -> Floats:
    """The hard tenth of the relevant items gets no answer: it counts as missed. What is answered is found more often than the goal."""
    through = np.zeros(runs, dtype=bool)
    for alpha in alphas:
        refused = rng.binomial(300, 0.1, size=runs)
        answered = 300 - refused
        found = rng.binomial(answered, min(goal / 0.9, 1.0))
        through |= _shown(found.astype(float), (answered - found).astype(float), refused.astype(float), alpha, goal)
    return through


def _groups(goal: float, runs: int, rng: np.random.Generator, alphas: list[float]) -> Floats:
    """Five groups must clear the goal each; one is at it, the others are perfect, and each attempt has another group low."""
    through = np.zeros(runs, dtype=bool)
    for alpha in alphas:
        found = rng.binomial(150, goal, size=runs).astype(np.float64)
        through |= _shown(found, 150 - found, np.zeros(runs), alpha, goal) & bool(_perfect(150, alpha, goal))
    return through


def _perfect(n: int, alpha: float, goal: float) -> bool:
    return bool(_shown(np.array([float(n)]), np.zeros(1), np.zeros(1), alpha, goal)[0])


def _thresholds(goal: float, runs: int, rng: np.random.Generator, alphas: list[float]) -> Floats:
    """Each attempt lowers or raises the threshold by what the last one showed, never above the goal: up after a good figure, down after
    a bad one, to spend less on false alarms. New items each time."""
    through, truth = np.zeros(runs, dtype=bool), np.full(runs, goal)
    for alpha in alphas:
        found = rng.binomial(300, truth).astype(np.float64)
        through |= _shown(found, 300 - found, np.zeros(runs), alpha, goal)
        truth = np.clip(truth + np.where(found / 300 >= goal, -0.01, 0.01), 0.0, goal)
    return through


def _same_items(goal: float, runs: int, rng: np.random.Generator, alphas: list[float]) -> Floats:
    """The same 300 items every time: a tenth of the answers is changed at random, and kept where the reported figure rose."""
    through = np.zeros(runs, dtype=bool)
    found = rng.random((runs, 300)) < goal
    for alpha in alphas:
        total = found.sum(axis=1).astype(np.float64)
        through |= _shown(total, 300 - total, np.zeros(runs), alpha, goal)
        other = np.where(rng.random(found.shape) < 0.1, rng.random(found.shape) < goal, found)
        found = np.where((other.sum(axis=1) > total)[:, None], other, found)
    return through


def _at_goal(_rng: np.random.Generator, runs: int, goal: float) -> Floats:
    return np.full(runs, goal)


def _shrinking(rng: np.random.Generator, runs: int, goal: float) -> Floats:
    return goal - np.abs(rng.normal(0, 0.01, size=runs))


_STRATEGIES = {
    "new seeds": ("a new test of 300 items each time", False, _again(lambda _goal, _alpha: 300, _at_goal)),
    "chosen n": ("as many items as give the best chance at that level", False, _again(_luckiest_size, _at_goal)),
    "retraining": ("a retrained model each time, never above the goal", False, _again(lambda _goal, _alpha: 300, _shrinking)),
    "best in practice": ("the best of ten in practice, none above the goal", False, _again(lambda _goal, _alpha: 400, _picked)),
    "thresholds": ("the threshold follows the last result", False, _thresholds),
    "abstaining": ("no answer on hard items", False, _abstaining),
    "groups": ("another of five groups is low each time", False, _groups),
    "the same items": ("changes kept where the figure on the same items rose", True, _same_items),
}
