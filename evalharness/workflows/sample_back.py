"""Take the coded sheet of a sample back, whole or at a look that was declared beforehand."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalharness.digests import canonical_json, sha256_bytes, sha256_json
from evalharness.errors import Altered, bad_input, unreadable
from evalharness.evidence.oversight.sample import coded_as_json, way_record
from evalharness.files.atomic import Taken, new_file, write_bytes
from evalharness.files.draws import FILE, Look, draws_bytes, looks_at, read_chain
from evalharness.oversight.sampling.coders import together
from evalharness.oversight.sampling.counts import counted, seeds_counted
from evalharness.oversight.sampling.draw import sheet_order
from evalharness.oversight.sampling.sheet import Coded, first_lines, read_sheet
from evalharness.records.oversight_sample import DOUBLE_CODED, Doubly, Sampled
from evalharness.workflows.sample_files import ITEMS, SEEDED, Key, counts_digest, read_key, result_of

NOTHING_SETTLED = Coded(labels={}, done=frozenset(), coders=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """key.csv."""

    items: dict[str, tuple[str, ...]]
    """By pile, seeds too."""
    case_of: dict[str, int]


def take_back(folder: Path, *, coded: Sequence[Path], settled: Path | None = None, partial: bool = False) -> Sampled:
    """Counts the coded sheet pile by pile and writes the result, once. coded: one file, or two where the policy has it coded by two;
    settled: what a third says of items on which they contradict each other. partial: at a look, before all of the sheet is coded.

    Raises BadInput for anything wrong with the sheets, Altered for a key or a chain that is not as it was written.
    """
    key, digest = read_key(folder)
    _check_files(key, coded, settled, partial=partial)
    drawn = read_items(folder, key)
    order = sheet_order(drawn.items, key.seed)
    known = frozenset(order)
    sheets = [read_sheet(path, known) for path in coded]
    third = None if settled is None else read_sheet(settled, known)
    lines = _lines(order, sheets, coded, key, partial=partial)
    labels, doubly = _said(sheets, third, settled or coded[-1])
    sampled = _sampled(key, drawn, {item: labels[item] for item in lines if item in labels}, frozenset(lines), doubly)
    digests = [sha256_bytes(_bytes_of(path)) for path in (*coded, *(() if settled is None else (settled,)))]
    sheet = digests[0] if len(digests) == 1 else sha256_json(digests)
    names = frozenset().union(*(each.coders for each in (*sheets, *(() if third is None else (third,)))))
    look = len(lines) if key.looks else None
    result: dict[str, Any] = {
        "schema": "evalharness/sample-result/v1", "key": digest, "sheet": sheet, "coders": len(names), **coded_as_json(sampled),
        **({} if look is None else {"lines": look}),
    }  # fmt: skip
    said = _Labels(order=order, sheets=(*sheets, third or NOTHING_SETTLED), counts=counts_digest(sampled))
    _note(folder, key, len(lines), sheet, said)
    try:
        new_file(result_of(folder, look), canonical_json(result))
    except Taken as error:
        raise bad_input(
            "this sample was taken back before", where=result_of(folder, look), hint="a sample is coded once; for another one, draw again"
        ) from error
    return sampled


def _check_files(key: Key, coded: Sequence[Path], settled: Path | None, *, partial: bool) -> None:
    needed = 2 if key.coders == DOUBLE_CODED else 1
    if len(coded) != needed:
        raise bad_input(
            "the policy has this sample coded by another number of people", where="--coded", got=f"{len(coded)} files",
            expected=f"{needed} files" if needed > 1 else "one file", hint="give --coded once for each of those who coded apart",
        )  # fmt: skip
    if settled is not None and needed == 1:
        raise bad_input("where one person codes there is nothing to settle", where="--settled", hint="leave it out")
    if partial and not key.looks:
        raise bad_input(
            "the policy declares no look at this sample before all of it is coded", where="--partial",
            hint="code the rest; looking early is paid for beforehand, by `stopping: {looks: […]}` in the policy",
        )  # fmt: skip


def _lines(order: Sequence[str], sheets: Sequence[Coded], coded: Sequence[Path], key: Key, *, partial: bool) -> tuple[str, ...]:
    """The lines of the sheet that count now."""
    if not partial:
        return tuple(order)
    several = {first_lines(order, sheet.done, key.looks, where=path) for sheet, path in zip(sheets, coded, strict=True)}
    if len(several) > 1:
        got = ", ".join(str(len(lines)) for lines in sorted(several, key=len))
        raise bad_input("the two who code have not come equally far", where=coded[-1], got=f"{got} coded lines", expected="the same look")
    return several.pop()


def _said(sheets: Sequence[Coded], third: Coded | None, where: Path) -> tuple[dict[str, bool], Doubly | None]:
    if len(sheets) == 1:
        return sheets[0].labels, None
    return together(sheets[0], sheets[1], third, where=where)


def _sampled(key: Key, drawn: Drawn, labels: dict[str, bool], lines: frozenset[str], doubly: Doubly | None) -> Sampled:
    """Seeds are not among what two say of the piles."""
    now = {name: tuple(item for item in ids if item in lines) for name, ids in drawn.items.items()}
    held = {pile.name: way_record(pile.held) for pile in key.piles if pile.held is not None}
    piles = counted({pile.name: pile.population for pile in key.piles}, now, labels, held or None, drawn.case_of)
    seeded = None if key.seeds is None else seeds_counted(key.seeds.missed, now[SEEDED], labels, drawn.case_of)
    return Sampled(
        draw=key.draw, sensitivity=key.sensitivity, piles=piles, looks=max(len(key.looks), 1), seeded=seeded, doubly=doubly
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    """What was said of every line of a sheet."""

    order: Sequence[str]
    sheets: Sequence[Coded]
    counts: str
    """Digest of what it came to."""

    def digest(self, lines: int) -> str:
        """Of what was said of the first lines."""
        return sha256_json([sheet.digest_of(self.order[:lines]) for sheet in self.sheets])


def _note(folder: Path, key: Key, look: int, sheet: str, said: _Labels) -> None:
    """Notes in the chain of draws that so many lines were taken back, and what they came to; what stands there already is left as it is.

    Raises BadInput where an earlier look saw other labels in its lines, or was at as many or more.
    """
    path = folder.parent / FILE
    chain = read_chain(path)
    if not chain:
        raise Altered([f"{path}: it does not tell of this sample"])
    for earlier in looks_at(chain, key.policy, key.draw):
        if earlier.coded != said.digest(earlier.look):
            raise bad_input(
                "labels that were taken back before were changed", where=folder, got=f"other labels in the first {earlier.look} lines",
                hint="what was coded stays as it was; for another try, draw again",
            )  # fmt: skip
        if (earlier.look, earlier.sheet) == (look, sheet):
            return
        if earlier.look >= look:
            raise bad_input(
                "this sample was taken back before", where=path, got=f"a look at {look} lines after one at {earlier.look}",
                hint="each look is taken once, in rising order",
            )  # fmt: skip
    line = Look(
        policy=key.policy, number=key.draw, look=look, sheet=sheet, coded=said.digest(look), counts=said.counts, previous=chain[-1].digest
    )  # fmt: skip
    write_bytes(path, draws_bytes((*chain, line)))


def read_items(folder: Path, key: Key) -> Drawn:
    """key.csv. Raises Altered where it is not the one that was written."""
    data = _bytes_of(folder / ITEMS)
    if sha256_bytes(data) != key.items:
        raise Altered([f"{folder / ITEMS}: it is not the list of items that was drawn"])
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    names = [*(pile.name for pile in key.piles), *((SEEDED,) if key.seeds is not None else ())]
    return Drawn(
        items={name: tuple(row[0] for row in rows if row[1] == name) for name in names},
        case_of={row[0]: int(row[3]) for row in rows if len(row) > 3 and row[3]},
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
