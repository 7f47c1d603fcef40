"""Which runs were made under a lock, as far as the folder of reports can tell."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from evalharness.errors import Altered
from evalharness.evidence.document import LARGEST
from evalharness.evidence.store import EVIDENCE_FILE, STATEMENTS, runs_in
from evalharness.files.once import NotPlain, read_once
from evalharness.signoff.envelope import LARGEST_STATEMENT
from evalharness.signoff.results import RESULT_FILE, read_result


def runs_under(reports: Path, lock: str) -> tuple[Path, ...]:
    """Run folders whose evidence or test result names this lock (digest), damaged ones too."""
    return tuple(folder for folder in runs_in(reports) if _names(folder, lock))


def _names(folder: Path, lock: str) -> bool:
    with suppress(OSError, NotPlain):
        if lock.encode() in read_once(folder / EVIDENCE_FILE, LARGEST):
            return True
    with suppress(OSError, NotPlain, Altered):
        signed = read_result(read_once(folder / STATEMENTS / RESULT_FILE, LARGEST_STATEMENT))
        return bool(signed.predicate.evalharness.lock == lock)
    return False
