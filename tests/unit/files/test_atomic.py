"""Writes are complete or absent."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evalharness.errors import BadInput
from evalharness.files.atomic import Taken, new_file, new_folder, write_bytes


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


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "below" / "0001.json"
    new_file(path, b"one")
    with pytest.raises(Taken):
        new_file(path, b"two")
    assert path.read_bytes() == b"one"
    assert names(path.parent) == ["0001.json"]


def test_a_link_in_the_place_of_a_new_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Taken):
        new_file(tmp_path / "link", b"one")
    assert not (tmp_path / "elsewhere").exists()


def test_a_new_file_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    with pytest.raises(BadInput, match="cannot be written"):
        new_file(tmp_path / "f" / "g", b"one")


def test_where_there_are_no_links_still_only_one_writer_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOTSUP, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    new_file(tmp_path / "f", b"one")
    with pytest.raises(Taken):
        new_file(tmp_path / "f", b"two")
    assert (tmp_path / "f").read_bytes() == b"one"
    assert names(tmp_path) == ["f"]


def test_of_many_writers_of_one_new_file_exactly_one_succeeds(tmp_path: Path) -> None:
    def attempt(number: int) -> bool:
        try:
            new_file(tmp_path / "f", str(number).encode())
        except Taken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 1
    assert names(tmp_path) == ["f"]


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
