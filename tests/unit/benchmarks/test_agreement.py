"""Krippendorff's alpha of people who labelled the same items."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest
from benchmark_folder import ROOT

from evalharness.benchmarks import agreement as module
from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.agreement import MOST_ITEMS, Agreement, agreement, agreement_of_raters, step
from evalharness.errors import BadInput

PUBLISHED = {
    "a": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "b": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "c": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "d": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}
"""Four observers, twelve units: Krippendorff, Computing Krippendorff's alpha-reliability (2011), section C."""
LEVELS = ("1", "2", "3", "4", "5")


def batch(first: int = 0, last: int = 12) -> dict[str, pa.Array]:
    said = {name: [None if v is None else str(v) for v in values] for name, values in PUBLISHED.items()}
    return {name: pa.array(values[first:last], pa.string()) for name, values in said.items()}


@pytest.mark.parametrize(("ordinal", "published"), [(False, 0.743), (True, 0.815)])
def test_the_published_example_has_its_published_alpha(ordinal: bool, published: float) -> None:
    found = agreement([batch()], tuple("abcd"), LEVELS, ordinal=ordinal)
    assert found.alpha == pytest.approx(published, abs=5e-4)
    assert (found.items, found.raters, found.reason) == (11, 4, "")


def test_batches_make_no_difference_and_levels_may_be_stored_as_a_dictionary() -> None:
    whole = agreement([batch()], tuple("abcd"), LEVELS, ordinal=True)
    parts = [{name: array.dictionary_encode() for name, array in batch(*ends).items()} for ends in ((0, 5), (5, 6), (6, 12))]
    assert agreement(parts, tuple("abcd"), LEVELS, ordinal=True) == whole


@pytest.mark.parametrize("cut", [1, 4, 5, 11])
def test_every_second_item_is_the_same_whatever_the_batches(cut: int) -> None:
    whole = agreement([batch()], tuple("abcd"), LEVELS, ordinal=True, every=2)
    assert agreement([batch(0, cut), batch(cut, 12)], tuple("abcd"), LEVELS, ordinal=True, every=2) == whole
    assert whole.items == 6


def test_large_tables_are_thinned_to_a_bounded_number_of_items() -> None:
    assert [step(rows) for rows in (0, 1, MOST_ITEMS, MOST_ITEMS + 1, 10 * MOST_ITEMS)] == [1, 1, 1, 2, 10]


def test_what_cannot_be_told_has_a_reason_and_no_value() -> None:
    alone = agreement([{"a": pa.array(["1", None]), "b": pa.array([None, "2"])}], ("a", "b"), LEVELS, ordinal=True)
    assert (alone.alpha, alone.items) == (None, 0)
    assert "two people" in alone.reason
    same = agreement([{"a": pa.array(["1", "1"]), "b": pa.array(["1", "1"])}], ("a", "b"), LEVELS, ordinal=True)
    assert same.alpha is None
    assert "the same" in same.reason
    assert agreement([], ("a", "b"), LEVELS, ordinal=True).alpha is None


def test_a_value_that_is_no_level_is_refused() -> None:
    with pytest.raises(BadInput, match="no level"):
        agreement([{"a": pa.array(["1", "9"]), "b": pa.array(["1", None])}], ("a", "b"), LEVELS, ordinal=True)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    with pytest.raises(BadInput, match=r"evalharness\[agreement\]"):
        agreement([batch()], tuple("abcd"), LEVELS, ordinal=True)


def raters_of(name: str, folder: Path, split: str | None = "test") -> Agreement | None:
    recipe = ROOT / "datasets_synthetic" / name
    return agreement_of_raters(open_benchmark(recipe, rows=2_000, seed=3, data_dir=folder / "data"), split)


def test_raters_of_a_recipe_are_found_in_its_table(tmp_path: Path) -> None:
    found = raters_of("severity-grading", tmp_path)
    assert found is not None
    assert (found.scale, found.raters, found.items, found.reason) == ("ordinal", 3, 1_000, "")
    assert found.alpha == pytest.approx(0.84, abs=0.05)


def test_labels_without_an_order_are_the_same_or_not(tmp_path: Path) -> None:
    found = raters_of("message-triage", tmp_path)
    assert found is not None
    assert (found.scale, found.raters) == ("nominal", 3)
    assert found.alpha is not None
    assert 0.3 < found.alpha < 1


def test_a_recipe_without_raters_has_no_agreement(tmp_path: Path) -> None:
    assert raters_of("lead-priority", tmp_path) is None


def test_a_description_without_the_package_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    found = raters_of("severity-grading", tmp_path, None)
    assert found is not None
    assert found.alpha is None
    assert "evalharness[agreement]" in found.reason
