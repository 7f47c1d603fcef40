"""A certified threshold breaks a target in at most 5 % of repeats; the one that just looks good enough does so in about half.

The worst case: among the candidates is one that breaks the target by next to nothing. Of 2,000 repeats each (broken by the certified
threshold, by the naive one): alone .045, .54; two targets, misses that grow with the size of clusters .006, .55; two targets, most found
.055 (.05 but for chance: without clusters the test is exact), .59; a grid with clusters .000, .57.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from evalharness.oversight.operating_points import ScoredItems, candidates_of, certify
from evalharness.records.oversight_certify import Certify, Target
from evalharness.stats.certify import steps_of

REPEATS = 2000
LEVEL = 0.95
RECALL = Target(metric="recall", at_least=True, bound=0.85)
FALSE_ALARMS = Target(metric="false_positive_rate", at_least=False, bound=0.45)


@dataclass(frozen=True)
class World:
    """Positives come in clusters of which all items score alike: each is found or missed as a whole. Others are alone."""

    sizes: tuple[int, ...]
    chances: tuple[float, ...]
    powers: tuple[float, ...]
    """By size: P(score < t) = t^power, so that clusters of a small power are missed more often."""
    clusters: int = 260
    others: int = 500

    def items(self, rng: np.random.Generator) -> ScoredItems:
        kind = rng.choice(len(self.sizes), size=self.clusters, p=self.chances)
        sizes = np.array(self.sizes)[kind]
        scores = np.repeat(rng.random(self.clusters) ** (1 / np.array(self.powers)[kind]), sizes)
        labels = np.repeat(np.array([1, 0], dtype=np.int8), [len(scores), self.others])
        codes = np.concatenate([np.repeat(np.arange(self.clusters), sizes), self.clusters + np.arange(self.others)])
        every = np.concatenate([scores, rng.random(self.others) ** 4])
        return ScoredItems(labels=labels, scores=every, clusters=codes.astype(np.int32) if max(self.sizes) > 1 else None)

    def recall(self, t: float) -> float:
        mass = np.array(self.sizes) * np.array(self.chances)
        return float((mass * (1 - t ** np.array(self.powers))).sum() / mass.sum())

    @staticmethod
    def false_alarms(t: float) -> float:
        return 1 - t**0.25

    def breaks(self, asked: Certify, threshold: float) -> bool:
        true = {"recall": self.recall(threshold), "false_positive_rate": self.false_alarms(threshold)}
        return not all(target.clears(true[target.metric]) for target in asked.targets)


ALONE = World(sizes=(1,), chances=(1.0,), powers=(4.0,))
GROWING = World(sizes=(1, 2, 4, 8), chances=(0.4, 0.3, 0.2, 0.1), powers=(6.0, 5.0, 4.0, 3.0))
"""Misses grow with the size of the cluster."""
NEXT_TO_NOTHING = 1e-6


def at_the_edge(world: World, asked: Certify, train: ScoredItems) -> Certify:
    """The target that holds the search back, set so that one of the candidates just breaks it."""
    thresholds = candidates_of(train, asked.grid or asked.steps or 1).tolist()
    first, *others = asked.targets
    true = world.recall if first.at_least else world.false_alarms
    nearest = min((true(t) for t in thresholds), key=lambda rate: abs(rate - first.bound))
    bound = nearest + (NEXT_TO_NOTHING if first.at_least else -NEXT_TO_NOTHING)
    return replace(asked, targets=(replace(first, bound=bound), *others))


def naive(asked: Certify, train: ScoredItems, calibration: ScoredItems) -> float | None:
    """The preferred candidate of those that keep the targets on the items at hand."""
    thresholds = candidates_of(train, asked.grid or asked.steps or 1)
    reached = steps_of(calibration.scores, thresholds)
    positive = calibration.labels == 1
    selected = [(reached > place) for place in range(len(thresholds))]
    rates = {"recall": [s[positive].mean() for s in selected], "false_positive_rate": [s[~positive].mean() for s in selected]}
    held = [t for place, t in enumerate(thresholds) if all(target.clears(float(rates[target.metric][place])) for target in asked.targets)]
    if not held:
        return None
    return float(held[-1] if asked.prefer == "fewest_reviews" else held[0])


@pytest.mark.parametrize(
    ("world", "asked"),
    [
        (ALONE, Certify(targets=(RECALL,), prefer="fewest_reviews", steps=24)),
        (GROWING, Certify(targets=(RECALL, FALSE_ALARMS), prefer="fewest_reviews", steps=24)),
        (ALONE, Certify(targets=(FALSE_ALARMS, RECALL), prefer="most_found", steps=24)),
        (GROWING, Certify(targets=(RECALL, FALSE_ALARMS), prefer="fewest_reviews", steps=None, grid=20)),
    ],
    ids=["alone", "two-targets-growing-misses", "two-targets-most-found", "grid-growing-misses"],
)
def test_a_certified_threshold_breaks_a_target_in_at_most_5_percent(world: World, asked: Certify) -> None:
    rng = np.random.default_rng(20261123)
    certified = broken = naive_found = naive_broken = 0
    for repeat in range(REPEATS):
        if repeat % 100 == 0:
            train = world.items(rng)
            edge = at_the_edge(world, asked, train)
        calibration = world.items(rng)
        found = certify(edge, LEVEL, train, calibration).threshold
        certified += found is not None
        broken += found is not None and world.breaks(edge, found)
        if repeat % 10 == 0:
            looks_good = naive(edge, train, calibration)
            naive_found += looks_good is not None
            naive_broken += looks_good is not None and world.breaks(edge, looks_good)
    assert stats.binom.sf(broken - 1, REPEATS, 1 - LEVEL) > 0.01, broken  # exact in theory: more would not be chance
    assert naive_broken / naive_found > 0.4
    assert certified / REPEATS > 0.5


GROUPS = ("a", "b")


def of_groups(rng: np.random.Generator, powers: tuple[float, float]) -> ScoredItems:
    """Two groups of relevant items, each alone, and others; those of the second group are missed more often."""
    codes = (np.arange(500) % 2).astype(np.int32)
    scores = rng.random(500) ** (1 / np.array(powers)[codes])
    labels = np.repeat(np.array([1, 0], dtype=np.int8), [500, 300])
    every = np.concatenate([scores, rng.random(300) ** 4])
    places = np.concatenate([codes, np.zeros(300, dtype=np.int32)])
    return ScoredItems(labels=labels, scores=every, clusters=None, groups={"group": (GROUPS, places)})


@pytest.mark.parametrize("powers", [(8.0, 3.0), (4.0, 4.0)], ids=["one-group-worse", "groups-alike"])
def test_a_threshold_certified_for_every_group_breaks_the_worst_group_in_at_most_5_percent(powers: tuple[float, float]) -> None:
    """Of 1,500 repeats: broken for some group in .041 where one group is worse, in .003 where both are alike; certified for everybody
    alone the worse group is broken in every one."""
    rng = np.random.default_rng(20261124)
    repeats, broken, certified, left_out = 1500, 0, 0, 0
    for repeat in range(repeats):
        if repeat % 100 == 0:
            train = of_groups(rng, powers)
            thresholds = candidates_of(train, 24).tolist()
            goal = min((1 - t ** min(powers) for t in thresholds), key=lambda rate: abs(rate - 0.85)) + NEXT_TO_NOTHING
            everybody = Certify(targets=(replace(RECALL, bound=goal),), prefer="fewest_reviews", steps=24)
            each = replace(everybody, targets=(replace(RECALL, bound=goal, for_each=(("group",),)),)).for_groups({"group": GROUPS})
        calibration = of_groups(rng, powers)
        found = certify(each, LEVEL, train, calibration).threshold
        certified += found is not None
        broken += found is not None and 1 - found ** min(powers) < goal
        if repeat % 10 == 0:
            alone = certify(everybody, LEVEL, train, calibration).threshold
            left_out += alone is not None and 1 - alone ** min(powers) < goal
    assert stats.binom.sf(broken - 1, repeats, 1 - LEVEL) > 0.01, broken
    assert certified / repeats > 0.5
    if powers[0] != powers[1]:
        assert left_out > 100


def test_a_certified_precision_is_broken_in_at_most_5_percent() -> None:
    """A candidate just breaks the goal for precision: of 1,500 repeats .035 are certified there or beyond."""
    rng = np.random.default_rng(20261125)
    repeats, broken, certified = 1500, 0, 0

    def made(kinds: np.random.Generator) -> ScoredItems:
        relevant = kinds.random(700) < 0.4
        return ScoredItems(
            labels=relevant.astype(np.int8), scores=kinds.random(700) ** np.where(relevant, 1 / 4, 4.0), clusters=None
        )  # fmt: skip

    def precision(t: float) -> float:
        hits, alarms = 0.4 * (1 - t**4), 0.6 * (1 - t**0.25)
        return hits / (hits + alarms)

    for repeat in range(repeats):
        if repeat % 100 == 0:
            train = made(rng)
            thresholds = candidates_of(train, 24).tolist()
            goal = min((precision(t) for t in thresholds if t < 1), key=lambda rate: abs(rate - 0.7)) + NEXT_TO_NOTHING
            loose = replace(FALSE_ALARMS, bound=0.9)
            asked = Certify(targets=(Target(metric="precision", at_least=True, bound=goal), loose), prefer="most_found", steps=24)
        found = certify(asked, LEVEL, train, made(rng)).threshold
        certified += found is not None
        broken += found is not None and (found >= 1 or precision(found) < goal)
    assert stats.binom.sf(broken - 1, repeats, 1 - LEVEL) > 0.01, broken
    assert certified / repeats > 0.5
