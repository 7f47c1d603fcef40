"""A file read once, as it lies there: links and devices refused, never more than a stated number of bytes."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class NotPlain(Exception):
    """Not a plain file of a sensible size; the text says why, beginning with `it`."""


def read_once(path: Path, largest: int) -> bytes:
    """The bytes of a plain file of at most `largest` bytes.

    Raises NotPlain for a link, a folder, a device or a longer file, and OSError when the system refuses.
    """
    seen = path.lstat()
    if not stat.S_ISREG(seen.st_mode):
        raise NotPlain("it is a link, a folder or a device, not a plain file")
    if seen.st_size > largest:
        raise NotPlain(f"it is longer than {largest} bytes")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise NotPlain(f"it is longer than {largest} bytes")
    return data
