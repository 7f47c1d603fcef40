"""Krippendorff's alpha from coincidences, and an interval over clusters that describes.

An item that m people labelled gives, for each ordered pair, 1 / (m - 1) to the cell of what both said. alpha = 1 - D_o / D_e,
the disagreement that is seen over that which chance would give. Source: Krippendorff 2019, Content Analysis, 12.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 400
MOST_BLOCKS = 2_000
"""Of more clusters some are drawn together: that widens nothing and bounds the work."""
_QUANTILES = (0.05, 0.95)
_AT_ONCE = 50


def coincidences(said: NDArray[np.int64], clusters: NDArray[np.int64], number: int) -> Floats:
    """[clusters, L, L] coincidences. said: [items, L] how many people said each level; clusters: [items] 0 to `number` - 1."""
    people = said.sum(axis=1)
    several = people > 1
    counts, weight = said[several].astype(np.float64), 1.0 / (people[several] - 1)
    of, levels = clusters[several], said.shape[1]
    found = np.zeros((number, levels, levels))
    for one in range(levels):
        for other in range(levels):
            pairs = counts[:, one] * (counts[:, other] - (one == other)) * weight
            found[:, one, other] = np.bincount(of, weights=pairs, minlength=number)
    return found


def krippendorff_alpha(pairs: Floats, *, ordinal: bool) -> Floats:
    """[...] alpha of [..., L, L] coincidences, levels rising where `ordinal`; NaN where nothing, or one level alone, was said."""
    totals = pairs.sum(axis=-1)
    whole = totals.sum(axis=-1)
    apart = _ordinal(totals) if ordinal else np.broadcast_to(1.0 - np.eye(pairs.shape[-1]), pairs.shape)
    seen = (pairs * apart).sum(axis=(-2, -1))
    chance = (totals[..., :, None] * totals[..., None, :] * apart).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance > 0, 1.0 - (whole - 1.0) * seen / chance, np.nan)


def interval_over_clusters(pairs: Floats, rng: np.random.Generator, *, ordinal: bool) -> tuple[float, float] | None:
    """5 % and 95 % points of alpha when clusters are drawn again; None with fewer than two of them, or where alpha is not defined."""
    number = len(pairs)
    if number < 2:
        return None
    if number > MOST_BLOCKS:
        blocks = np.zeros((MOST_BLOCKS, *pairs.shape[1:]))
        np.add.at(blocks, np.arange(number) % MOST_BLOCKS, pairs)
        pairs, number = blocks, MOST_BLOCKS
    flat = pairs.reshape(number, -1)
    found = []
    for _ in range(DRAWS // _AT_ONCE):
        times = rng.multinomial(number, np.full(number, 1.0 / number), size=_AT_ONCE)
        found.append(krippendorff_alpha((times @ flat).reshape(_AT_ONCE, *pairs.shape[1:]), ordinal=ordinal))
    values = np.concatenate(found)
    if np.isnan(values).any():
        return None
    low, high = np.quantile(values, _QUANTILES)
    return float(low), float(high)


def _ordinal(totals: Floats) -> Floats:
    """[..., L, L] squared distance of two levels: everything said from the one to the other, half of both ends."""
    upto = np.cumsum(totals, axis=-1)
    low, high = np.minimum(upto[..., :, None], upto[..., None, :]), np.maximum(upto[..., :, None], upto[..., None, :])
    first = np.where(upto[..., :, None] <= upto[..., None, :], totals[..., :, None], totals[..., None, :])
    between = high - low + first
    ends = (totals[..., :, None] + totals[..., None, :]) / 2
    apart: Floats = np.square(between - ends)
    return apart * (1.0 - np.eye(totals.shape[-1]))
