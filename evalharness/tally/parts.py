"""Moments of clusters whose rows differ in group. What such a cluster has in one group is a part of it, and counts there alone.

Where clusters are small, most parts are a single row, the more so the finer the groups. So every row is first counted as a part of
its own, once for all groups, because that adds up over cells; then each combination of attributes corrects it where rows share a part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalharness.tally.moments import Floats, Integers, Layout, cluster_moments, outcome_columns, squares_are_exact, sum_products


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRows:
    """Rows in the order of their clusters."""

    clusters: Integers
    outcomes: Integers
    weights: Floats
    """How many equal rows each stands for."""
    layout: Layout

    def moments_apart(self, codes: Integers, size: int) -> Integers:
        """Moments [rows, size] as if each row were a part of its own; `codes` is the group of each."""
        return _apart(self.outcomes, self.weights, codes, size, self.layout)

    def shared(self, chosen: Integers, codes: Integers, size: int) -> tuple[Integers, Integers]:
        """Those of the `chosen` rows, in groups `codes`, that share their part, and what this changes in the moments [rows, size]."""
        keys = self.clusters[chosen] * size + codes
        order = np.argsort(keys, kind="stable")  # the quickest here: keys of neighbouring rows are close
        keys = keys[order]
        same = keys[1:] == keys[:-1]
        goes_on = np.append(False, same)
        sharing = np.flatnonzero(goes_on | np.append(same, False))
        begins = ~goes_on[sharing]
        places = order[sharing]
        codes, rows = codes[places], chosen[places]
        outcomes, weights = self.outcomes[rows], self.weights[rows]
        columns = outcome_columns(np.cumsum(begins) - 1, outcomes, weights, int(begins.sum()), self.layout)
        return rows, cluster_moments(codes[begins], columns, size, self.layout) - _apart(outcomes, weights, codes, size, self.layout)


def _apart(outcomes: Integers, weights: Floats, codes: Integers, size: int, layout: Layout) -> Integers:
    table = np.zeros((layout.rows, size), dtype=np.int64)
    kinds = outcomes * size + codes
    every = layout.outcomes * size
    squares = sum_products(kinds, weights, weights, every, exact=squares_are_exact(weights))
    table[list(layout.squares)] = squares.reshape(-1, size)
    table[len(layout.pairs) :] = layout.counted @ np.bincount(kinds, minlength=every).reshape(-1, size)
    return table
