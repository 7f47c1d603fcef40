"""Writes that are complete or absent, whenever the process dies."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evalharness.errors import bad_input
from evalharness.files.leftovers import held, sweep

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""How file systems say that they have no links."""


def write_bytes(path: Path, data: bytes) -> None:
    """Replaces the file at `path` by `data` in one step: written beside, flushed to disk, renamed.

    Raises BadInput when the folder cannot be written.
    """
    beside = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_synced(beside, data)
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise bad_input("the file cannot be written", where=path, got=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


class Taken(Exception):
    """Something is at this path already: somebody else was first."""


def new_file(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Writes a file that must not exist: it appears at `path` complete, or not at all, and of several writers exactly one succeeds.

    mode: who may read and write it from its first byte on, less the process's umask; 0o600 for secrets.
    Raises Taken when something is there already, BadInput when the folder cannot be written.
    """
    beside = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_synced(beside, data, mode)
        if not _put_new(beside, path, data, mode):
            raise Taken(str(path))
        _sync_folder(path.parent)
    except OSError as error:
        raise bad_input("the file cannot be written", where=path, got=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _write_synced(path: Path, data: bytes, mode: int = 0o666) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _put_new(beside: Path, path: Path, data: bytes, mode: int) -> bool:
    """Gives the file its name, unless the name is taken: then false."""
    try:
        if os.name == "nt":  # a rename there refuses a taken name by itself
            beside.rename(path)
        else:
            os.link(beside, path, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _written_in_place(path, data, mode)
    return True


def _written_in_place(path: Path, data: bytes, mode: int) -> bool:
    """On file systems without links: still exactly one writer succeeds, but a crash could leave a part, which every reader refuses."""
    try:
        _write_synced(path, data, mode)
    except FileExistsError:
        return False
    return True


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """A folder that appears at `final` complete or not at all: the body fills the yielded sibling, which is then renamed.

    Raises BadInput when `final` exists and is not an empty folder, before and after the body, and when it cannot be written.
    Whatever the body raises passes through after the sibling is removed. Siblings that killed processes left are removed first.
    """
    check_free(final)
    sweep(final)
    beside = _beside(final)
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
    except OSError as error:
        raise bad_input("the folder cannot be made", where=final, got=error.strerror or str(error)) from error
    try:
        with held(beside):
            yield beside
            _sync_tree(beside)
            _put(beside, final)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_free(final: Path) -> None:
    """Raises BadInput unless nothing, or an empty folder, is at `final`."""
    hint = "name another folder, or empty this one"
    if final.is_symlink():
        raise bad_input("the folder to be made is a link", where=final, expected="a path that does not exist", hint=hint)
    if not final.exists():
        return
    if not final.is_dir():
        raise bad_input("the folder to be made is a file", where=final, expected="a path that does not exist", hint=hint)
    if any(final.iterdir()):
        raise bad_input(
            "the folder to be made exists and is not empty",
            where=final,
            expected="a path that does not exist, or an empty folder",
            hint=hint,
        )


def _beside(path: Path) -> Path:
    return path.parent / f".{path.name}.tmp-{os.getpid()}-{secrets.token_hex(4)}"


def _put(beside: Path, final: Path) -> None:
    check_free(final)
    try:
        if final.exists() and os.name == "nt":  # elsewhere a rename replaces an empty folder by itself
            final.rmdir()
        beside.rename(final)
        _sync_folder(final.parent)
    except OSError as error:
        raise bad_input("the folder cannot be put in its place", where=final, got=error.strerror or str(error)) from error


def _sync_tree(folder: Path) -> None:
    for root, _, names in os.walk(folder):
        for name in names:
            with (Path(root) / name).open("rb") as stream:
                os.fsync(stream.fileno())
        _sync_folder(Path(root))


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
