"""Limits of rates, computed once where the same are asked for again: of a gap and of its ratio, of a group by several requirements."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import Uneven, limits_by_size

Floats = NDArray[np.float64]
Both = tuple[Floats, Floats]

_MOST_KEPT, _LARGEST = 64, 20_000
"""Answers kept, and numbers in the largest of them: those of a simulation are not kept."""


class _Asked:
    """Numbers and their shapes; the same where every byte is."""

    __slots__ = ("_key", "alpha", "k", "n", "uneven")

    def __init__(self, k: Floats, n: Floats, uneven: Uneven | None, alpha: Floats) -> None:
        self.k, self.n, self.uneven, self.alpha = k, n, uneven, alpha
        sizes = () if uneven is None else (uneven.hits, uneven.misses, uneven.one_more)
        self._key = tuple((part.shape, part.tobytes()) for part in map(np.asarray, (k, n, alpha, *sizes)))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key


def limits_asked(k: Floats, n: Floats, uneven: Uneven | None, alpha: ArrayLike) -> Both:
    """Lower and upper limits of `k` of `n`, each at 1 - alpha, by size where clusters are known to be `uneven`. Not to be written to."""
    level = np.asarray(alpha, dtype=np.float64)
    return _limits(k, n, uneven, level) if max(np.size(k), level.size) > _LARGEST else _kept(_Asked(k, n, uneven, level))


@lru_cache(maxsize=_MOST_KEPT)
def _kept(asked: _Asked) -> Both:
    lower, upper = (np.array(limit) for limit in _limits(asked.k, asked.n, asked.uneven, asked.alpha))
    lower.flags.writeable = upper.flags.writeable = False
    return lower, upper


def _limits(k: Floats, n: Floats, uneven: Uneven | None, alpha: Floats) -> Both:
    if uneven is not None:
        return limits_by_size(k, n, uneven, alpha)
    return clopper_pearson_lower(k, n, alpha), clopper_pearson_upper(k, n, alpha)
