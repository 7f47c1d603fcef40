"""The shipped recipes at few rows, made once for all tests of a module."""

from __future__ import annotations

import shutil
from pathlib import Path

from evalharness.benchmarks import Benchmark, open_benchmark

ROOT = Path(__file__).resolve().parents[2]
ROWS, SEED = 6_000, 5


def recipe_folder(folder: Path, name: str) -> Path:
    """A folder with the shipped benchmark.yaml of that name, without data."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "datasets_synthetic" / name / "benchmark.yaml", folder / "benchmark.yaml")
    return folder


def opened_recipe(folder: Path, name: str, *, rows: int = ROWS, seed: int = SEED) -> Benchmark:
    """The shipped recipe of that name at few rows; its data is made in `folder`."""
    return open_benchmark(recipe_folder(folder, name), rows=rows, seed=seed)
