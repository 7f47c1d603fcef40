"""Pairs of a region: the expectations against every way of filling a small region, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from evalharness.benchmarks.families.case_linkage.chances import Mistakes, pairs_of
from evalharness.benchmarks.families.case_linkage.moments import added, of_one, of_two

SIZE = 4
CHANCES = [[Fraction(3, 20), Fraction(5, 20)], [Fraction(4, 20), Fraction(2, 20)], [Fraction(1, 20), Fraction(5, 20)]]
"""[records - 1][stratum]."""


def fillings(left: int = SIZE) -> Iterator[tuple[Fraction, tuple[tuple[int, int], ...]]]:
    """(chance, ((records, stratum) of each entity))."""
    if left == 0:
        yield Fraction(1), ()
        return
    for k, s in product(range(1, 4), range(2)):
        for chance, rest in fillings(max(left - k, 0)):
            yield CHANCES[k - 1][s] * chance, ((min(k, left), s), *rest)


def chances() -> np.ndarray:
    return np.array([[float(v) for v in row] for row in CHANCES])


def records_of(filling: tuple[tuple[int, int], ...]) -> list[tuple[int, int, bool]]:
    """(entity, stratum, whether it is its entity's first) of each record."""
    return [(e, s, first == 0) for e, (k, s) in enumerate(filling) for first in range(k)]


def test_every_filling_was_thought_of() -> None:
    assert sum(chance for chance, _ in fillings()) == 1


def test_pairs_inside_entities_are_those_of_all_fillings() -> None:
    plain, by_records, by_region = (np.zeros(2) for _ in range(3))
    for chance, filling in fillings():
        squares = sum(k * k for k, _ in filling)
        for k, s in filling:
            plain[s] += chance * k * (k - 1)
            by_records[s] += chance * k * k * (k - 1)
            by_region[s] += chance * k * (k - 1) * squares
    found = of_one(chances(), SIZE, lambda k: k * (k - 1))
    assert found.plain == pytest.approx(plain.astype(float))
    assert found.by_records == pytest.approx(by_records.astype(float))
    assert found.by_region == pytest.approx(by_region.astype(float))


def test_pairs_across_entities_are_those_of_all_fillings() -> None:
    plain, by_records, by_region = (np.zeros((2, 2)) for _ in range(3))
    for chance, filling in fillings():
        squares = sum(k * k for k, _ in filling)
        for (one, (k, s)), (other, (j, t)) in product(enumerate(filling), repeat=2):
            if one != other:
                plain[s, t] += chance * k * j
                by_records[s, t] += chance * k * j * j
                by_region[s, t] += chance * k * j * squares
    found = of_two(chances(), SIZE)
    assert found.plain == pytest.approx(plain.astype(float))
    assert found.by_records == pytest.approx(by_records.astype(float))
    assert found.by_region == pytest.approx(by_region.astype(float))


def test_pairs_of_one_and_of_two_entities_are_all_pairs() -> None:
    one, two = of_one(chances(), 32, lambda k: k * (k - 1)), of_two(chances(), 32)
    assert added([*one.plain.tolist(), *two.plain.reshape(-1).tolist()]) == pytest.approx(32 * 31)


def recorded_ways(record: int, strata: list[int], mistakes: list[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, int]]:
    """(chance, record whose entity is recorded) of one record; -1 - record for one that is cut loose."""
    filed, loose = mistakes[strata[record]]
    others = [(filed / SIZE, other) for other in range(SIZE)]
    return [(1 - filed - loose, record), (loose, -1 - record), *others]


def test_recorded_pairs_and_repeats_are_those_of_all_ways() -> None:
    repeats = Fraction(3, 10)
    mistakes = [(Fraction(1, 10), Fraction(1, 5)), (Fraction(1, 4), Fraction(0))]
    every = {kind: np.zeros(2) for kind in ("copied", "apart", "copied recorded", "apart recorded")}
    two = np.zeros((2, 2))
    for chance, filling in fillings():
        made = records_of(filling)
        strata = [s for _, s, _ in made]
        for left, right in product(range(SIZE), repeat=2):
            if left == right:
                continue
            (e, s, first), (f, t, second) = made[left], made[right]
            ways = product(recorded_ways(left, strata, mistakes), recorded_ways(right, strata, mistakes))
            alike = sum(a * b for (a, x), (b, y) in ways if min(x, y) >= 0 and made[x][0] == made[y][0])
            if e != f:
                two[s, t] += float(chance * alike)
                continue
            both = (1 if first else repeats) * (1 if second else repeats)
            for kind, share in (("copied", both), ("apart", 1 - both)):
                every[kind][s] += float(chance * share)
                every[f"{kind} recorded"][s] += float(chance * share * alike)
    filed, loose = (np.array([float(v) for v in column]) for column in zip(*mistakes, strict=True))
    found, recorded = pairs_of(chances(), SIZE, float(repeats), Mistakes(filed=filed, loose=loose))
    assert found.copied == pytest.approx(every["copied"])
    assert found.apart == pytest.approx(every["apart"])
    assert recorded.copied == pytest.approx(every["copied recorded"])
    assert recorded.apart == pytest.approx(every["apart recorded"])
    assert recorded.different == pytest.approx(two)


def test_gathering_and_splitting_lose_no_pair() -> None:
    found, _ = pairs_of(chances(), 16, 0.2, Mistakes(filed=np.zeros(2), loose=np.zeros(2)))
    for weights in (found.gathered(np.array([0, 0]), 1), found.gathered(np.array([1, 0]), 2), found.split(0.3)):
        parts = [weights.copied, weights.apart, weights.different]
        assert added([float(v) for part in parts for v in part.reshape(-1)]) == pytest.approx(16 * 15)
    marked = found.split(0.3)
    assert marked.apart[2:] == pytest.approx(0.3 * found.apart)
    assert marked.different[:2, 2:] == pytest.approx(0.7 * 0.3 * found.different)
