"""Weights of every (label, stratum) given what a model receives: products of table entries, summed in a stated order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault

Floats = npt.NDArray[np.float64]

GRID = 1_000_000
"""Chances are rounded to whole millionths."""


def start(prior: Floats, rows: int) -> Floats:
    """[rows, columns] one row of the prior for each item. Columns are label * strata + stratum."""
    return np.tile(prior, (rows, 1))


def take_in(joint: Floats, ratios: Floats, places: npt.NDArray[np.integer]) -> None:
    """Multiplies in one feature: `ratios` [values, columns], `places` [rows] the value's row in it. In place."""
    joint *= ratios[places]


def by_label(joint: Floats, labels: int, strata: npt.NDArray[np.bool_] | None = None) -> Floats:
    """[rows, labels]: weights added up over strata from first to last; `strata` [rows, strata] restricts them row by row."""
    count = joint.shape[1] // labels
    result = np.zeros((len(joint), labels))
    for label in range(labels):
        for stratum in range(count):
            part = joint[:, label * count + stratum]
            result[:, label] += part if strata is None else np.where(strata[:, stratum], part, 0.0)
    return result


def observed(joint: Floats, labels: int, flips: Floats) -> Floats:
    """The joint weights of the *observed* label: `flips` [strata, labels, labels] is P(observed | clean) in each stratum.

    Where no label is ever wrong, the weights themselves.
    """
    if (flips == np.eye(labels)).all():
        return joint
    count = joint.shape[1] // labels
    result = np.zeros_like(joint)
    for seen in range(labels):
        for clean in range(labels):
            for stratum in range(count):
                result[:, seen * count + stratum] += joint[:, clean * count + stratum] * flips[stratum, clean, seen]
    return result


def chances(weights: Floats) -> npt.NDArray[np.int32]:
    """[rows, labels] in millionths from weights [rows, labels]; each rounded by itself."""
    total = weights[:, 0].copy()
    for label in range(1, weights.shape[1]):
        total += weights[:, label]
    return in_steps(weights, total[:, None])


def in_steps(part: Floats, total: Floats) -> npt.NDArray[np.int32]:
    """Chances in millionths. Raises Fault where one is no number: nothing of what a model receives could have happened."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.rint(part / total * GRID)
    if not np.isfinite(found).all():
        raise Fault("a true chance is not a number: by the recipe's own tables what a model receives cannot happen")
    return found.astype(np.int32)


def prior_of(shares: Sequence[float], labels_given: Floats) -> Floats:
    """[labels * strata]: share of each stratum times P(label | stratum), `labels_given` [strata, labels]."""
    own = np.asarray(shares, dtype=np.float64)
    return np.ascontiguousarray((labels_given * own[:, None]).T).reshape(-1)
