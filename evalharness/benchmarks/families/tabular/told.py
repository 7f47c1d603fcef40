"""What a copy tells of the item that it was made of, whose features are not known otherwise.

A kind of copy changes every feature by itself, in a known way: a copied value then has, given the outcome and all else that nobody sees, a
known distribution too. The chance of the item's label given the copy, and its kind, is made of those as that of an item is of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.bell import REACH, bell
from evalharness.benchmarks.families.ingredients.kept import kept
from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32, exactly, threshold, whole_numbers
from evalharness.benchmarks.families.tabular.dials import TabularDials
from evalharness.benchmarks.families.tabular.distributions import ratios
from evalharness.benchmarks.families.tabular.tables import Feature, Numbers, Tables


@kept
def told(dials: TabularDials, tables: Tables, kind: str) -> Tables:
    """The tables of copies of this kind: other chances of values, all else as it is."""
    changed = _CHANGED[kind]
    features = []
    for feature in tables.features:
        weights = changed(dials, feature, _weights(feature))
        features.append(feature if weights is None else replace(feature, ratios=ratios(weights)))
    return replace(tables, features=tuple(features))


@kept
def noise_steps(dials: TabularDials) -> npt.NDArray[np.int64]:
    """[65,536] 16 random bits -> codes to move by; half a code and more counts as one, up and down alike."""
    noise = exactly(dials.copies.noise)
    up = np.array([int((noise * steps * 2 + 1) // 2) for steps in range(REACH + 1)], dtype=np.int64)
    lookup = bell().lookup.astype(np.int64)
    return np.asarray(np.sign(lookup) * up[np.abs(lookup)])


@kept
def other_levels(dials: TabularDials) -> tuple[int, npt.NDArray[np.uint8]]:
    """(code of the proxy's level, [65,536] 16 random bits -> code of another level, by the recipe's shares)."""
    levels = dials.categorical[dials.harms.proxy.feature].levels
    toward = list(levels).index(dials.harms.proxy.toward)
    rest = 1 - exactly(levels[dials.harms.proxy.toward])
    free = whole_numbers([exactly(share) / rest for place, share in enumerate(levels.values()) if place != toward], ONE_16)
    others = np.array([1 + place for place in range(len(levels)) if place != toward], dtype=np.uint8)
    return 1 + toward, np.repeat(others, free)


def _weights(feature: Feature) -> Numbers:
    """[distributions, codes] in 65,536ths."""
    codes = feature.ratios.shape[1]
    return np.stack([np.bincount(row, minlength=codes) for row in feature.lookup.reshape(-1, ONE_16)])


def _proxy(dials: TabularDials, feature: Feature, weights: Numbers) -> Numbers | None:
    if feature.name != dials.harms.proxy.feature:
        return None
    toward, others = other_levels(dials)
    found = weights[:, [toward]] * np.bincount(others, minlength=weights.shape[1])
    found[:, toward] = (ONE_16 - weights[:, toward]) * ONE_16
    return found


def _noise(dials: TabularDials, feature: Feature, weights: Numbers) -> Numbers | None:
    if feature.name not in dials.numeric:
        return None
    steps = noise_steps(dials)
    least = int(steps.min())
    by_step = np.bincount(steps - least)
    found = np.zeros_like(weights)
    found[:, 0] = weights[:, 0] * ONE_16
    last = weights.shape[1] - 1
    for row, own in zip(found, weights, strict=True):
        moved = np.convolve(own[1:], by_step)
        np.add.at(row, np.clip(1 + least + np.arange(len(moved)), 1, last), moved)
    return found


def _missing(dials: TabularDials, feature: Feature, weights: Numbers) -> Numbers | None:
    if not feature.can_miss:
        return None
    gone = threshold(exactly(dials.copies.missing))
    found = weights * (ONE_32 - gone)
    found[:, 0] += gone * ONE_16
    return found


def _obfuscation(dials: TabularDials, feature: Feature, weights: Numbers) -> Numbers | None:
    if feature.name not in dials.numeric:
        return None
    anew = threshold(exactly(dials.copies.obfuscation))
    return np.asarray(weights * (ONE_32 - anew) + weights[feature.plain] * anew)


_CHANGED: dict[str, Callable[[TabularDials, Feature, Numbers], Numbers | None]] = {
    "proxy": _proxy,
    "noise": _noise,
    "missing": _missing,
    "obfuscation": _obfuscation,
}
"""Kind -> weights of the copied values of a feature, from those of its own; nothing where they are not changed."""
