"""A log of faults that were injected into a system in use: what became of each."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from evalharness.errors import BadInput, Problems, bad_input, unreadable
from evalharness.evidence.oversight.faults import MOST_KINDS
from evalharness.records.oversight_faults import FATES, FaultCount
from evalharness.workflows.clock import parse_time

COLUMNS = ("fault_id", "kind", "injected_at", "fate")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_BYTES = 100_000_000


def read_fault_log(path: Path) -> tuple[FaultCount, ...]:
    """Counts by kind, sorted. CSV with the columns above; an empty fate means that nobody knows, and counts as lost.

    Raises BadInput with every problem of the file.
    """
    rows = _rows(path)
    problems, seen = Problems(), set[str]()
    counts: dict[str, Counter[str]] = {}
    for line, (name, kind, injected, fate) in rows:
        where = f"{path}: line {line}"
        if not name or name in seen:
            problems.add("a fault without an id, or with one that stands there twice", where=where, got=name)
        seen.add(name)
        if not _KIND.fullmatch(kind):
            problems.add("not a kind of fault", where=where, got=kind, expected="lower-case letters, digits and _, at most 40")
        if fate and fate not in FATES:
            problems.add("not a fate", where=where, got=fate, expected=f"{', '.join(FATES)}, or nothing: nobody knows")
        try:
            parse_time(injected, f"{where}: injected_at")
        except BadInput as error:
            problems.extend(error)
        counts.setdefault(kind, Counter())[fate or "lost"] += 1
    if not rows:
        problems.add("the log has no fault", where=path, hint="inject some into the system in use, and note what became of each")
    if len(counts) > MOST_KINDS:
        problems.add("too many kinds of faults", where=path, got=str(len(counts)), expected=f"at most {MOST_KINDS}")
    problems.raise_if_any()
    return tuple(FaultCount(kind=kind, where="live", **{fate: counts[kind][fate] for fate in FATES}) for kind in sorted(counts))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Lines with their numbers, without the head."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise bad_input("the log is too large", where=path, expected=f"at most {_MOST_BYTES} bytes")
        with path.open(encoding="utf-8", newline="") as file:
            lines = [(reader.line_num, row) for reader in (csv.reader(file, strict=True),) for row in reader]
    except OSError as error:
        raise unreadable(path, error) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise bad_input("the log is not CSV in UTF-8", where=path, got=str(error)) from error
    head = lines[0][1] if lines else []
    if tuple(head) != COLUMNS:
        raise bad_input("the log has other columns", where=path, got=",".join(head), expected=",".join(COLUMNS))
    short = [number for number, row in lines[1:] if len(row) != len(COLUMNS)]
    if short:
        got, expected = ", ".join(map(str, short[:20])), f"{len(COLUMNS)} fields"
        raise bad_input("lines with another number of fields", where=path, got=got, expected=expected)
    return lines[1:]
