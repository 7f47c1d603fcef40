"""Where seals, their secrets and their openings lie, and what they say of a benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evalharness.digests import sha256_json
from evalharness.errors import Altered, bad_input
from evalharness.evidence import Evidence
from evalharness.files.atomic import Taken, new_file
from evalharness.files.seal import (
    SEAL_FILE,
    Opening,
    Seal,
    commitment_of,
    facts_of_opening,
    harms_of,
    read_opening,
    read_seal,
    unlike_locks,
)
from evalharness.files.workspace import Workspace
from evalharness.files.yaml import read_yaml
from evalharness.records import BenchmarkInfo, SealFacts
from evalharness.signoff.locks import Locks, read_locks
from evalharness.signoff.register import read_register


def stem_of(place: Workspace, seal: Seal) -> Path:
    """The path of secret and opening without their endings: named after the seal, so that none stands for another."""
    return place.sign_off / "seals" / f"{seal.benchmark}-{seal.version}-{seal.digest.removeprefix('sha256:')[:12]}"


def secret_path(place: Workspace, seal: Seal) -> Path:
    """Of the board's secret; never committed."""
    return stem_of(place, seal).with_suffix(".secret")


def opening_path(place: Workspace, seal: Seal) -> Path:
    """Of the opening; committed once every model was locked."""
    return stem_of(place, seal).with_suffix(".opening.json")


def seal_of(folder: Path) -> Seal:
    """The committed seal of the recipe as it lies there. Raises BadInput where there is none or it is for another recipe, Altered."""
    seal = read_seal(folder / SEAL_FILE)
    digest = sha256_json(read_yaml(folder / "benchmark.yaml").data)
    if seal.declaration != digest:
        raise bad_input(
            "benchmark.yaml is not the recipe that the seal is for", where=folder / SEAL_FILE, got=digest, expected=seal.declaration,
            hint="restore the recipe; for a changed recipe make a new seal",
        )  # fmt: skip
    return seal


@contextmanager
def unopened_seal(place: Workspace, folder: Path) -> Iterator[Seal]:
    """The seal, for a lock: as long as the body runs nobody opens it.

    Raises BadInput where it was opened already: a model locked now could have been tuned on its items.
    """
    seal = seal_of(folder)
    with alone_with(place, seal):
        path = opening_path(place, seal)
        if path.exists():
            raise bad_input(
                "the seal has been opened: whoever locks a model now may have seen the secret", where=path,
                hint="move seal.json away, make a new seal with `evalharness benchmark seal`, and lock on that",
            )  # fmt: skip
        yield seal


@contextmanager
def alone_with(place: Workspace, seal: Seal) -> Iterator[None]:
    """Nobody else locks on the seal, or opens it, while the body runs. Raises BadInput where somebody does."""
    stem = stem_of(place, seal)
    path = stem.with_name(f".{stem.name}.tmp-busy")
    try:
        new_file(path, b"")
    except Taken as error:
        raise bad_input(
            "somebody locks a model on this seal, or opens it, right now; nothing was written", where=path,
            hint="run the command again; where nothing is running any more, remove this file",
        ) from error  # fmt: skip
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def opened_seal(place: Workspace, folder: Path) -> SealFacts:
    """What evidence says of the items of the opened seal.

    Raises BadInput where it was not opened yet, Altered where the opening is not that of the seal, or counts other models or locks than
    are there.
    """
    seal = seal_of(folder)
    path = opening_path(place, seal)
    if not path.exists():
        raise bad_input(
            "the seal has not been opened, so the items do not exist yet", where=path,
            hint="once every model is locked: evalharness benchmark open " + folder.name,
        )  # fmt: skip
    facts = facts_of_opening(seal, read_opening_of(seal, path), harms_of(read_yaml(folder / "benchmark.yaml").data))
    if told := unlike_locks(facts, locked_on(locks_of(place), seal.digest)):
        raise Altered([f"{path}: {text}" for text in told])
    return facts


def read_opening_of(seal: Seal, path: Path) -> Opening:
    """The opening at `path`. Raises Altered unless it is one of this seal, with each model and lock once."""
    opening = read_opening(path)
    if opening.seal != seal.digest or commitment_of(bytes.fromhex(opening.secret)) != seal.commitment:
        raise Altered([f"{path}: not the opening of this seal"])
    if any(list(listed) != sorted(set(listed)) for listed in (opening.models, opening.locks)):
        raise Altered([f"{path}: its models or its locks are not sorted, or stand there twice"])
    return opening


def locks_of(place: Workspace) -> Locks:
    """Every lock of the workspace. Raises Altered where one cannot be read or was changed, MissingSignOff without a register."""
    locks = read_locks(place.sign_off, read_register(place.sign_off))
    reasons = [*locks.unreadable, *(text for record in locks.records for text in record.altered)]
    if reasons:
        raise Altered(reasons)
    return locks


def locked_on(locks: Locks, seal: str, by: str | None = None) -> dict[str, str]:
    """Digest of each lock on a seal (digest) -> digest of the model that it names; `by`: of those not younger than that time."""
    on_it = (record for record in locks.records if record.predicate.benchmark.digest == seal)
    return {r.digest: r.predicate.model.digest for r in on_it if by is None or r.predicate.author.created <= by}


def not_of_its_locks(evidence: Evidence, locks: Locks) -> tuple[str, ...]:
    """In what the opening that evidence tells of and the locks on its seal differ; empty where its items were not sealed."""
    told = evidence.benchmark.seal
    if told is None:
        return ()
    counted = evidence.lock is None or evidence.lock.digest in told.locks
    found = unlike_locks(told.facts, locked_on(locks, told.digest, evidence.created))
    return found if counted else (*found, "the lock that it names is not among those for which its seal was opened")


def sealed_info(info: BenchmarkInfo, seal: Seal) -> BenchmarkInfo:
    """What a lock names before there are items: the seal in place of the content, no seed."""
    return replace(info, seal=SealFacts(digest=seal.digest, secret="", models=(), locks=(), dials=()), seed=None, rows=seal.rows)
