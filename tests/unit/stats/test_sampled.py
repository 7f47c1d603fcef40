"""Limits of piles of known size, against a count of every possible sample and against the limits of an endless pile."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evalharness.stats.proportion import clopper_pearson_upper
from evalharness.stats.sampled import Pile, least_in_pile, most_in_pile, share_found_limits, tail

ALPHA = 0.05


def by_hand(seen: int, kind: int, population: int, drawn: int) -> float:
    """Share of all samples with at most `seen` items of the kind."""
    samples = list(combinations(range(population), drawn))
    return sum(sum(item < kind for item in sample) <= seen for sample in samples) / len(samples)


@given(st.integers(1, 9), st.data())
def test_limits_are_the_last_numbers_that_the_sample_does_not_speak_against(population: int, data: st.DataObject):
    drawn = data.draw(st.integers(0, population))
    seen = data.draw(st.integers(0, drawn))
    possible = range(seen, population - (drawn - seen) + 1)
    most = max(kind for kind in possible if by_hand(seen, kind, population, drawn) > ALPHA - 1e-12)
    least = min(kind for kind in possible if seen == 0 or 1 - by_hand(seen - 1, kind, population, drawn) > ALPHA - 1e-12)
    assert most_in_pile(seen, population, drawn, ALPHA) == most
    assert least_in_pile(seen, population, drawn, ALPHA) == least


@given(st.integers(1, 7), st.floats(0.1, 0.95), st.data())
def test_readers_who_overlook_some_thin_what_is_seen(population: int, sensitivity: float, data: st.DataObject):
    drawn = data.draw(st.integers(1, population))
    kind = data.draw(st.integers(0, population))
    seen = data.draw(st.integers(0, drawn))
    chance = 0.0
    samples = list(combinations(range(population), drawn))
    for sample in samples:
        inside = sum(item < kind for item in sample)
        chance += sum(stats.binom.pmf(n, inside, sensitivity) for n in range(min(seen, inside) + 1))
    assert tail(seen, kind, population, drawn, sensitivity) == pytest.approx(chance / len(samples), abs=1e-9)


def test_a_pile_read_whole_is_known_and_one_not_read_at_all_is_not():
    assert (least_in_pile(7, 100, 100, ALPHA), most_in_pile(7, 100, 100, ALPHA)) == (7, 7)
    assert (least_in_pile(0, 100, 0, ALPHA), most_in_pile(0, 100, 0, ALPHA)) == (0, 100)
    overlooked = most_in_pile(7, 100, 100, ALPHA, sensitivity=0.5)
    assert overlooked > 14  # 7 seen by readers who see every second one may well have been more than 14
    assert stats.binom.cdf(7, overlooked, 0.5) > ALPHA >= stats.binom.cdf(7, overlooked + 1, 0.5)


def test_the_chance_of_a_small_count_is_rs():
    """R 4.2.2: phyper(5, 699, 91301, 1534)."""
    assert tail(5, 699, 92_000, 1_534) == pytest.approx(0.02396267884, abs=1e-9)
    assert most_in_pile(5, 92_000, 1_534, 0.0239) >= 699 > most_in_pile(5, 92_000, 1_534, 0.02397)
    assert most_in_pile(5, 92_000, 1_534, 0.05) < 699


@pytest.mark.parametrize("seen", [0, 1, 5])
def test_of_an_endless_pile_the_limit_is_clopper_and_pearsons(seen: int):
    found = most_in_pile(seen, 10_000_000, 600, ALPHA) / 10_000_000
    assert found == pytest.approx(float(clopper_pearson_upper(seen, 600, ALPHA)), rel=1e-3)
    thinned = most_in_pile(seen, 10_000_000, 600, ALPHA, sensitivity=0.8) / 10_000_000
    assert thinned == pytest.approx(float(clopper_pearson_upper(seen, 600, ALPHA)) / 0.8, rel=1e-3)


def test_what_was_not_coded_never_helps_and_every_pile_counts():
    def piles(least: int, most: int) -> list[Pile]:
        found = Pile(population=1000, drawn=200, least=least, most=150, found=True)
        return [found, Pile(population=9000, drawn=300, least=1, most=most, found=False)]

    whole, open_ = piles(150, 1), piles(145, 4)
    lower, upper = share_found_limits(whole, ALPHA)
    less, more = share_found_limits(open_, ALPHA)
    assert lower is not None
    assert less is not None
    assert upper is not None
    assert more is not None
    assert less < lower < 150 / 200 * 1000 / (750 + 30) < upper <= more
    assert lower == least_in_pile(150, 1000, 200, ALPHA / 2) / (
        least_in_pile(150, 1000, 200, ALPHA / 2) + most_in_pile(1, 9000, 300, ALPHA / 2)
    )
    blind, _ = share_found_limits(whole, ALPHA, sensitivity=0.8)
    assert blind is not None
    assert blind < lower


def test_without_any_item_of_the_kind_there_is_no_share():
    empty = [Pile(population=10, drawn=10, least=0, most=0, found=True), Pile(population=5, drawn=5, least=0, most=0, found=False)]
    assert share_found_limits(empty, ALPHA) == (None, None)
    assert share_found_limits([], ALPHA) == (None, None)


def test_runs_without_a_sample_do_not_pay_for_its_library():
    code = "import sys, evalharness.workflows.evaluate; sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
