"""The 64 hidden coordinates, which of them carry what, and the numbers that are made of them.

Numbers x00 … x62 are the sums and differences of coordinates 0 … 62 that the first 63 rows and columns of the Hadamard matrix of
order 64 prescribe; x63 is eight times coordinate 63. Both maps can be undone exactly (the corner of the Hadamard matrix that is left out is
not 0, hence its complement is not singular), and coordinates are whole numbers, so the vector tells exactly as much as its coordinates:
the chance of anything given the 64 numbers *is* its chance given the coordinates. Every number is spread over all of the first 63.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.bell import SD

SIZE = 64
NUMBERS = tuple(f"x{number:02d}" for number in range(SIZE))
SHARED = (1, 11, 16, 17, 33, 42, 49, 59)
"""Coordinates that carry the grade for everybody. With FLIPPED, no number is moved by more than four of the eight."""
MOVED = (0, 7, 13, 22, 27, 48, 55, 61)
"""Where part of it has gone under drift; plain noise before."""
OWN = (2, 5, 9, 14, 18, 23, 29, 36, 40, 45, 50, 54)
"""One for each level of the attribute with coordinates of its own."""
FLIPPED = (1, 11, 16, 17, 49, 59, 7, 13, 61)
"""Coordinates that enter the sums with the other sign."""
REDRAWN = 47
"""What a near-identical copy draws anew; never carries anything."""
MARKER = 63
"""Carries nothing but, where the dial says so, a group."""
MOST_OWN = len(OWN)
_SCALE = 8
"""Brings the last number to the spread of the others."""
_COLUMNS = 1_024
"""Items that are mixed at a time, so that they stay near the processor."""


def numbers(coordinates: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """[64, items] of coordinates in steps -> the 64 numbers, multiples of 1/16; exact. Destroys its argument."""
    found = np.empty(coordinates.shape, dtype=np.float32)
    step = np.float32(1 / SD)
    for flipped in FLIPPED:
        np.negative(coordinates[flipped], out=coordinates[flipped])
    marker = coordinates[MARKER] * np.int16(_SCALE)
    coordinates[MARKER] = 0
    for start in range(0, coordinates.shape[1], _COLUMNS):
        part = np.ascontiguousarray(coordinates[:, start : start + _COLUMNS])
        np.multiply(_mixed(part), step, out=found[:, start : start + _COLUMNS])
    np.multiply(marker, step, out=found[MARKER])
    return found


def _mixed(values: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """The Hadamard transform down the columns, in six rounds of sums and differences."""
    other = np.empty_like(values)
    half = SIZE // 2
    while half:
        old, new = (v.reshape(-1, 2, half, values.shape[1]) for v in (values, other))
        np.add(old[:, 0], old[:, 1], out=new[:, 0])
        np.subtract(old[:, 0], old[:, 1], out=new[:, 1])
        values, other = other, values
        half //= 2
    return values
