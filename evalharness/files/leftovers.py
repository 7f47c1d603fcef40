"""Half-written folders that a process left when it was killed: found by their name, removed when nobody can be filling them any more."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_OURS = ("evalharness", "python")
"""What stands in the command of a process that may have made such a folder, by the command or by a script."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """While the body runs, and no longer than this process lives, `sweep` leaves the folder alone, whoever calls it.

    The process number in the name is not enough: in another container, or after a restart, it is somebody else's.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with suppress(OSError):  # a file system without locks: then `sweep` finds that it cannot know, too
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def sweep(final: Path) -> tuple[Path, ...]:
    """Removes what `new_folder(final)` left beside `final` in processes that are gone. What was removed; in doubt, nothing is.

    Removed are folders of this user, never links, whose name is exactly .NAME.tmp-PID-RANDOM, which no process holds, and whose process
    does not exist, is this one, or runs another program. Raises nothing: what cannot be removed stays.
    """
    if sys.platform == "win32":
        return ()
    pattern = re.compile(rf"\.{re.escape(final.name)}\.tmp-([1-9][0-9]{{0,9}})-[0-9a-f]{{8}}", re.ASCII)
    removed = []
    with suppress(OSError):
        for path in sorted(final.parent.iterdir()):
            match = pattern.fullmatch(path.name)
            if match and _is_gone(int(match[1])) and _removed(path):
                removed.append(path)
    return tuple(removed)


def _removed(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # a link, a file, somebody else's, or gone
        return False
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except OSError:  # it is held, or there are no locks here
        return False
    finally:
        os.close(descriptor)
    return not path.exists()


def _is_gone(pid: int) -> bool:
    """Whether no process of this number can be filling a folder. This very process holds what it fills."""
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:  # somebody else's process
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").lower()
    except OSError:  # it has just ended, or this system does not tell
        return False
    return bool(command) and not any(name in command for name in _OURS)
