"""The register of a period: every item once, what the classifier made of it and, where it is listed, what reviewers said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.digests import sha256_json
from evalharness.errors import Problems, bad_input, shown
from evalharness.records.oversight_sample import DISMISSED, KEPT, PILES, SELECTED, SET_ASIDE

ID, CHOSEN, SAID = "item_id", "selected", "reviewed"
RELEVANT, NOT_RELEVANT = "relevant", "not_relevant"
MOST_PROBLEMS = 1_000
_CHOSEN = {"true": True, "false": False}
_SAID = {RELEVANT: KEPT, NOT_RELEVANT: DISMISSED, "": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Every item of a period in its pile."""

    piles: dict[str, tuple[str, ...]]
    """Sorted ids by pile, in the order of `PILES`; only piles that hold items."""
    digest: str
    """Over ids and piles, whatever the order of the lines."""


def read_register(path: Path) -> Register:
    """Reads `item_id,selected[,reviewed]`: true or false; relevant, not_relevant or nothing. Raises BadInput with every problem."""
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path)
    names = header(path)
    _check_columns(path, names)
    problems, piles = Problems(), {name: list[str]() for name in PILES}
    seen: set[str] = set()
    for line, fields in list(records(path))[1:]:
        where = f"{path}:{line}"
        if len(problems) >= MOST_PROBLEMS:
            problems.add(f"and more: only the first {MOST_PROBLEMS} problems are told", where=path)
            break
        if len(fields) != len(names):
            problems.add("the line has another number of fields than the header", where=where, got=len(fields), expected=str(len(names)))
            continue
        row = dict(zip(names, fields, strict=True))
        pile = _pile(row, where, problems, reviewed=SAID in names)
        if not row[ID].strip():
            problems.add("an item has no id", where=where)
        elif row[ID] in seen:
            problems.add("an item stands there twice", where=where, got=row[ID], hint="list every item of the period once")
        elif pile is not None:
            piles[pile].append(row[ID])
        seen.add(row[ID])
    problems.raise_if_any()
    if not seen:
        raise bad_input("the register lists no item", where=path, expected="every item of the period, one a line")
    held = {name: tuple(sorted(ids)) for name, ids in piles.items() if ids}
    return Register(piles=held, digest=sha256_json(sorted((item, name) for name, ids in held.items() for item in ids)))


def _check_columns(path: Path, names: list[str]) -> None:
    problems = Problems()
    for name in sorted({ID, CHOSEN} - set(names)):
        problems.add("a column is missing", where=path, got=", ".join(names), expected=name)
    for name in [name for name in names if name not in {ID, CHOSEN, SAID}]:
        problems.add(
            "a register holds ids and piles, nothing else", where=path, got=name, expected=f"{ID}, {CHOSEN}, {SAID}", hint="remove it"
        )
    if len(set(names)) < len(names):
        problems.add("a column stands there twice", where=path, got=", ".join(names))
    problems.raise_if_any()


def _pile(row: dict[str, str], where: str, problems: Problems, *, reviewed: bool) -> str | None:
    chosen = _CHOSEN.get(row[CHOSEN])
    if chosen is None:
        problems.add(f"{CHOSEN} is neither true nor false", where=where, got=shown(row[CHOSEN]))
        return None
    if not reviewed:
        return SELECTED if chosen else SET_ASIDE
    if row[SAID] not in _SAID:
        problems.add(
            f"{SAID} is no known word",
            where=where,
            got=shown(row[SAID]),
            expected=f"{RELEVANT}, {NOT_RELEVANT}, or nothing where nobody opened it",
        )
        return None
    said = _SAID[row[SAID]]
    if said is None and chosen:
        problems.add(
            "a selected item has not been reviewed", where=where, got=row[ID],
            hint="close the period once every selected item has been reviewed, or leave the column out to sample the machine's selection",
        )  # fmt: skip
        return None
    return SET_ASIDE if said is None else said
