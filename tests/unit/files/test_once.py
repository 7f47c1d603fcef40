"""Files are read once, and only where they are plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.files.once import NotPlain, read_once


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    assert read_once(tmp_path / "f", 3) == b"abc"


def test_links_folders_and_long_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "f")
    for path, largest, why in ((tmp_path / "link", 9, "it is a link"), (tmp_path, 9, "a folder"), (tmp_path / "f", 2, "longer than 2")):
        with pytest.raises(NotPlain, match=why):
            read_once(path, largest)


def test_an_absent_file_is_the_system_s_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_once(tmp_path / "f", 9)
