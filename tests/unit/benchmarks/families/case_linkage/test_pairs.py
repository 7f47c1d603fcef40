"""Candidate pairs: exactly those of the rule, however a block is cut."""

from __future__ import annotations

import numpy as np
import pytest
from linkage_recipe import dials, linked

from evalharness.benchmarks.families.case_linkage.pairs import candidates


def by_hand(asked: object, values: np.ndarray) -> list[tuple[int, int]]:
    found = []
    sizes = list(asked.attributes.values())  # type: ignore[attr-defined]
    for left in range(values.shape[1]):
        for right in range(left + 1, min(values.shape[1], (left // asked.regions.size + 1) * asked.regions.size)):  # type: ignore[attr-defined]
            if any(values[a, left] == values[a, right] < sizes[a] for a in (0, 1)):
                found.append((left, right))
    return found


@pytest.mark.parametrize(("size", "rows"), [(16, 200), (64, 200), (256, 300), (8, 7)])
def test_candidates_are_all_pairs_of_a_region_that_agree_on_a_blocking_attribute(size: int, rows: int) -> None:
    asked = dials(**{"regions.size": size, "candidates.most_per_record": 60, "harms.missing.size": 0.3, "harms.missing.attributes": ["a1"]})
    values = linked(asked, rows=rows).made.values
    found = candidates(asked, values)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == by_hand(asked, values)


def test_no_record_is_in_more_pairs_than_its_region_has_others() -> None:
    found = linked(dials(**{"regions.size": 8, "attributes": {"a1": 4, "a2": 4}, "errors_of": ..., "harms": {}})).pairs
    counts = np.bincount(found.left) + np.bincount(found.right, minlength=found.left.max() + 1)[: found.left.max() + 1]
    assert counts.max() <= 7
    assert len(found.left) <= 7 / 2 * 16_384


def test_a_block_without_a_candidate_has_no_pairs() -> None:
    asked = dials()
    assert len(candidates(asked, np.zeros((8, 0), dtype=np.uint8)).left) == 0
    assert len(candidates(asked, np.zeros((8, 1), dtype=np.uint8)).left) == 0
