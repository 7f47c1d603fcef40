"""Limits of samples of the stream, at looks and with seeds, against scipy and against the plain sample."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evalharness.metrics.oversight_sample_limits import limits_needed, sampled_limits
from evalharness.oversight.sampling.counts import way_of
from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, RECOGNITION, Cases, Sampled, SampledPile, Seeded
from evalharness.records.share import Way
from evalharness.stats.sampled import Pile, least_in_pile, most_in_pile, share_found_limits

LEVEL = 1 - 0.05 * math.pi**2 / 6
"""At which a first draw is judged at .05."""
NAMES = ("set_aside", "reviewed_negative", "reviewed_positive")
COUNTS = st.tuples(st.integers(0, 12), st.integers(0, 4), st.integers(1, 28))


def own(part: int, total: int) -> Way:
    """Every unit is a case of its own."""
    return Way(name="case", clusters=total, total2=total, part2=part, rest2=total - part)


def sampled(*counts: tuple[int, int, int], sensitivity: float = 1.0, stream: bool = False, size: int = 400) -> Sampled:
    """(relevant, not coded, not relevant) of each pile."""
    piles = []
    for name, (relevant, uncoded, rest) in zip(NAMES, counts, strict=False):
        drawn = relevant + uncoded + rest
        cases = Cases(held=own(size, size * len(counts)), least=own(relevant, drawn), most=own(relevant + uncoded, drawn))
        pile = SampledPile(name=name, population=size, drawn=drawn, relevant=relevant, not_relevant=rest, cases=cases if stream else None)
        piles.append(pile)
    return Sampled(draw=1, sensitivity=sensitivity, piles=tuple(piles))


@given(COUNTS, st.floats(0.5, 1.0))
def test_where_every_item_is_a_case_the_stream_has_clopper_and_pearsons_limits(counts: tuple[int, int, int], sees: float):
    relevant, uncoded, _ = counts
    n, most = sum(counts), relevant + uncoded
    lower, upper = sampled_limits(sampled(counts, sensitivity=sees, stream=True), ELUSION, LEVEL)
    assert lower == pytest.approx(stats.beta.ppf(0.05, relevant, n - relevant + 1) if relevant else 0.0, abs=1e-7)
    high = stats.beta.ppf(0.95, most + 1, n - most) if most < n else 1.0
    assert upper == pytest.approx(min(high / sees, 1.0), abs=1e-7)


def test_recall_in_the_stream_shares_its_error_among_shares_and_sizes_of_piles():
    """By hand: six limits at .05 / 6 each."""
    counts = ((1, 0, 59), (2, 0, 38), (36, 1, 3))
    lower, _ = sampled_limits(sampled(*counts, sensitivity=0.9, stream=True), RECALL, LEVEL)

    def low(k: int, n: int) -> float:
        return float(stats.beta.ppf(0.05 / 6, k, n - k + 1))

    def high(k: int, n: int) -> float:
        return float(stats.beta.ppf(1 - 0.05 / 6, k + 1, n - k))

    found = low(400, 1200) * low(36, 40)
    missed = high(400, 1200) * (high(1, 60) + high(2, 40)) / 0.9
    assert lower == pytest.approx(found / (found + missed), rel=1e-6)


@given(COUNTS, COUNTS, COUNTS, st.sampled_from([ELUSION, RECALL, PRECISION]))
def test_a_pile_as_it_is_has_the_limits_that_it_had(a: tuple[int, int, int], b: tuple[int, int, int], c: tuple[int, int, int], name: str):
    told = sampled_limits(sampled(a, b, c, sensitivity=0.8), name, LEVEL)
    if name == RECALL:
        piles = [Pile(population=400, drawn=sum(x), least=x[0], most=x[0] + x[1], found=at == 2) for at, x in enumerate((a, b, c))]
        assert told == share_found_limits(piles, 0.05, sensitivity=0.8)
    else:
        x = a if name == ELUSION else c
        assert told[1] == most_in_pile(x[0] + x[1], 400, sum(x), 0.05, sensitivity=0.8) / 400


@given(COUNTS, COUNTS, COUNTS, st.booleans(), st.sampled_from([ELUSION, RECALL, PRECISION]))
def test_looks_seeds_and_cases_never_narrow_a_limit(
    a: tuple[int, int, int], b: tuple[int, int, int], c: tuple[int, int, int], stream: bool, name: str
):
    plain = sampled(a, b, c, stream=stream)
    seeded = replace(plain, seeded=Seeded(missed=90, drawn=30, recognised=30, cases=own(30, 30)))
    together = [
        replace(
            pile,
            cases=replace(pile.cases, least=one_case(pile.relevant, pile.drawn), most=one_case(pile.relevant + pile.uncoded, pile.drawn)),
        )
        for pile in plain.piles
        if pile.cases is not None
    ]
    for other in (replace(plain, looks=3), seeded, *((replace(plain, piles=tuple(together)),) if stream else ())):
        (low, high), (lower, higher) = sampled_limits(plain, name, LEVEL), sampled_limits(other, name, LEVEL)
        assert (lower or 0) <= (low or 0) + 1e-12
        assert (1 if higher is None else higher) >= (1 if high is None else high) - 1e-12


def one_case(part: int, total: int) -> Way:
    return way_of([0] * total, [n < part for n in range(total)])


def test_seeds_are_for_what_was_set_aside_alone():
    counts = ((2, 0, 98), (2, 0, 38), (30, 0, 10))
    good = sampled(*counts, sensitivity=0.5)
    seeded = replace(good, seeded=Seeded(missed=900, drawn=400, recognised=400, cases=own(400, 400)))
    low = stats.beta.ppf(0.025, 400, 1)
    _, upper = sampled_limits(seeded, ELUSION, LEVEL)
    assert upper == most_in_pile(2, 400, 100, 0.025, sensitivity=float(low)) / 400  # nothing of the declared .5 in it
    aside, dismissed, kept = (400 * x for x in (1, 1, 1))
    each = 0.05 / 4
    missed = most_in_pile(2, aside, 100, each, sensitivity=float(stats.beta.ppf(each, 400, 1)))
    missed += most_in_pile(2, dismissed, 40, each, sensitivity=0.5)  # what reviewers dismissed: as declared
    lower, most = sampled_limits(seeded, RECALL, LEVEL)
    found = least_in_pile(30, kept, 40, each)
    assert lower == pytest.approx(found / (found + missed))
    assert most == pytest.approx(kept / (kept + 4), abs=0.02)  # of what was found nothing is assumed
    stream = replace(sampled(*counts, stream=True), seeded=seeded.seeded)
    assert stream.declared == {RECALL}
    assert replace(stream, piles=(stream.piles[0], replace(stream.piles[2], name="selected"))).declared == frozenset()
    assert good.declared == seeded.declared == {ELUSION, RECALL}
    assert sampled_limits(seeded, RECOGNITION, LEVEL)[0] == pytest.approx(stats.beta.ppf(0.05, 400, 1), abs=1e-9)
    assert sampled_limits(replace(seeded, seeded=Seeded(missed=9, drawn=9, recognised=0, cases=own(0, 9))), ELUSION, LEVEL)[1] == 1.0
    assert [limits_needed(seeded, name) for name in (ELUSION, PRECISION, RECALL, RECOGNITION)] == [2, 1, 4, 0]
