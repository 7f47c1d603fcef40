"""The register of a period: every item once, what the classifier made of it and, where it is listed, what reviewers said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.errors import Problems, bad_input, shown
from evalharness.records.oversight_sample import DISMISSED, KEPT, PILES, SELECTED, SET_ASIDE

ID, CHOSEN, SAID = "item_id", "selected", "reviewed"
RELEVANT, NOT_RELEVANT = "relevant", "not_relevant"
MOST_PROBLEMS = 1_000
_CHOSEN = frozenset({"true", "false"})
_SAID = frozenset({RELEVANT, NOT_RELEVANT, ""})
_KNOWN: dict[tuple[str, str | None], str] = {
    ("true", None): SELECTED,
    ("false", None): SET_ASIDE,
    ("true", RELEVANT): KEPT,
    ("false", RELEVANT): KEPT,
    ("true", NOT_RELEVANT): DISMISSED,
    ("false", NOT_RELEVANT): DISMISSED,
    ("false", ""): SET_ASIDE,
}
"""(selected, reviewed) -> pile; reviewed is None where the register has no such column."""


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
    at = {name: place for place, name in enumerate(names)}
    place_of, chosen_of, said_of = at[ID], at[CHOSEN], at.get(SAID)
    seen: set[str] = set()
    for line, fields in islice(records(path), 1, None):
        if len(problems) >= MOST_PROBLEMS:
            problems.add(f"and more: only the first {MOST_PROBLEMS} problems are told", where=path)
            break
        if len(fields) != len(names):
            got = len(fields)
            problems.add("the line has another number of fields than the header", where=f"{path}:{line}", got=got, expected=str(len(names)))
            continue
        item = fields[place_of]
        known = _KNOWN.get((fields[chosen_of], fields[said_of] if said_of is not None else None))
        if known is None:
            _tell(problems, f"{path}:{line}", fields[chosen_of], fields[said_of] if said_of is not None else "", item)
        if not item.strip():
            problems.add("an item has no id", where=f"{path}:{line}")
        elif item in seen:
            problems.add("an item stands there twice", where=f"{path}:{line}", got=shown(item), hint="list every item of the period once")
        elif known is not None:
            piles[known].append(item)
        seen.add(item)
    problems.raise_if_any()
    if not seen:
        raise bad_input("the register lists no item", where=path, expected="every item of the period, one a line")
    held = {name: tuple(sorted(ids)) for name, ids in piles.items() if ids}
    return Register(piles=held, digest=_digest(held))


def _digest(held: dict[str, tuple[str, ...]]) -> str:
    """sha256 over pile after pile: its name, how many items, and each id with its length before it."""
    digest = hashlib.sha256()
    for name, ids in held.items():
        digest.update(f"{name} {len(ids)}\n".encode())
        for item in ids:
            data = item.encode()
            digest.update(b"%d:%b\n" % (len(data), data))
    return f"sha256:{digest.hexdigest()}"


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


def _tell(problems: Problems, where: str, chosen: str, said: str, item: str) -> None:
    """What is wrong with a line whose pile is not known."""
    if chosen not in _CHOSEN:
        problems.add(f"{CHOSEN} is neither true nor false", where=where, got=shown(chosen))
    if said not in _SAID:
        expected = f"{RELEVANT}, {NOT_RELEVANT}, or nothing where nobody opened it"
        problems.add(f"{SAID} is no known word", where=where, got=shown(said), expected=expected)
    elif chosen == "true":
        problems.add(
            "a selected item has not been reviewed", where=where, got=shown(item),
            hint="close the period once every selected item has been reviewed, or leave the column out to sample the machine's selection",
        )  # fmt: skip
