from __future__ import annotations

import gc
from pathlib import Path

import pytest

from evalharness.files import held_open
from evalharness.files.held_open import HeldOpen

linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not show a process its open files")


def swapped(folder: Path) -> None:
    """Renames the folder away, and puts another one there."""
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    (folder / "file").write_text("another")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").write_text("first")
    return folder / "file"


@linux
def test_the_first_file_is_read_whatever_its_path_leads_to(path: Path) -> None:
    held = HeldOpen(path)
    swapped(path.parent)
    assert path.read_text() == "another"
    assert [held.source.read_text() for _ in range(2)] == ["first", "first"]


@linux
def test_it_is_closed_when_nobody_needs_it(path: Path) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    held = HeldOpen(path)
    assert len(set(Path("/proc/self/fd").iterdir()) - before) == 1
    del held
    gc.collect()
    assert set(Path("/proc/self/fd").iterdir()) <= before


def test_elsewhere_it_is_the_path(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_open, "_OPEN_FILES", path.parent / "nothing")
    assert HeldOpen(path).source == path


def test_what_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        HeldOpen(tmp_path / "nothing")
