"""How likely values are: of one record, and of two copies of the same true value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.frequencies import MARK, NEIGHBOUR
from evalharness.benchmarks.families.case_linkage.moments import Floats
from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """Of one attribute. A value's code is its rank; the code after the last is a missing value."""

    one: Floats
    """[codes, channels] of a record's value."""
    two: Floats
    """[codes * codes, channels] of two records' values, copied independently from one true value; row x * codes + y."""

    @property
    def codes(self) -> int:
        """How many codes there are, the missing value included."""
        return len(self.one)

    def agree_of_one(self) -> Floats:
        """[channels] chance that two copies of one true value agree."""
        inner = self.two.reshape(self.codes, self.codes, -1)
        found = np.zeros(inner.shape[2])
        for code in range(self.codes - 1):
            found += inner[code, code]
        return found

    def agree_of_two(self) -> Floats:
        """[channels, channels] chance that the values of records of two entities agree."""
        channels = self.one.shape[1]
        found = np.zeros((channels, channels))
        for code in range(self.codes - 1):
            found += self.one[code][:, None] * self.one[code][None, :]
        return found


def likelihood(weights: npt.NDArray[np.int64], limits: npt.NDArray[np.uint64], moved: Floats) -> Likelihood:
    """The likelihoods of one attribute, as it is really drawn.

    weights: [values] of the true values and of what replaces them, in 65,536ths. limits: [channels, 3] in 2**32nds: missing below the
    first, replaced below the second, the neighbour below the third. moved: [channels] chance that a true value is moved into the half
    that marks a group.
    """
    parts = [_of_channel(weights / ONE_16, row, chance) for row, chance in zip(limits, moved.tolist(), strict=True)]
    return Likelihood(
        one=np.ascontiguousarray(np.stack([one for one, _ in parts], axis=1)),
        two=np.ascontiguousarray(np.stack([two.reshape(-1) for _, two in parts], axis=1)),
    )


def _of_channel(fresh: Floats, limits: npt.NDArray[np.uint64], moved: float) -> tuple[Floats, Floats]:
    values = len(fresh)
    ranks = np.arange(values)
    beside = ranks ^ NEIGHBOUR
    ends = limits.astype(np.float64) / ONE_32
    missing, replaced, confused, kept = ends[0], ends[1] - ends[0], ends[2] - ends[1], 1 - ends[2]
    marked = (ranks & MARK) > 0
    own = np.where(marked, fresh + moved * fresh[ranks ^ MARK], (1 - moved) * fresh)
    copied = kept * own + confused * own[beside]  # the value stands there without having been replaced
    one = np.append(copied + replaced * fresh, missing)
    two = np.empty((values + 1, values + 1))
    inner = replaced * (fresh[:, None] * copied[None, :] + copied[:, None] * fresh[None, :])
    inner += replaced * replaced * (fresh[:, None] * fresh[None, :])
    inner[ranks, ranks] += kept * kept * own + confused * confused * own[beside]
    inner[ranks, beside] += kept * confused * (own + own[beside])
    two[:values, :values] = inner
    two[values, :], two[:, values] = missing * one, missing * one
    return one, two
