"""Blind exports for vendors, and what their answers to canaries betray."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters import open_classifier
from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.benchmarks.batch import Batch
from evalharness.benchmarks.blind import BlindExport, BlindKey, CanaryCheck, CanaryItems, check_canaries, export_blind, read_key
from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.opened import declared
from evalharness.errors import BadInput, bad_input
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.predictions.answers import ANSWERED
from evalharness.records import Card, OperatingPoint, SealFacts
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.workflows.sealing_files import opened_seal

KEYS = "blind"
"""Under sign-off/; version control ignores it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A run on answers that came back under fresh ids."""

    key: BlindKey
    check: CanaryCheck


def export(
    name: str,
    out: Path,
    *,
    split: str = "test",
    practice: bool = False,
    rows: int | None = None,
    seed: int | None = None,
    key: Path | None = None,
    workspace: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> BlindExport:
    """Writes the folder `out` for a vendor, and its key: by default sign-off/blind/OUT.key.json.

    practice: of the public recipe and seed, which anybody can generate and join; else the items of the opened seal.
    Raises BadInput for a supplied table (the model goes to the data), a seal that was not opened, and anything that is there already.
    """
    place = find_workspace(workspace)
    folder = place.benchmark_folder(name)
    declaration = read_declaration(folder)
    if declaration.dials is None:
        raise bad_input(
            "a supplied table is never exported: the model goes to the data", where=declaration.path,
            hint="evaluate the model here, with an adapter for it",
        )  # fmt: skip
    if not practice and (rows is not None or seed is not None):
        raise bad_input(
            "rows and seed of sealed items are those of the seal", where="--rows, --seed", hint="leave them out, or add --practice"
        )
    seal = None if practice else _seal(place, folder)
    benchmark = open_benchmark(
        folder, rows=rows, seed=seed, seal=seal, counted=False, anew=seal is not None, progress=progress, notice=notice
    )
    kept = place.sign_off / KEYS / f"{out.absolute().name}.key.json" if key is None else key
    if kept.suffix != ".json":
        raise bad_input("a key is a .json file, with a .parquet file beside it", where="--key", got=str(kept))
    recipe = declared(folder, rows=rows, seed=seed, seal=seal)
    return export_blind(benchmark, recipe, split, out, kept, practice=practice)


def _seal(place: Workspace, folder: Path) -> SealFacts:
    try:
        return opened_seal(place, folder)
    except BadInput as error:
        raise bad_input(
            "only sealed items are exported: whoever has a public recipe and seed can make the items with their labels and join them",
            where=folder, got="; ".join(problem.what for problem in error.problems),
            hint="seal, lock and open first (docs/benchmarks.md); or --practice, for an export that proves nothing",
        ) from error  # fmt: skip


def read_blind(path: Path, benchmark: Benchmark, split: str, card: Card, point: OperatingPoint) -> Blind:
    """The key at `path`, and what the card's predictions say of its canaries.

    Raises BadInput where the key is not that of these items, or the model is not a file of predictions.
    """
    if card.adapter != "predictions":
        got, expected = f"adapter {card.adapter}", "a card of the adapter predictions"
        raise bad_input("a blind key is for answers that came back as a file", where="--blind-key", got=got, expected=expected)
    key = read_key(path, benchmark, split)
    return Blind(key=key, check=check_canaries(_answers(key, benchmark, split, card, point), key.drawn))


def _answers(key: BlindKey, benchmark: Benchmark, split: str, card: Card, point: OperatingPoint) -> NDArray[np.float64]:
    """[canaries] scores, or levels as numbers; NaN without an answer. A file that answers no canary shares no id with them."""
    count = len(key.canaries)
    nothing = np.full(count, np.nan)
    if not count:
        return nothing
    canaries = CanaryItems(benchmark, key)
    try:
        answers = open_classifier(card, canaries, split, point).answer(Batch(start=0, rows=count))
    except BadInput:
        return nothing  # whatever is wrong with the file is told when its items are read
    values = answers.labels if answers.scores is None else answers.scores
    return nothing if values is None else np.where(answers.status == ANSWERED, values.astype(np.float64), np.nan)


def key_of_export(place: Workspace, export: str) -> Path:
    """The key of an export, by its id. Raises BadInput when it is not in sign-off/blind/."""
    folder = place.sign_off / KEYS
    for path in sorted(folder.glob("*.json")):
        if f'"export":"{export}"' in path.read_text(encoding="utf-8", errors="replace"):
            return path
    raise bad_input("the key of this blind export is not here, so the answers cannot be read again", where=folder, got=f"export {export}")
