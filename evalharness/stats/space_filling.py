"""Points that fill a space evenly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

MOST_POINTS = 4_096
MOST_DIMENSIONS = 64


def space_filling(points: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """[points, dimensions] in [0, 1): the first points of a scrambled Sobol sequence (Owen 1998; `scipy.stats.qmc.Sobol`).

    The same seed gives the same sequence: fewer points are a beginning of more. A power of two fills the space most evenly: then each
    of `points` equal parts of every dimension holds exactly one. Raises ValueError for no point, no dimension, or more than fit.
    """
    if not 1 <= points <= MOST_POINTS or not 1 <= dimensions <= MOST_DIMENSIONS:
        raise ValueError(f"1 to {MOST_POINTS} points and 1 to {MOST_DIMENSIONS} dimensions, not {points} and {dimensions}")
    sequence = qmc.Sobol(dimensions, scramble=True, seed=np.random.Generator(np.random.PCG64(seed)))
    found: NDArray[np.float64] = sequence.random_base2((points - 1).bit_length())[:points]
    return found
