"""Limits of a share row: in every way in which its units belong together, at Kish's number and by size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evalharness.records.share import ShareRow, Way
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import Uneven, all_alike, limits_by_size, one_more_of

Pair = tuple[float, float]


def limits_of_row(row: ShareRow, alpha: float) -> tuple[float, Pair, Pair]:
    """The smallest effective number, the limits there, and the widest over all ways, each limit at confidence 1 - alpha."""
    n_eff = min(effective(row, way) for way in row.ways)
    k = row.part / row.total * n_eff if row.total else 0.0
    k = n_eff if row.part == row.total else k
    plain = float(clopper_pearson_lower(k, n_eff, alpha)), float(clopper_pearson_upper(k, n_eff, alpha))
    pairs = [plain, *(by_way(way, row, alpha) for way in row.ways)]
    return n_eff, plain, (min(low for low, _ in pairs), max(high for _, high in pairs))


def all_alike_row(row: ShareRow, *, hits: bool) -> ShareRow:
    """The same units, had all of them counted, or none."""
    ways = (
        Way(name=way.name, clusters=way.clusters, total2=way.total2, part2=way.total2 * hits, rest2=way.total2 * (not hits))
        for way in row.ways
    )
    return replace(row, part=row.total * hits, ways=tuple(ways))


def by_way(way: Way, row: ShareRow, alpha: float, *, hits: bool | None = None) -> Pair:
    """Limits by one way; `hits`: had every unit counted, or none."""
    n_eff = effective(row, way)
    scale = (n_eff / row.total) ** 2 if row.total else 0.0
    more = one_more_of(way.clusters, n_eff)
    if hits is None:
        k = n_eff if row.part == row.total else row.part / max(row.total, 1) * n_eff
        uneven = Uneven(hits=np.array(way.part2 * scale), misses=np.array(way.rest2 * scale), one_more=more)
    else:
        k, uneven = n_eff * hits, all_alike(n_eff, more, hits=hits)
    lower, upper = limits_by_size(k, n_eff, uneven, alpha)
    return float(lower), float(upper)


def effective(row: ShareRow, way: Way) -> float:
    """Kish's effective number of units in one way."""
    return row.total**2 / way.total2 if way.total2 else 0.0
