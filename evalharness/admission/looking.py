"""Read one run folder and say whether it can be believed and whose it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from evalharness.errors import Altered, NoEvidence
from evalharness.evidence.document import LARGEST
from evalharness.evidence.rederive import rederive
from evalharness.evidence.store import EVIDENCE_FILE, SUMS_FILE, StoredRun, may_be_of_model, read_run

_MARKS_OF_A_RUN = (EVIDENCE_FILE, SUMS_FILE, "report.html", "report.md", "junit.xml")


@dataclass(frozen=True, slots=True)
class Look:
    """A run folder that is, or may be, this model's."""

    folder: Path
    run: StoredRun | None
    """Null when it cannot be read."""
    altered: tuple[str, ...]
    """Why it cannot be believed; empty when it can."""


def look_at(folder: Path, model: str) -> Look | None:
    """Null when the folder is certainly not a run of this model. What cannot be read, or was altered, counts against the model
    unless its name says that it belongs to another: a failing run must not escape by being damaged."""
    try:
        return _look_at(folder, model)
    except OSError as error:
        return (
            Look(folder, None, (f"the folder cannot be read ({error.strerror or error})",)) if may_be_of_model(folder.name, model) else None
        )


def _look_at(folder: Path, model: str) -> Look | None:
    if _certainly_of_another(folder, model):
        return None
    try:
        run = read_run(folder)
    except NoEvidence:
        return None
    except Altered as error:
        if not may_be_of_model(folder.name, model) or not _looks_like_a_run(folder):
            return None
        return Look(folder, None, error.reasons)
    mine = run.evidence.model.name == model
    altered = run.problems
    if not altered and mine:
        altered = rederive(run.evidence)
    if mine or (altered and may_be_of_model(folder.name, model)):
        return Look(folder, run, tuple(altered))
    return None


def _certainly_of_another(folder: Path, model: str) -> bool:
    """Whether the evidence is JSON that names another model, in a folder whose name does not claim this one.

    Saves checking runs that do not matter. Renaming the model inside a failing run hides it as deleting the folder would, no better.
    """
    path = folder / EVIDENCE_FILE
    if folder.is_symlink() or path.is_symlink() or f"-{model}-" in folder.name:
        return False
    try:
        if path.stat().st_size > LARGEST:
            return False
        name = json.loads(path.read_bytes())["model"]["name"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(name, str) and name != model


def _looks_like_a_run(folder: Path) -> bool:
    return folder.is_symlink() or any((folder / name).exists() for name in _MARKS_OF_A_RUN)
