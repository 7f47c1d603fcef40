"""How alike the items of a cluster are, those that repeat others included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SPLITS = ("test", "shifted")
"""Those whose correlation is told: what is judged."""


def sizes_from_one(shares: Sequence[float]) -> dict[int, float]:
    """Size of a cluster -> share of the clusters, from the shares of those of 1, 2, 3 … items."""
    return dict(enumerate(shares, start=1))


def with_repeats(correlation: float, clusters: Mapping[int, float], repeats: float) -> float:
    """Correlation of what two items of a cluster have, all pairs of items counting alike (intra-class correlation).

    correlation: of two items made apart. clusters: size -> share. repeats: chance that an item, never a cluster's first, repeats the one
    before, whatever that is: two items that are k places apart are the same item with chance repeats ** k.
    """
    pairs = same = 0.0
    for size, share in clusters.items():
        pairs += share * size * (size - 1) / 2
        same += share * sum((size - apart) * repeats**apart for apart in range(1, size))
    return correlation + (1 - correlation) * same / pairs if pairs else correlation
