"""Answers that came back for a blind export: which export they are for, and what those to canaries betray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters import open_classifier
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Batch
from evalharness.benchmarks.blind import (
    UNANSWERED,
    BlindKey,
    CanaryCheck,
    CanaryItems,
    KeyFile,
    chance_of_fewer,
    check_canaries,
    exports_in,
    read_key,
    read_key_file,
)
from evalharness.benchmarks.opened import declared
from evalharness.benchmarks.text import NotText, as_text
from evalharness.errors import BadInput, Problems, bad_input
from evalharness.files.workspace import Workspace
from evalharness.predictions.aligned import NothingInCommon
from evalharness.predictions.answers import ANSWERED, Accounting
from evalharness.predictions.columns import DEFAULT_ID, LEFT
from evalharness.predictions.stored import open_file
from evalharness.records import Card, Caution, OperatingPoint

KEYS = "blind"
"""Under sign-off/; version control ignores it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A run on answers that came back under fresh ids."""

    key: BlindKey
    check: CanaryCheck


def fitting_key(path: Path | None, folder: Path, split: str, card: Card, *, rows: int | None, seed: int | None) -> KeyFile | None:
    """What the key at `path` says; null without one. Nothing is generated for this.

    Raises BadInput where it is for another benchmark, other items or another export than the card's predictions, and where the model is
    no file of predictions.
    """
    if path is None:
        return None
    if card.adapter != "predictions":
        got, expected = f"adapter {card.adapter}", "a card of the adapter predictions"
        raise bad_input("a blind key is for answers that came back as a file", where="--blind-key", got=got, expected=expected)
    file = read_key_file(path)
    ours = declared(folder, rows=rows, seed=seed)
    problems = Problems()
    if file.benchmark != ours.name:
        hint = f"judge by a policy about {file.benchmark}, or give the key of an export of {ours.name}"
        problems.add(f"the key is for {file.benchmark}", where=path, got=file.benchmark, expected=ours.name, hint=hint)
    elif file.split != split:
        problems.add("the key is for another split", where=path, got=file.split, expected=split)
    elif file.practice and ours.dials is not None and (file.rows, file.seed) != (ours.dials.rows, ours.dials.seed):
        wanted = [f"--rows {file.rows}"] * (file.rows != ours.dials.rows) + [f"--seed {file.seed}"] * (file.seed != ours.dials.seed)
        problems.add(
            f"the export was made of {file.rows} rows and seed {file.seed}", where=path,
            got=f"{ours.dials.rows} rows and seed {ours.dials.seed}", expected=f"{file.rows} rows and seed {file.seed}",
            hint=f"add {' '.join(wanted)}",
        )  # fmt: skip
    problems.raise_if_any()
    check_export(card, file.export)
    return file


def check_export(card: Card, export: str | None) -> None:
    """Raises BadInput where the first answers are those to another export than this, or than none."""
    found = _exports_answered(card)
    if not found or export in found:
        return
    if export is None:
        raise bad_input(
            f"these are answers to the blind export {found[0]}, whose ids are in no benchmark", where=card.artifact,
            expected="its key beside them", hint="add --blind-key with the key that stayed behind, by default in sign-off/blind/",
        )  # fmt: skip
    raise bad_input(
        f"these answers are for export {found[0]}, the key is of export {export}", where=card.artifact,
        hint="give the key that was written with their export; its file says the number at `export`",
    )  # fmt: skip


def _exports_answered(card: Card) -> tuple[str, ...]:
    """Exports whose ids are among the first of a file of predictions; of a file that cannot be read none, which is told when it is used."""
    if card.adapter != "predictions":
        return ()
    try:
        file = open_file(card.artifact)
        named = next((name for name in (DEFAULT_ID, LEFT) if name in file.names), None)
        batch = None if named is None else next(iter(file.batches([named])), None)
        return () if batch is None else exports_in(as_text(batch.column(0)))
    except (BadInput, NotText):
        return ()


def read_blind(path: Path, benchmark: Benchmark, split: str, card: Card, point: OperatingPoint) -> Blind:
    """The key at `path`, and what the card's predictions say of its canaries. Raises BadInput where the key is not that of these items."""
    key = read_key(path, benchmark, split)
    return Blind(key=key, check=check_canaries(_answers(key, benchmark, split, card, point), key.drawn))


def _answers(key: BlindKey, benchmark: Benchmark, split: str, card: Card, point: OperatingPoint) -> NDArray[np.float64]:
    """[canaries] scores, or levels as numbers; NaN without an answer."""
    count = len(key.canaries)
    nothing = np.full(count, np.nan)
    if not count:
        return nothing
    canaries = cast("Benchmark", CanaryItems(benchmark.info, key))  # all that reading answers asks of one
    try:
        answers = open_classifier(card, canaries, split, point).answer(Batch(start=0, rows=count))
    except NothingInCommon:
        return nothing  # no canary is answered
    values = answers.labels if answers.scores is None else answers.scores
    return nothing if values is None else np.where(answers.status == ANSWERED, values.astype(np.float64), np.nan)


def blind_cautions(blind: Blind, accounting: Accounting) -> Iterator[Caution]:
    """What canaries say on page one. `accounting`: of the other items."""
    check, items = blind.check, accounting.answered + accounting.missing + accounting.duplicate + accounting.invalid
    if check.betrays:
        text = (
            f"The answers to {check.answered} canary items agree with labels that were drawn by lot and that only the key holds "
            f"({check.agreeing} agree): whoever made them has seen the key's labels. Nothing in this run can be relied on."
        )
        yield Caution(kind="labels_seen", text=text)
    if chance_of_fewer(check, blind.key.file.units, items, accounting.answered) < UNANSWERED:
        text = (
            f"{check.answered} of {check.items} canary items are answered, and {accounting.answered} of {items} other items. Whoever "
            "answers from the export cannot tell them apart: by chance so few are answered in less than 1 of 10,000 such runs. Answers "
            "that were joined with items made again from recipe and seed look like this."
        )
        yield Caution(kind="canaries_unanswered", text=text)


def key_of_export(place: Workspace, export: str, given: Path | None = None) -> Path:
    """The key of an export, by its number: the one given, or the one in sign-off/blind/. Raises BadInput where that is none."""
    folder = place.sign_off / KEYS
    if given is not None:
        if (found := read_key_file(given).export) != export:
            raise bad_input("the key is of another export than the run", where=given, got=found, expected=export)
        return given
    for path in sorted(folder.glob("*.json")):
        try:
            if read_key_file(path).export == export:
                return path
        except BadInput:
            continue  # something else lies there too
    raise bad_input(
        "the key of this blind export is not here, so the answers cannot be read again", where=folder, got=f"export {export}",
        hint="name it with --blind-key",
    )  # fmt: skip
