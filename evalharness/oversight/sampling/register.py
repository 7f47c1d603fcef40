"""The register of a period: every item once, what the classifier made of it and, where it is listed, what reviewers said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.errors import Problems, bad_input, shown
from evalharness.oversight.reviews.alike import plain
from evalharness.records.oversight_sample import DISMISSED, KEPT, PILES, SELECTED, SET_ASIDE

ID, CHOSEN, SAID, CASE = "item_id", "selected", "reviewed", "cluster"
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
    """Over ids, piles and cases, whatever the order of the lines."""
    cases: dict[str, str] | None = None
    """By id, the case that it belongs to; None where it is about the piles as they are."""


def read_register(path: Path, *, in_cases: bool = False) -> Register:
    """Reads `item_id,selected[,reviewed]`: true or false; relevant, not_relevant or nothing. Raises BadInput with every problem.

    in_cases: there is a further column `cluster`, the case of every item, for what is said of more than this period.
    """
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path)
    names = header(path)
    _check_columns(path, names, in_cases=in_cases)
    problems, piles = Problems(), {name: list[str]() for name in PILES}
    at = {name: place for place, name in enumerate(names)}
    place_of, chosen_of, said_of, case_of = at[ID], at[CHOSEN], at.get(SAID), at.get(CASE)
    seen: set[str] = set()
    cases: dict[str, str] = {}
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
        if case_of is not None and not fields[case_of].strip():
            problems.add("an item has no case", where=f"{path}:{line}", got=shown(item), hint="an item by itself is a case of its own")
        elif case_of is not None:
            cases[item] = fields[case_of]
        seen.add(item)
    names_of = sorted(set(cases.values()))
    if len(set(plain(names_of))) < len(names_of):
        hint = "write each case one way: the same case under two names makes the sample look surer than it is"
        problems.add("two cases have the same name but for blanks, capitals, accents or leading zeros", where=path, hint=hint)
    problems.raise_if_any()
    if not seen:
        raise bad_input("the register lists no item", where=path, expected="every item of the period, one a line")
    held = {name: tuple(sorted(ids)) for name, ids in piles.items() if ids}
    return Register(piles=held, digest=_digest(held, cases), cases=cases if in_cases else None)


def _digest(held: dict[str, tuple[str, ...]], cases: dict[str, str]) -> str:
    """sha256 over pile after pile: its name, how many items, and each id with its length before it; where it has cases, each likewise."""
    digest = hashlib.sha256()
    for name, ids in held.items():
        digest.update(f"{name} {len(ids)}\n".encode())
        for item in ids:
            for text in (item, *((cases[item],) if cases else ())):
                data = text.encode()
                digest.update(b"%d:%b\n" % (len(data), data))
    return f"sha256:{digest.hexdigest()}"


def _check_columns(path: Path, names: list[str], *, in_cases: bool) -> None:
    problems, needed = Problems(), {ID, CHOSEN, *({CASE} if in_cases else ())}
    for name in sorted(needed - set(names)):
        hint = "sampling is about the_stream, so cases must be known; an item by itself is a case of its own" if name == CASE else ""
        problems.add("a column is missing", where=path, got=", ".join(names), expected=name, hint=hint)
    for name in [name for name in names if name not in {*needed, SAID}]:
        hint = "remove it, or let sampling be `about: the_stream`" if name == CASE else "remove it"
        expected = ", ".join((ID, CHOSEN, SAID, *((CASE,) if in_cases else ())))
        problems.add("a register holds ids and piles, nothing else", where=path, got=name, expected=expected, hint=hint)
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
