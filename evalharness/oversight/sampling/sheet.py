"""The sheet that coders fill in: ids in a random order, and nothing that says what the machine or a reviewer thought."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.errors import Problems, bad_input, shown
from evalharness.oversight.sampling.register import ID, MOST_PROBLEMS, NOT_RELEVANT, RELEVANT
from evalharness.records.oversight_sample import SampledPile

COLUMNS = (ID, "label", "coder")
_LABELS = {RELEVANT: True, NOT_RELEVANT: False, "": None}


def sheet_bytes(items: Sequence[str]) -> bytes:
    """sheet.csv: a line for each item, label and coder empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *((item, "", "") for item in items)])
    return text.getvalue().encode()


def read_sheet(path: Path, items: frozenset[str]) -> tuple[dict[str, bool], int]:
    """(by item that was coded, whether it is relevant; number of coders). Raises BadInput with every problem."""
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path)
    if tuple(header(path)) != COLUMNS:
        raise bad_input("these are not the columns of the sheet", where=path, got=", ".join(header(path)), expected=", ".join(COLUMNS))
    problems, coded, coders, seen = Problems(), dict[str, bool](), set[str](), set[str]()
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
            problems.add("the item was not drawn", where=where, got=shown(item))
        elif item in seen:
            problems.add("an item stands there twice", where=where, got=shown(item))
        elif label not in _LABELS:
            problems.add("the label is no known word", where=where, got=shown(label), expected=f"{RELEVANT}, {NOT_RELEVANT}, or nothing")
        elif label and not coder.strip():
            problems.add("a label has no coder", where=where, got=shown(item), hint="write who coded it; names are counted, never kept")
        elif label:
            coded[item] = label == RELEVANT
            coders.add(coder)
        seen.add(item)
    problems.raise_if_any()
    return coded, len(coders)


def counted(
    populations: Mapping[str, int], drawn: Mapping[str, Sequence[str]], coded: Mapping[str, bool]
) -> tuple[SampledPile, ...]:  # fmt: skip
    """Counts of each pile: all that leaves the folder of the sample. What was drawn and is not in the sheet any more is not coded."""
    return tuple(
        SampledPile(
            name=name,
            population=population,
            drawn=len(drawn[name]),
            relevant=sum(coded.get(item) is True for item in drawn[name]),
            not_relevant=sum(coded.get(item) is False for item in drawn[name]),
        )
        for name, population in populations.items()
    )
