"""The sheet that coders fill in: ids in a random order, and nothing that says what the machine or a reviewer thought."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.digests import sha256_json
from evalharness.errors import Problems, bad_input, shown
from evalharness.oversight.sampling.register import ID, MOST_PROBLEMS, NOT_RELEVANT, RELEVANT

COLUMNS = (ID, "label", "coder")
_LABELS = {RELEVANT: True, NOT_RELEVANT: False, "": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What came back."""

    labels: dict[str, bool]
    """By item that was decided on, whether it is relevant."""
    done: frozenset[str]
    """Items that somebody put a name to; without a label nobody could decide on them."""
    coders: frozenset[str]
    """Counted, never kept."""

    def digest_of(self, items: Sequence[str]) -> str:
        """Of what was said of these items."""
        return sha256_json([[item, self.labels.get(item), item in self.done] for item in items])


def sheet_bytes(items: Sequence[str]) -> bytes:
    """sheet.csv: a line for each item, label and coder empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *((item, "", "") for item in items)])
    return text.getvalue().encode()


def read_sheet(path: Path, items: frozenset[str]) -> Coded:
    """A coded sheet. Raises BadInput with every problem."""
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path)
    if tuple(header(path)) != COLUMNS:
        raise bad_input("these are not the columns of the sheet", where=path, got=", ".join(header(path)), expected=", ".join(COLUMNS))
    problems, coded, coders, done, seen = Problems(), dict[str, bool](), set[str](), set[str](), set[str]()
    nameless: list[str] = []
    for line, fields in list(records(path))[1:]:
        if len(problems) >= MOST_PROBLEMS:
            problems.add(f"and more: only the first {MOST_PROBLEMS} problems are told", where=path)
            break
        where = f"{path}:{line}"
        if len(fields) != len(COLUMNS):
            problems.add("the line has another number of fields than the header", where=where, got=len(fields), expected=str(len(COLUMNS)))
            continue
        item, label, coder = fields
        if item not in items:
            problems.add(
                "the item was not drawn", where=where, got=shown(item), expected="an item of sheet.csv",
                hint="each draw has a sheet of its own: is this that of another draw?",
            )  # fmt: skip
        elif item in seen:
            problems.add("an item stands there twice", where=where, got=shown(item))
        elif label not in _LABELS:
            problems.add("the label is no known word", where=where, got=shown(label), expected=f"{RELEVANT}, {NOT_RELEVANT}, or nothing")
        elif label and not coder.strip():
            nameless.append(where)
        elif coder.strip():
            done.add(item)
            coders.add(coder.strip())
            if label:
                coded[item] = label == RELEVANT
        seen.add(item)
    if nameless:
        problems.add(
            "a label has no coder", where=nameless[0], got=f"{len(nameless)} labels without one", expected="a name in the column coder",
            hint="write who coded it; names are counted, never kept",
        )  # fmt: skip
    problems.raise_if_any()
    return Coded(labels=coded, done=frozenset(done), coders=frozenset(coders))


def first_lines(order: Sequence[str], done: frozenset[str], looks: Sequence[int], *, where: Path) -> tuple[str, ...]:
    """The lines of a sheet that is taken back before all of it is coded. Raises BadInput unless they are its first, and as many as a look
    that was declared beforehand: the order is random, so only the first lines, without a gap, are a sample."""
    n = len(done)
    if n not in looks:
        raise bad_input(
            "the policy declares no look at so many lines", where=where, got=f"{n} coded lines",
            expected=" or ".join(str(look) for look in looks) or "the whole sheet: the policy has no stopping.looks",
            hint="code on, or empty what was coded beyond a look; a look that was not declared beforehand is not paid for",
        )  # fmt: skip
    gap = next((at for at, item in enumerate(order[:n], start=1) if item not in done), None)
    if gap is not None:
        raise bad_input(
            "the sheet was not coded in its order", where=where, got=f"line {gap} of sheet.csv has no coder, and later lines have one",
            hint="write a coder for every line; where nobody can decide, leave the label alone empty",
        )  # fmt: skip
    return tuple(order[:n])
