"""A table of people: which person is in which item, and what was done when. Every row is read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from evalharness.benchmarks.csv_text import count_quotes, header
from evalharness.errors import bad_input, unreadable
from evalharness.oversight.reviews.alike import check_alike
from evalharness.oversight.reviews.cells import Coded, RowProblems, coded, times
from evalharness.oversight.reviews.read import check_columns
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints

COLUMNS = ("item_id", "person", "role", "arrived", "opened", "identified", "contacted", "deleted")
INVOLVED, UNINVOLVED = "involved", "uninvolved"
NEVER = np.iinfo(np.int64).max
"""Where a time is empty: it has not happened."""
_EPOCH = "1970-01-01T00:00:00Z"
Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """N rows: one person in one item, and at most one opening of it. Times are microseconds since 1970, or NEVER."""

    item: Ints
    """[N] places among the items of the split."""
    person: Ints
    """[N] codes, 0 and up; -1 where nobody is in the item."""
    involved: Flags
    arrived: Times
    opened: Times
    identified: Times
    contacted: Times
    deleted: Times

    @property
    def latest(self) -> int:
        """The latest time of the table: what happened later is not known. Raises ValueError for a table without rows."""
        every = np.concatenate([self.arrived, self.opened, self.identified, self.contacted, self.deleted])
        return int(every[every != NEVER].max())


def read_people(path: Path) -> pa.Table:
    """Raises BadInput for a file that cannot be read, and for columns that are missing or unknown."""
    if path.suffix not in {".csv", ".parquet"}:
        raise bad_input("the file is neither CSV nor Parquet", where=path, got=path.suffix or "no suffix", expected=".csv or .parquet")
    try:
        found = _csv(path) if path.suffix == ".csv" else _parquet(path)
    except OSError as error:
        raise unreadable(path, error) from error
    except pa.ArrowException as error:
        raise bad_input("the file cannot be read", where=path, got=str(error), expected=f"a {path.suffix[1:]} file") from error
    if not found.num_rows:
        raise bad_input("the file has no row", where=path)
    return found


def checked_people(table: pa.Table, ids: pa.Array, where: str) -> People:
    """ids: those of the split. Raises BadInput with every row that is wrong by itself or beside the others; no person is named."""
    check_columns(table.column_names, COLUMNS, (), where)
    problems = RowProblems(where)
    items, role, person = coded(table["item_id"]), coded(table["role"]), coded(table["person"])
    places = pc.fill_null(pc.index_in(items.texts, value_set=ids), NOTHING).to_numpy(zero_copy_only=False).astype(np.int32)
    item = places[items.codes]
    problems.add(item < 0, "there is no such item in the judged split", got=items.text)
    check_alike(person, "people", problems)
    nobody = person.mapped({"": 1}, 0) == 1
    said = role.mapped({INVOLVED: 1, UNINVOLVED: 0, "": NOTHING}, -2)
    expected = f"{INVOLVED} or {UNINVOLVED}; empty where person is empty, for an item that nobody is in"
    problems.add((said == -2) | (nobody != (said == NOTHING)), "role is none, or stands without a person", got=role.text, expected=expected)
    when = {name: _times(table[name], name, problems) for name in COLUMNS[3:]}
    found = People(
        item=item, person=_codes(person, nobody), involved=said == 1, arrived=when["arrived"], opened=when["opened"],
        identified=when["identified"], contacted=when["contacted"], deleted=when["deleted"],
    )  # fmt: skip
    _check_rows(found, nobody, problems)
    _check_together(found, problems)
    problems.raise_if_any()
    return found


def earliest(keys: npt.NDArray[np.int64], when: Times, size: int) -> Times:
    """[size] the earliest time of each key; NEVER where there is none."""
    found = np.full(size, NEVER, dtype=np.int64)
    np.minimum.at(found, keys, when)
    return found


def _csv(path: Path) -> pa.Table:
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path, hint="write a quote inside a field twice (RFC 4180)")
    names = header(path)
    check_columns(names, COLUMNS, (), path)
    return arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )


def _parquet(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        check_columns(file.schema_arrow.names, COLUMNS, (), path)
        return file.read(use_threads=False)


def _codes(person: Coded, nobody: Flags) -> Ints:
    return np.where(nobody, NOTHING, person.codes).astype(np.int32)


def _times(column: pa.ChunkedArray, name: str, problems: RowProblems) -> Times:
    if pa.types.is_timestamp(column.type):
        missing = pc.is_null(column)
        filled = pc.fill_null(column, pa.scalar(0, pa.int64()).cast(column.type))
    else:
        text = pc.fill_null(column.cast(pa.string()), "")
        missing = pc.equal(text, "")
        filled = pc.if_else(missing, _EPOCH, text)
    empty: Flags = missing.to_numpy()
    if name == "arrived":
        problems.add(empty, "arrived is empty", expected="UTC, such as 2026-11-01T08:00:00Z")
    return np.where(empty, NEVER, times(filled, name, problems))


def _check_rows(people: People, nobody: Flags, problems: RowProblems) -> None:
    some = people.contacted != NEVER
    problems.add(some & (people.contacted < people.identified), "contacted lies before identified, or nobody was identified")
    problems.add(people.opened < people.arrived, "opened lies before arrived")
    problems.add(people.deleted < people.arrived, "deleted lies before arrived")
    problems.add(nobody & (some | (people.identified != NEVER)), "nobody is in the item, and somebody is identified or contacted")


def _check_together(people: People, problems: RowProblems) -> None:
    """What rows of one item, or of one person in it, say differently."""
    inside = np.flatnonzero(people.item >= 0)
    item = people.item[inside].astype(np.int64)
    persons = int(people.person.max(initial=0)) + 2
    pair = item * persons + people.person[inside] + 1
    _, pairs = np.unique(pair, return_inverse=True)
    first = np.full(int(pairs.max(initial=-1)) + 1, len(pair), dtype=np.int64)
    np.minimum.at(first, pairs, np.arange(len(pair)))
    other = people.involved[inside] != people.involved[inside[first[pairs]]] if len(pair) else np.zeros(0, dtype=np.bool_)
    problems.add(inside[other].tolist(), "the same person in the same item has two roles")
    arrival = earliest(item, people.arrived[inside], int(item.max(initial=-1)) + 1)
    problems.add(inside[people.arrived[inside] != arrival[item]].tolist(), "the same item has two times of arrival")
    gone = earliest(pairs, people.deleted[inside], len(first))
    opened = people.opened[inside]
    problems.add(inside[(opened != NEVER) & (opened > gone[pairs])].tolist(), "the item is opened after it was deleted")
    alone = people.person[inside] == NOTHING
    both = np.zeros((2, int(item.max(initial=-1)) + 1), dtype=np.bool_)
    both[0, item[alone]], both[1, item[~alone]] = True, True
    problems.add(inside[alone & both[1][item]].tolist(), "nobody is in the item, and another row says that somebody is")
    order = np.lexsort((opened, pairs))
    same = (pairs[order][1:] == pairs[order][:-1]) & (opened[order][1:] == opened[order][:-1])
    problems.add(inside[order[1:][same]].tolist(), "the same opening stands there twice", hint="one row for each person, item and opening")
