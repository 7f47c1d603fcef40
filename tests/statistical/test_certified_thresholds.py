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
