"""Counts of coded samples against plain sums, and that whatever is counted can have been counted so."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.evidence.oversight.sample import SamplePart, sample_as_json
from evalharness.evidence.oversight.sample_checks import sample_inconsistencies
from evalharness.oversight.sampling.counts import counted, held_in, of_one_case, seeds_counted, way_of
from evalharness.records.oversight_sample import PILES, Sampled

UNITS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=40)
DIGEST = "sha256:" + "0" * 64
ITEMS = st.dictionaries(
    st.sampled_from([f"i{n}" for n in range(30)]),
    st.tuples(st.sampled_from(PILES[:3]), st.sampled_from("abcde"), st.booleans(), st.sampled_from([True, False, None])),
    min_size=1,
)
"""By item: pile, case, whether it was drawn, and what was said of it."""


@given(UNITS)
def test_sums_of_squares_are_those_of_a_table(units: list[tuple[int, bool]]):
    way = way_of([case for case, _ in units], [part for _, part in units])
    total, part = (np.bincount([c for c, p in units if p or which], minlength=6) for which in (True, False))
    assert (way.clusters, way.total2, way.part2, way.rest2) == (
        int((total > 0).sum()), int(total @ total), int(part @ part), int((total - part) @ (total - part)),
    )  # fmt: skip


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=12))
def test_the_chance_of_one_case_is_that_of_all_pairs(cases: list[str]):
    ids = [f"i{n}" for n in range(len(cases))]
    pairs = list(combinations(cases, 2))
    told = of_one_case({"set_aside": ids}, dict(zip(ids, cases, strict=True)))
    assert told["set_aside"] == told[""] == pytest.approx(sum(one == other for one, other in pairs) / len(pairs))


@given(ITEMS, st.booleans())
def test_whatever_is_counted_reads_back_and_has_nothing_against_it(items: dict[str, tuple[str, str, bool, bool | None]], cased: bool):
    piles = {name: tuple(sorted(i for i, (pile, *_) in items.items() if pile == name)) for name in PILES}
    piles = {name: ids for name, ids in piles.items() if ids}
    drawn = {name: tuple(i for i in ids if items[i][2]) for name, ids in piles.items()}
    said = {i: label for i, (_, _, was, label) in items.items() if was and label is not None}
    cases = {i: case for i, (_, case, *_) in items.items()}
    numbers = {i: ord(case) for i, case in cases.items()}
    told = counted({n: len(ids) for n, ids in piles.items()}, drawn, said, held_in(piles, cases) if cased else None, numbers)
    seeded = seeds_counted(50, ["s1", "s2", "s3"], {"s1": True, "s2": False}, {"s1": 1, "s2": 1, "s3": 2})
    sampled = Sampled(draw=1, sensitivity=0.9, piles=told, looks=3, seeded=seeded)
    lines = sum(pile.drawn for pile in told) + 3
    part = SamplePart.model_validate(_tuples(sample_as_json(sampled, lines=lines, chain=DIGEST, register=DIGEST, sheet=DIGEST, coders=1)))
    assert part.record == sampled
    assert list(sample_inconsistencies(part, (), frozenset(), 50)) == []
    assert [text for text in sample_inconsistencies(part, (), frozenset(), 49) if "seeds are drawn from 50" in text]
    assert sum(pile.relevant + pile.not_relevant for pile in told) == len(said)


def _tuples(told: object) -> object:
    """As a strict model wants it."""
    if isinstance(told, dict):
        return {key: _tuples(value) for key, value in told.items()}
    return tuple(_tuples(value) for value in told) if isinstance(told, list) else told
