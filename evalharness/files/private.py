"""Folders for one process alone, gone when it has what it needs."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from evalharness.errors import bad_input
from evalharness.files.leftovers import held, sweep


@contextmanager
def private_folder(like: Path) -> Iterator[Path]:
    """An empty folder that nobody else could have filled, removed after the body: beside `like`, or where that cannot be written, in the
    system's folder for such things (TMPDIR).

    What an earlier process left there when it was killed is removed first. Raises BadInput when neither can be written.
    """
    sweep(like)
    folder = _made(like)
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(like: Path) -> Path:
    name = f".{like.name}.tmp-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        like.parent.mkdir(parents=True, exist_ok=True)
        (like.parent / name).mkdir(mode=0o700)
    except OSError as error:
        try:
            other = Path(gettempdir()) / name
            other.mkdir(mode=0o700)
        except OSError:
            raise bad_input("the folder cannot be written", where=like.parent, got=error.strerror or str(error)) from error
        return other
    return like.parent / name
