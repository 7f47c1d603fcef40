"""Where seals, their secrets and their openings lie, and what they say of a benchmark."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evalharness.digests import sha256_json
from evalharness.errors import Altered, bad_input
from evalharness.files.seal import SEAL_FILE, Opening, Seal, commitment_of, facts_of_opening, harms_of, read_opening, read_seal
from evalharness.files.workspace import Workspace
from evalharness.files.yaml import read_yaml
from evalharness.records import BenchmarkInfo, SealFacts


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


def unopened_seal(place: Workspace, folder: Path) -> Seal:
    """The seal, for a lock. Raises BadInput where it was opened already: a model locked now could have been tuned on its items."""
    seal = seal_of(folder)
    path = opening_path(place, seal)
    if path.exists():
        raise bad_input(
            "the seal has been opened: whoever locks a model now may have seen the secret", where=path,
            hint="move seal.json away, make a new seal with `evalharness benchmark seal`, and lock on that",
        )  # fmt: skip
    return seal


def opened_seal(place: Workspace, folder: Path) -> SealFacts:
    """What evidence says of the items of the opened seal.

    Raises BadInput where it was not opened yet, Altered where the opening is not that of the seal.
    """
    seal = seal_of(folder)
    path = opening_path(place, seal)
    if not path.exists():
        raise bad_input(
            "the seal has not been opened, so the items do not exist yet", where=path,
            hint="once every model is locked: evalharness benchmark open " + folder.name,
        )  # fmt: skip
    opening = read_opening(path)
    check_opening(seal, opening, path)
    return facts_of_opening(seal, opening, harms_of(read_yaml(folder / "benchmark.yaml").data))


def check_opening(seal: Seal, opening: Opening, path: Path) -> None:
    """Raises Altered unless the opening is one of this seal."""
    if opening.seal != seal.digest or commitment_of(bytes.fromhex(opening.secret)) != seal.commitment:
        raise Altered([f"{path}: not the opening of this seal"])


def sealed_info(info: BenchmarkInfo, seal: Seal) -> BenchmarkInfo:
    """What a lock names before there are items: the seal in place of the content, no seed."""
    return replace(info, seal=SealFacts(digest=seal.digest, secret="", models=(), dials=()), seed=None, rows=seal.rows)
