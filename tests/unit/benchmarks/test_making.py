"""Blocks come in stored order, the same ones from threads and from processes."""

from __future__ import annotations

import pickle
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from benchmark_folder import RECIPE, changed, write_recipe
from recipes import recipe_folder

from evalharness.benchmarks import making
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.families.family import places
from evalharness.benchmarks.generating import generate
from evalharness.benchmarks.making import blocks_of
from evalharness.records.progress import silent


def recipe(folder: Path, rows: int = 40_000) -> Declaration:
    return read_declaration(write_recipe(folder, changed(RECIPE, "generate.rows", rows)))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_give_blocks_in_stored_order(tmp_path: Path, workers: int) -> None:
    found = recipe(tmp_path)
    assert found.family is not None
    assert found.dials is not None
    assert [place for place, _ in blocks_of(found.family, found.dials, workers)] == list(places(found.dials))


@pytest.mark.parametrize("name", ["lead-priority", "case-linkage"])
def test_processes_make_the_same_digest_as_threads(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = with_overrides(read_declaration(recipe_folder(tmp_path, name)), rows=60_000, seed=3)
    by_threads = generate(declaration, tmp_path / "threads", silent, workers=2)
    monkeypatch.setattr(making, "ROWS_FOR_PROCESSES", 50_000)
    assert generate(declaration, tmp_path / "processes", silent, workers=2) == by_threads


@pytest.mark.parametrize(
    ("rows", "workers", "apart"), [(40_000, 4, False), (making.ROWS_FOR_PROCESSES, 1, False), (making.ROWS_FOR_PROCESSES, 3, True)]
)
def test_processes_start_only_where_it_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, workers: int, apart: bool) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(making, "blocks_made_apart", lambda *given: asked.append(given) or iter(()))
    declaration = recipe(tmp_path, rows)
    assert declaration.family is not None
    assert declaration.dials is not None
    blocks_of(declaration.family, declaration.dials, workers)
    assert bool(asked) == apart


def test_the_blocks_of_a_script_without_a_main_guard_are_made_too(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipe", changed(RECIPE, "generate.rows", 40_000))
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            f"""
            from pathlib import Path
            from evalharness.benchmarks import making, open_benchmark
            making.ROWS_FOR_PROCESSES, making.cores = 1, lambda: 2
            print(open_benchmark(Path({str(folder)!r})).info.rows)
            """
        )
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("40000\n", "")


def test_dials_travel_with_a_seed_that_no_file_could_hold(tmp_path: Path) -> None:
    dials = recipe(tmp_path).dials
    large = dials.model_copy(update={"seed": 2**100})  # type: ignore[union-attr]
    assert pickle.loads(pickle.dumps(large)).seed == 2**100  # noqa: S301
