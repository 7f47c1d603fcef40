"""A file that is read several times: always the one that was opened first, wherever its path leads by then."""

from __future__ import annotations

import os
from pathlib import Path
from weakref import finalize

_OPEN_FILES = Path("/proc/self/fd")


class HeldOpen:
    """Keeps a file open as long as it is needed.

    Where the system shows a process its open files (Linux), `source` leads to this very file, even if a folder above it was renamed or a
    link was set to another file meanwhile; elsewhere it is the path. Raises OSError when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        finalize(self, os.close, number)
        shown = _OPEN_FILES / str(number)
        self.source = shown if shown.exists() else path
