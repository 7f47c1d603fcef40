"""Two readers of a kind, one path each: limits of sums of products, and draws that describe.

A part `opened` of the items is put before readers, and of these a part `handed` without any hint. Of what they see with a hint they call
`kept`, of what they see without one `found`: kept (opened - handed) + found handed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[float, float]
DRAWS = 10_000
PRIOR = 0.5
"""Jeffreys."""


def hull(one: Pair, other: Pair) -> Pair:
    """The narrowest limits that hold both."""
    return min(one[0], other[0]), max(one[1], other[1])


def sum_of_products(opened: float, handed: float, kept: float, found: float) -> float:
    """kept (opened - handed) + found handed."""
    return kept * (opened - handed) + found * handed


def limits_of_sum(opened: Pair, handed: Pair, kept: Pair, found: Pair) -> Pair:
    """Least and most of `sum_of_products` where each lies between its limits and 0 <= handed <= opened; exact.

    It rises with kept and found, so each is at one of its ends. What remains is linear in opened and handed: least at the least opened,
    with as many handed as make it smaller; most at the most opened, likewise. Where limits contradict handed <= opened they are widened
    until they do not. If each limit holds at 1 - a, what is returned holds at 1 - m a, m the number of limits that it uses (Bonferroni).
    """
    low_opened, high_opened = max(opened[0], handed[0]), max(opened[1], handed[0])
    low_handed, high_handed = handed[0], min(handed[1], low_opened)
    least = sum_of_products(low_opened, low_handed if found[0] >= kept[0] else high_handed, kept[0], found[0])
    most = sum_of_products(high_opened, min(handed[1], high_opened) if found[1] >= kept[1] else low_handed, kept[1], found[1])
    return max(least, 0.0), min(most, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A share that was counted: `part` of `total` effective units."""

    part: float
    total: float


Uncertain = Measured | Pair
"""Counted, or anywhere between two figures with no reason for one rather than another."""


def drawn_shares(counts: Sequence[float], rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """[draws, K] shares of K kinds of items, from counts in effective units: Dirichlet(counts + 1/2)."""
    gammas = rng.standard_gamma(np.asarray(counts, dtype=np.float64) + PRIOR, size=(draws, len(counts)))
    shares: Floats = gammas / gammas.sum(axis=1, keepdims=True)
    return shares


def drawn(one: Uncertain, rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """[draws] values: Beta(part + 1/2, rest + 1/2) of what was counted, uniform between two figures."""
    if isinstance(one, Measured):
        return rng.beta(one.part + PRIOR, one.total - one.part + PRIOR, draws)
    return rng.uniform(one[0], one[1], draws)
