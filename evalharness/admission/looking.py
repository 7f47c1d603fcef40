"""Read one run folder and say whether it can be believed and whose it is."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, NoEvidence
from evalharness.evidence.rederive import rederive
from evalharness.evidence.store import (
    EVIDENCE_FILE,
    PAGES,
    STATEMENTS,
    SUMS_FILE,
    RunFiles,
    StoredRun,
    checked_run,
    may_be_of_model,
    read_files,
)

_MARKS_OF_A_RUN = (EVIDENCE_FILE, SUMS_FILE, "report.html", "report.md", "junit.xml", STATEMENTS, *PAGES)


@dataclass(frozen=True, slots=True)
class Look:
    """A run folder that is, or may be, this model's."""

    folder: Path
    run: StoredRun | None
    """Null when it cannot be read."""
    altered: tuple[str, ...]
    """Why it cannot be believed; empty when it can."""
    statements: frozenset[str] = frozenset()
    """sha256 of every file under `statements/`."""


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
    maybe_mine = may_be_of_model(folder.name, model)
    try:
        found = read_files(folder)
    except NoEvidence:
        return None
    except Altered as error:
        return Look(folder, None, error.reasons) if maybe_mine else None
    if _certainly_of_another(found, model):
        return None
    try:
        run = checked_run(found)
    except Altered as error:
        return Look(folder, None, error.reasons, _digests(found)) if maybe_mine and _looks_like_a_run(found) else None
    mine = run.evidence.model.name == model
    altered = run.problems or (rederive(run.evidence) if mine else ())
    return Look(folder, run, altered, _digests(found)) if mine or (altered and maybe_mine) else None


def _certainly_of_another(found: RunFiles, model: str) -> bool:
    """Whether the evidence is JSON that names another model, in a folder whose name does not claim this one.

    Saves checking runs that do not matter. Renaming the model inside a failing run hides it as deleting the folder would, no better.
    """
    if f"-{model}-" in found.folder.name:
        return False
    try:
        name = json.loads(found.files[EVIDENCE_FILE])["model"]["name"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(name, str) and name != model


def _looks_like_a_run(found: RunFiles) -> bool:
    """Whether anything lies there that only runs have, readable or not."""
    return any(os.path.lexists(found.folder / name) for name in _MARKS_OF_A_RUN)


def _digests(found: RunFiles) -> frozenset[str]:
    return frozenset(map(sha256_bytes, found.statements.values()))
