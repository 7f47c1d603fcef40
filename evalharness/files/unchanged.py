"""Has a file changed between the moment it was checked and the moment it was used?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evalharness.errors import Problems, unreadable


@dataclass(frozen=True, slots=True)
class FileState:
    """What the file system says of a file; the time of its last change of status cannot be set back."""

    path: Path
    identity: tuple[int, int, int, int, int]
    """Device, inode, size, time of modification, time of change."""


def state_of(path: Path) -> FileState:
    """The state of a file now. Raises BadInput when it cannot be looked at."""
    try:
        seen = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return FileState(path, (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns))


def check_unchanged(states: Iterable[FileState]) -> None:
    """Raises BadInput for every file that is not as it was."""
    problems = Problems()
    for state in states:
        if state_of(state.path) != state:
            problems.add("the file changed while it was read; nothing was written", where=state.path, hint="run again when it is at rest")
    problems.raise_if_any()
