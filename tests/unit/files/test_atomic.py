"""Writes are complete or absent."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from evalharness.errors import BadInput
from evalharness.files.atomic import new_folder, write_bytes


def test_a_file_is_replaced_whole_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "below" / "f.json"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(path.parent) == ["f.json"]


def test_a_file_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    with pytest.raises(BadInput, match="cannot be written"):
        write_bytes(tmp_path / "f", b"x")
    (tmp_path / "g").write_bytes(b"a file")
    with pytest.raises(BadInput, match="cannot be written"):
        write_bytes(tmp_path / "g" / "h", b"x")
    assert (names(tmp_path)) == ["f", "g"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_appears_only_when_it_is_full(tmp_path: Path, exists: bool) -> None:
    final = tmp_path / "runs" / "one"
    if exists:
        final.mkdir(parents=True)
    with new_folder(final) as folder:
        assert folder.parent == final.parent
        assert folder.name.startswith(f".one.tmp-{os.getpid()}-")
        (folder / "inner").mkdir()
        (folder / "inner" / "f").write_text("x")
        assert not final.exists() or not names(final)
    assert (final / "inner" / "f").read_text() == "x"
    assert names(final.parent) == ["one"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(final.stat().st_mode) == 0o777 & ~umask


def fill(final: Path, error: type[BaseException]) -> None:
    with new_folder(final) as folder:
        (folder / "f").write_text("x")
        raise error


def fill_too_late(final: Path) -> None:
    with new_folder(final) as folder:
        (folder / "f").write_text("ours")
        final.mkdir()
        (final / "g").write_text("theirs")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_folder_whose_making_fails_is_removed(tmp_path: Path, error: type[BaseException]) -> None:
    final = tmp_path / "one"
    with pytest.raises(error):
        fill(final, error)
    assert names(tmp_path) == []


def test_a_folder_is_never_put_over_anything(tmp_path: Path) -> None:
    full, file, link = tmp_path / "full", tmp_path / "file", tmp_path / "link"
    full.mkdir()
    (full / "f").write_text("kept")
    file.write_text("kept")
    link.symlink_to(tmp_path / "nowhere")
    for final in (full, file, link):
        with pytest.raises(BadInput), new_folder(final):
            pytest.fail("the body must not run")
    assert (names(tmp_path)) == ["file", "full", "link"]


def test_a_folder_that_was_filled_meanwhile_is_left_alone(tmp_path: Path) -> None:
    final = tmp_path / "one"
    with pytest.raises(BadInput, match="not empty"):
        fill_too_late(final)
    assert names(tmp_path) == ["one"]
    assert names(final) == ["g"]
