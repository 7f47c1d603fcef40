"""Records: regions, entities, errors, wrong entities, order."""

from __future__ import annotations

import numpy as np
import pytest
from linkage_recipe import OFF, SHIPPED, dials, linked

from evalharness.benchmarks.families.case_linkage.rows import records
from evalharness.benchmarks.families.case_linkage.tables import build
from evalharness.benchmarks.families.family import BLOCK_ROWS, Place


def test_entities_live_in_one_region_share_their_groups_and_have_the_promised_numbers_of_records() -> None:
    found = linked(dials())
    of = found.made.entities
    assert (of // 64 == np.arange(BLOCK_ROWS) // 64).all()
    for codes in found.made.groups:
        assert len(np.unique(of * 100 + codes)) == len(np.unique(of))
    first_of_region = of % 64 < 10  # the last entity of a region is cut to fit, so only early ones are looked at
    sizes = np.bincount(np.bincount(of[first_of_region])[np.unique(of[first_of_region])], minlength=7)[1:]
    assert sizes / sizes.sum() == pytest.approx(SHIPPED["entities"]["records"], abs=0.03)


def test_shares_of_groups_are_the_declared_ones_by_entity() -> None:
    found = linked(dials(rows=80_000))
    _, first = np.unique(found.made.entities, return_index=True)
    for (name, levels), codes in zip(SHIPPED["groups"].items(), found.made.groups, strict=True):
        shares = np.bincount(codes[first], minlength=len(levels)) / len(first)
        assert shares == pytest.approx(list(levels.values()), abs=0.025), name


def test_the_order_inside_a_region_tells_nothing_of_entities() -> None:
    """Neighbours in the file are of one entity no more often than any two records of the region."""
    found = linked(dials())
    of = found.made.entities
    inside = np.arange(1, BLOCK_ROWS)[np.arange(1, BLOCK_ROWS) % 64 > 0]
    neighbours = (of[inside] == of[inside - 1]).mean()
    expected = found.links(clean=True) / (BLOCK_ROWS * 63 / 2)
    assert neighbours == pytest.approx(expected, abs=4 * np.sqrt(expected / len(inside)))


def test_fewer_records_are_the_beginning_of_more() -> None:
    asked = dials()
    prepared = build(asked)
    few, many = (records(asked, prepared, Place(split=2, name="test", number=0, first=0, rows=rows)) for rows in (1_000, BLOCK_ROWS))
    assert (few.values == many.values[:, :1_000]).all()
    assert (few.recorded == many.recorded[:1_000]).all()
    assert (few.clean == many.clean[:1_000]).all()


def test_values_are_copied_with_the_stated_errors() -> None:
    """Entities of one record more than once: how often two copies differ follows from the chances of each error."""
    found = linked(dials(**OFF))
    same = found.same(clean=True)
    left, right = found.pairs.left[same], found.pairs.right[same]
    for row, (name, count) in enumerate(SHIPPED["attributes"].items()):
        if name in SHIPPED["candidates"]["agree_on"]:
            continue  # of candidates, these agree by design
        errors = SHIPPED["errors_of"].get(name, SHIPPED["errors"])
        own = found.made.values[row]
        assert (own == count).mean() == pytest.approx(errors["missing"], abs=0.008)
        agree = ((own[left] == own[right]) & (own[left] < count)).mean()
        assert agree == pytest.approx(found.split.likelihoods[row].agree_of_one()[0], abs=0.015)


def test_wrong_entities_are_half_filed_elsewhere_half_cut_loose_and_named_alike() -> None:
    found = linked(dials(**{**OFF, "harms.label_noise.size": 0.2, "harms.label_noise.of": {"sex": "F"}}))
    women, wrong = found.level("sex", "F"), found.made.recorded != found.made.clean
    assert not wrong[~women].any()
    region = np.arange(BLOCK_ROWS) // 64
    real = np.unique(region * 128 + found.made.clean)
    loose = ~np.isin(region * 128 + found.made.recorded, real)
    assert loose[women].mean() == pytest.approx(0.1, abs=0.015)
    assert (wrong & ~loose)[women].mean() == pytest.approx(0.1 * 62 / 64, abs=0.015)
    assert len(np.unique((region * 128 + found.made.recorded)[loose])) == loose.sum()
    for names in (found.made.clean, found.made.recorded[loose]):
        assert names.min() >= 0
        assert names.max() < 128
        assert abs(names.mean() - 63.5) < 3  # neither real nor loose ones have the lower numbers


def test_repeated_records_are_exact() -> None:
    plain, harmed = (linked(dials(**{**OFF, "harms.duplicates.size": size})) for size in (0, 0.3))
    assert (plain.made.clean == harmed.made.clean).all()
    exact = []
    for found in (plain, harmed):
        same = found.same(clean=True)
        left, right = found.pairs.left[same], found.pairs.right[same]
        exact.append((found.made.values[:, left] == found.made.values[:, right]).all(axis=0).mean())
    assert exact[1] - exact[0] > 0.1
