"""A wheel carries what an installed evalharness needs: the package, its templates, and the starter workspace of `evalharness init`."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTER = "evalharness/workflows/starter/"
GIVEN = [
    *("policies/*.yaml", "model_cards/*.md", "model_cards/*.skops", "model_cards/*.parquet"),
    *("datasets_synthetic/*/benchmark.yaml", "datasets_synthetic/*/DATASHEET.md", "datasets_synthetic/*/manifest.json"),
    *("datasets_synthetic/*/croissant.json", "datasets_synthetic/*/sample/**/*.*", "datasets_synthetic/*/CHECKSUMS"),
    "datasets_synthetic/*/reviewers.yaml",
]
LARGEST = 4 << 20
"""Bytes of a wheel: samples and artefacts are small."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(built)


def tracked(*patterns: str) -> set[str]:
    done = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(filter(None, done.stdout.split("\0")))


@pytest.mark.parametrize("pattern", GIVEN)
def test_the_starter_workspace_is_in_the_wheel(wheel: zipfile.ZipFile, pattern: str):
    expected = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}
    inside = {name.removeprefix(STARTER) for name in wheel.namelist() if name.startswith(STARTER)}
    assert expected
    assert expected <= inside


def test_the_starter_files_are_the_repository_s_byte_for_byte(wheel: zipfile.ZipFile):
    inside = [name for name in wheel.namelist() if name.startswith(STARTER)]
    assert all(wheel.read(name) == (ROOT / name.removeprefix(STARTER)).read_bytes() for name in inside)


def test_the_wheel_stays_small(wheel: zipfile.ZipFile):
    assert wheel.filename is not None
    assert Path(wheel.filename).stat().st_size < LARGEST


def test_no_generated_data_and_no_run_is_in_the_wheel(wheel: zipfile.ZipFile):
    names = [name for name in wheel.namelist() if not name.startswith(f"{STARTER}model_cards/")]  # an artefact can be Parquet
    assert [name for name in names if name.endswith((".parquet", ".pyc")) or "/data/" in name or "reports/" in name] == []


def test_every_tracked_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile):
    assert tracked("evalharness") <= set(wheel.namelist())


def test_the_licence_the_types_marker_and_the_entry_points_are_in_the_wheel(wheel: zipfile.ZipFile):
    names = set(wheel.namelist())
    assert {"evalharness/py.typed", "evalharness-0.1.0.dist-info/licenses/LICENSE"} <= names
    points = wheel.read("evalharness-0.1.0.dist-info/entry_points.txt").decode()
    assert "evalharness = evalharness.cli:main" in points
    assert "sklearn = evalharness.adapters.sklearn_estimator:SklearnAdapter" in points
