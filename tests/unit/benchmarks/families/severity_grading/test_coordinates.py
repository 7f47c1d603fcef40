"""The 64 numbers: an exact mixture of the hidden coordinates that can be undone."""

from __future__ import annotations

import numpy as np
from scipy.linalg import hadamard

from evalharness.benchmarks.families.severity_grading.coordinates import (
    FLIPPED,
    MARKER,
    MOVED,
    NUMBERS,
    OWN,
    REDRAWN,
    SHARED,
    numbers,
)


def mixture() -> np.ndarray:
    """The map as a matrix of whole numbers, from its description."""
    found = np.zeros((64, 64), dtype=np.int64)
    found[:63, :63] = hadamard(64)[:63, :63]
    found[:, list(FLIPPED)] *= -1
    found[63, 63] = 8
    return found


def drawn(items: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).integers(-144, 145, size=(64, items)).astype(np.int16)


def test_numbers_are_the_described_sums_and_differences_in_sixteenths() -> None:
    coordinates = drawn(2_500)
    expected = mixture() @ coordinates.astype(np.int64)
    found = numbers(coordinates.copy())
    assert found.dtype == np.float32
    assert (found.astype(np.float64) * 16 == expected).all()


def test_the_coordinates_can_be_had_back_exactly() -> None:
    """So the vector tells exactly as much as they do."""
    coordinates = drawn(50)
    back = np.linalg.solve(mixture().astype(np.float64), numbers(coordinates.copy()).astype(np.float64) * 16)
    assert np.abs(back - coordinates).max() < 1e-9
    assert abs(np.linalg.slogdet(mixture().astype(np.float64))[0]) == 1


def test_the_largest_possible_values_do_not_overflow() -> None:
    most = np.full((64, 1), 144, dtype=np.int16)
    most[list(FLIPPED)] *= -1
    assert numbers(most.copy())[0, 0] * 16 == 63 * 144
    assert numbers(most.copy())[MARKER, 0] * 16 == 8 * 144


def test_no_coordinate_has_two_uses() -> None:
    used = [*SHARED, *MOVED, *OWN, REDRAWN, MARKER]
    assert len(set(used)) == len(used) == 8 + 8 + 12 + 2
    assert max(used) == 63
    assert len(NUMBERS) == 64


def test_no_number_is_moved_by_more_than_four_of_the_eight_shared_coordinates() -> None:
    for rows in (SHARED, MOVED):
        assert np.abs(mixture()[:, list(rows)].sum(axis=1)).max() == 4


def test_only_the_last_number_depends_on_the_marker() -> None:
    coordinates = drawn(10)
    other = coordinates.copy()
    other[MARKER] += 5
    different = numbers(coordinates) != numbers(other)
    assert different[MARKER].all()
    assert not different[:MARKER].any()
