"""Bootstrap of clusters: whole clusters are drawn again, and what they hold is added up. It describes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

_AT_ONCE = 4_000_000


def cluster_replicates(table: csr_array, replicates: int, seed: int) -> Floats:
    """Totals [R, K] over C clusters drawn with replacement, C at a time; equals adding up the rows of the drawn clusters.

    table: [C, K] what each cluster holds in each cell, mostly nothing. Memory: four million draws at a time. Any function of totals can be
    bootstrapped from these (Davison and Hinkley 1997, 3.8, clusters as the units).
    """
    clusters, cells = table.shape
    rng = np.random.Generator(np.random.Philox(seed))
    across = table.astype(np.float64).T.tocsr()
    found = np.zeros((replicates, cells))
    step = max(_AT_ONCE // max(clusters, 1), 1)
    for start in range(0, replicates if clusters else 0, step):
        some = min(step, replicates - start)
        drawn = rng.integers(0, clusters, (some, clusters)) + np.arange(some)[:, None] * clusters
        times = np.bincount(drawn.ravel(), minlength=some * clusters).reshape(some, clusters)
        found[start : start + some] = (across @ times.T.astype(np.float64)).T
    return found
