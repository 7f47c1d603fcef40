"""A board seals a test set before models are locked, and opens it afterwards."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.opened import declared
from evalharness.errors import BadInput, bad_input, unreadable
from evalharness.files.atomic import Taken, new_file
from evalharness.files.once import NotPlain, read_once
from evalharness.files.seal import (
    SEAL_FILE,
    SECRET_BYTES,
    Opening,
    Seal,
    commitment_of,
    facts_of_opening,
    harms_of,
    opening_bytes,
    seal_bytes,
)
from evalharness.files.workspace import POSITIONAL, find_workspace
from evalharness.files.yaml import read_yaml
from evalharness.workflows.clock import clock_now, time_text
from evalharness.workflows.sealing_files import alone_with, locked_on, locks_of, opening_path, seal_of, secret_path
from evalharness.workflows.sealing_trials import check_ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A seal that was made."""

    path: Path
    secret: Path
    """Where the secret was written; nobody who makes models may read it."""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A seal that was opened."""

    path: Path
    models: tuple[str, ...]
    """Digests of the models that were locked on it."""
    locks: tuple[str, ...]
    """Digests of those locks."""


def seal(name: str, *, secret: Path | None = None, workspace: Path | None = None, now: datetime | None = None) -> Sealed:
    """Draws a secret and commits to it in `seal.json` beside benchmark.yaml. Nothing is overwritten.

    secret: where the secret is written; default in sign-off/seals/, which version control ignores.
    Raises BadInput for a supplied table, a seal that is there already, and dials whose plausible ranges contradict one another.
    """
    place = find_workspace(workspace)
    folder = place.benchmark_folder(name, POSITIONAL)
    declaration = read_declaration(folder)
    if declaration.dials is None:
        raise bad_input("a supplied table cannot be sealed: its items exist already", where=declaration.path, expected="a recipe")
    path = folder / SEAL_FILE
    if path.exists() or path.is_symlink():
        raise bad_input("there is a seal already", where=path, hint="use it, or move it away first: locks on it are then for nothing")
    check_ranges(declaration, harms_of(read_yaml(declaration.path).data))
    drawn = secrets.token_bytes(SECRET_BYTES)
    columns = declaration.columns
    made = Seal(
        schema="evalharness/seal/v1",
        benchmark=declaration.name,
        version=declaration.version,
        task=declaration.task,
        rows=declaration.dials.rows,
        declaration=declaration.digest,
        attributes=columns.groups,
        clustered=columns.cluster is not None or columns.entity is not None,
        levels=declaration.levels,
        commitment=commitment_of(drawn),
        created=time_text(clock_now() if now is None else now),
    )
    kept = secret_path(place, made) if secret is None else secret
    _write_new(kept, drawn.hex().encode() + b"\n", mode=0o600)
    _write_new(path, seal_bytes(made))
    return Sealed(path=path, secret=kept, digest=made.digest)


def open_seal(name: str, *, secret: Path | None = None, workspace: Path | None = None, now: datetime | None = None) -> Opened:
    """Publishes the secret, once, with what is locked by now: from models, locks and the secret follow seed and dials.

    Raises BadInput where no model is locked on the seal, it was opened already, somebody locks on it right now, the secret is not its own,
    or its dials cannot be generated; MissingSignOff without a register; Altered where locks cannot be read.
    """
    place = find_workspace(workspace)
    folder = place.benchmark_folder(name, POSITIONAL)
    sealed = seal_of(folder)
    path = opening_path(place, sealed)
    kept = secret_path(place, sealed) if secret is None else secret
    with alone_with(place, sealed):
        if path.exists():
            raise bad_input(
                "the seal has been opened already", where=path, hint="a seal is opened once; its items are there for everybody now"
            )
        locks = locked_on(locks_of(place), sealed.digest)
        if not locks:
            raise bad_input("no model is locked on this seal", where=place.locks, hint="lock every model first: evalharness lock")
        opening = Opening(
            schema="evalharness/opening/v1",
            seal=sealed.digest,
            secret=_secret(kept, sealed),
            models=tuple(sorted(set(locks.values()))),
            locks=tuple(sorted(locks)),
            opened=time_text(clock_now() if now is None else now),
        )
        _check_can_be_made(folder, sealed, opening)
        _write_new(path, opening_bytes(opening))
    return Opened(path=path, models=opening.models, locks=opening.locks)


def _check_can_be_made(folder: Path, sealed: Seal, opening: Opening) -> None:
    """Raises BadInput, before the secret is published, where the dials that follow from it cannot be generated."""
    try:
        declared(folder, seal=facts_of_opening(sealed, opening, harms_of(read_yaml(folder / "benchmark.yaml").data)))
    except BadInput as error:
        raise bad_input(
            "the dials that would be drawn now cannot be generated; nothing was published", where=folder,
            got="; ".join(problem.what for problem in error.problems),
            hint="narrow the plausible ranges, make a new seal, and lock every model on that",
        ) from error  # fmt: skip


def _secret(path: Path, sealed: Seal) -> str:
    try:
        text = read_once(path, 1_000).decode("ascii", "replace").strip()
    except NotPlain as error:
        raise bad_input(str(error), where=path) from error
    except OSError as error:
        raise unreadable(path, error, "name the file that `benchmark seal` wrote: --secret FILE") from error
    try:
        if commitment_of(bytes.fromhex(text)) == sealed.commitment:
            return text
    except ValueError:
        pass  # not hexadecimal: refused below
    raise bad_input("not the secret of this seal", where=path, expected=f"64 hexadecimal digits whose commitment is {sealed.commitment}")


def _write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    try:
        new_file(path, data, mode=mode)
    except Taken as error:
        raise bad_input("there is a file already; nothing is overwritten", where=path) from error


__all__ = ["Opened", "Sealed", "open_seal", "seal"]
