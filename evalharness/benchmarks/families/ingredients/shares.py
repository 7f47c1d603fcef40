"""Shares as exact fractions, and the tables in which random bits are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

ONE_16 = 1 << 16
ONE_32 = 1 << 32
_FEW_LEVELS = 24
"""Up to so many, a comparison with each is faster than a search."""


def exactly(share: float) -> Fraction:
    """The decimal that the file shows, as a fraction: 0.1 is one tenth."""
    return Fraction(repr(share))


def threshold(share: Fraction) -> int:
    """Draws of 32 bits below this happen with probability `share`, rounded down to 2**-32. 2**32 for a share of 1."""
    return int(share * ONE_32)


def happens(draws: npt.NDArray[np.uint32], limit: int | npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Where a draw is below its limit (see `threshold`)."""
    if not isinstance(limit, int):
        return draws < limit
    return draws < np.uint32(limit) if limit < ONE_32 else np.ones(len(draws), dtype=np.bool_)


def ends(shares: Iterable[Fraction]) -> npt.NDArray[np.uint32]:
    """Upper ends of the levels in 2**32nds, without the last (which takes the rest)."""
    found, total = [], Fraction(0)
    for share in shares:
        total += share
        found.append(int(total * ONE_32))
    return np.array([min(end, ONE_32 - 1) for end in found[:-1]], dtype=np.uint32)


def pick(upper: npt.NDArray[np.uint32], draws: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Level of each draw; `upper` as `ends` makes it."""
    if len(upper) > _FEW_LEVELS:
        return np.searchsorted(upper, draws, side="right").astype(np.uint8)
    found = np.zeros(len(draws), dtype=np.uint8)
    for end in upper:
        found += draws >= end
    return found


def drawn_shares(upper: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """Probability of each level as it is really drawn."""
    return np.diff(np.concatenate(([0], upper.astype(np.int64), [ONE_32]))).astype(np.float64) / ONE_32


def whole_numbers(shares: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers >= 1 that add up to `total`, by largest remainder; ties go to the earlier one."""
    free = total - len(shares)
    common = lcm(*(share.denominator for share in shares))  # whole numbers throughout: many times faster than fractions
    parts = [divmod(share.numerator * (common // share.denominator) * free, common) for share in shares]
    whole = [quotient for quotient, _ in parts]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-parts[i][1], i))
    for i in by_remainder[: free - sum(whole)]:
        whole[i] += 1
    return [1 + v for v in whole]
