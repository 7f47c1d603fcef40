"""Slices: which groups are counted, and in which order."""

import pickle

import numpy as np
import pytest

from evalharness.errors import BadInput
from evalharness.tally import Slices

LEVELS = {"sex": ("F", "M"), "age": ("old", "young", "(missing)"), "area": ("n", "s")}


def test_overall_comes_first_then_subsets_by_size_in_declared_order() -> None:
    slices = Slices(("sex", "age", "area"), LEVELS, 2)
    assert slices.subsets == ((), ("sex",), ("age",), ("area",), ("sex", "age"), ("sex", "area"), ("age", "area"))
    assert len(slices) == 1 + 2 + 3 + 2 + 6 + 4 + 6
    assert slices.groups[:3] == ((), (("sex", "F"),), (("sex", "M"),))


def test_within_a_subset_the_first_declared_attribute_varies_slowest_and_groups_are_sorted_by_attribute() -> None:
    slices = Slices(("sex", "age"), LEVELS, 2)
    groups = [slices.groups[i] for i in slices.positions(("sex", "age"))]
    assert groups[0] == (("age", "old"), ("sex", "F"))
    assert [dict(g)["sex"] for g in groups] == ["F"] * 3 + ["M"] * 3


def test_positions_ignore_the_order_in_which_attributes_are_named() -> None:
    slices = Slices(("sex", "age"), LEVELS, 2)
    np.testing.assert_array_equal(slices.positions(("age", "sex")), slices.positions(("sex", "age")))
    assert slices.positions(()).tolist() == [0]


@pytest.mark.parametrize("subset", [("height",), ("sex", "sex"), ("sex", "age", "area")])
def test_a_subset_that_is_not_counted_is_a_key_error(subset: tuple[str, ...]) -> None:
    with pytest.raises(KeyError, match="not a counted combination"):
        Slices(("sex", "age", "area"), LEVELS, 2).positions(subset)


def test_every_group_has_the_position_of_its_place() -> None:
    slices = Slices(("sex", "age", "area"), LEVELS, 3)
    assert [slices.position(tuple(reversed(group))) for group in slices.groups] == list(range(len(slices)))


def test_cells_are_over_all_attributes_whatever_the_depth() -> None:
    assert Slices(("sex", "age", "area"), LEVELS, 1).cells == 12
    assert Slices((), {}, 2).cells == 1


def test_a_depth_beyond_the_number_of_attributes_adds_nothing() -> None:
    assert Slices(("sex",), LEVELS, 7).groups == Slices(("sex",), LEVELS, 1).groups


def test_slices_survive_pickling_and_compare_by_what_they_count() -> None:
    slices = Slices(("sex", "age"), LEVELS, 2)
    assert pickle.loads(pickle.dumps(slices)) == slices  # noqa: S301  # our own bytes
    assert slices != Slices(("sex", "age"), LEVELS, 1)


def test_too_many_slices_are_refused_with_the_attributes_and_the_way_out() -> None:
    levels = {name: tuple(map(str, range(60))) for name in "abcdefgh"}
    with pytest.raises(BadInput, match=r"a \(60 levels\)") as caught:
        Slices(tuple(levels), levels, 2)
    assert "intersections" in caught.value.problems[0].hint
    assert "101,281" in caught.value.problems[0].got
    assert len(Slices(tuple(levels), levels, 1)) == 481


def test_the_number_of_slices_is_known_without_making_them() -> None:
    levels = {f"a{k}": tuple(map(str, range(10))) for k in range(60)}
    with pytest.raises(BadInput, match="groups up to 30 at a time"):
        Slices(tuple(levels), levels, 30)


def test_every_problem_with_the_attributes_is_named_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        Slices(("sex", "sex", "empty", "twice"), {"sex": ("F",), "empty": (), "twice": ("x", "x")}, -1)
    assert len(caught.value.problems) == 4
