"""What is seen of a benchmark through the key of a blind export: what counting needs, under fresh ids, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from benchmark_folder import write_recipe

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.benchmarks.batch import Batch
from evalharness.benchmarks.blind import Blinded, BlindKey, CanaryItems, read_key
from evalharness.benchmarks.blind.export import export_blind
from evalharness.benchmarks.declaration import read_declaration
from evalharness.errors import Fault

HIDDEN = {"path", "numbers", "keep", "check_features", "stored", "table", "table_columns"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Benchmark, BlindKey]:
    folder = write_recipe(tmp_path_factory.mktemp("blind") / "recipe")
    benchmark = open_benchmark(folder)
    key = folder.parent / "key.json"
    export_blind(benchmark, read_declaration(folder), "test", folder.parent / "out", key, practice=True)
    return benchmark, read_key(key, benchmark, "test")


def own_ids(benchmark: Benchmark, split: str) -> list[str]:
    return [item for batch in benchmark.batches(split, columns=frozenset({"ids"})) for item in batch.ids.to_pylist()]


def public(thing: object) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


def test_counting_sees_the_same_rows_under_fresh_ids(opened: tuple[Benchmark, BlindKey]) -> None:
    benchmark, key = opened
    seen = Blinded(benchmark, key)
    assert own_ids(seen, "test") == key.ids.to_pylist()
    assert not {*own_ids(seen, "test")} & {*own_ids(benchmark, "test")}
    assert own_ids(seen, "train") == own_ids(benchmark, "train")
    assert list(seen.other_ids("test")) == []
    for ours, theirs in zip(seen.batches("test"), benchmark.batches("test"), strict=True):
        assert np.array_equal(ours.labels, theirs.labels)
    assert np.array_equal(next(seen.posterior("test")), next(benchmark.posterior("test")))
    assert np.array_equal(next(seen.truth("test", "posterior_clean")), next(benchmark.truth("test", "posterior_clean")))
    for name in ("info", "folder", "columns", "states", "practice", "splits", "contiguous_clusters", "has_truth", "within"):
        assert getattr(seen, name) == getattr(benchmark, name), name
    assert (seen.truth_columns, seen.tables) == (benchmark.truth_columns, benchmark.tables)
    assert (seen.rows_in("test"), seen.levels("test")) == (benchmark.rows_in("test"), benchmark.levels("test"))
    assert seen.facts("test") == benchmark.facts("test")


def test_a_name_that_a_benchmark_gains_is_decided_upon_here() -> None:
    """Everything public is either passed on by name or refused; nothing is inherited."""
    methods = {name for name in public(Benchmark) if not name.startswith("_")}
    assert methods == {name for name in public(Blinded) if name in vars(Blinded)}
    parameters = set(inspect.signature(Benchmark.__init__).parameters)
    assert {"info", "folder", "columns", "states", "practice"} <= parameters


def test_a_view_has_none_of_the_private_parts_of_a_benchmark(opened: tuple[Benchmark, BlindKey]) -> None:
    benchmark, key = opened
    shared = {name for name in vars(benchmark) if name.startswith("_")} & {*vars(Blinded(benchmark, key))}
    assert shared == set()


def test_what_holds_the_own_ids_is_not_to_be_had(opened: tuple[Benchmark, BlindKey]) -> None:
    seen: Any = Blinded(*opened)
    asked: dict[str, Callable[[], object]] = {
        "path": lambda: seen.path,
        "numbers": lambda: seen.numbers,
        "keep": lambda: seen.keep(ExitStack()),
        "check_features": seen.check_features,
        "stored": lambda: seen.stored("test"),
        "table": lambda: seen.table("twins"),
        "table_columns": lambda: seen.table_columns("twins"),
    }
    assert set(asked) == HIDDEN
    for name, ask in asked.items():
        with pytest.raises(Fault, match="through the key of a blind export"):
            pytest.fail(f"{name} gave {ask()!r}")


def test_canaries_show_their_ids_and_hold_nothing_of_a_benchmark_but_what_is_public(opened: tuple[Benchmark, BlindKey]) -> None:
    benchmark, key = opened
    canaries = CanaryItems(benchmark.info, key)
    assert public(canaries) == {"info", "rows_in", "batches", "other_ids"}
    assert vars(canaries) == {"info": benchmark.info, "_ids": key.canaries}
    assert canaries.rows_in("test") == len(key.canaries) == 200
    assert list(canaries.other_ids("test")) == []
    for batch in canaries.batches("test", batch_rows=64):
        told = {field.name for field in fields(Batch) if getattr(batch, field.name) is not None}
        assert told == {"start", "rows", "ids"}
    assert [i for batch in canaries.batches("test", batch_rows=64) for i in batch.ids.to_pylist()] == key.canaries.to_pylist()
