"""What a table of people may say, and every way in which it may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from evalharness.errors import BadInput
from evalharness.oversight.people.table import COLUMNS, NEVER, checked_people, read_people

IDS = pa.array(["a", "b"])
DAY = "2026-03-0{}T08:00:00Z"


def row(**changes: str) -> dict[str, str]:
    plain = dict.fromkeys(COLUMNS, "")
    return {**plain, "item_id": "a", "person": "zeta", "role": "involved", "arrived": DAY.format(1), **changes}


def table(*rows: dict[str, str]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(name, pa.string()) for name in COLUMNS]))


def problems(*rows: dict[str, str]) -> list[str]:
    with pytest.raises(BadInput) as told:
        checked_people(table(*rows), IDS, "people.csv")
    return [f"{problem.what} ({problem.where})" for problem in told.value.problems]


def test_times_roles_and_nobody_are_read():
    people = checked_people(
        table(
            row(opened=DAY.format(2), identified=DAY.format(3), contacted=DAY.format(4)),
            row(person="eta", role="uninvolved", deleted=DAY.format(5)),
            row(item_id="b", person="", role=""),
        ),
        IDS, "people.csv",
    )  # fmt: skip
    assert people.item.tolist() == [0, 0, 1]
    assert people.involved.tolist() == [True, False, False]
    assert people.person[2] == -1
    assert people.person[0] != people.person[1]
    assert (people.opened == NEVER).tolist() == [False, True, True]
    assert people.latest == people.deleted[1]
    assert people.contacted[0] - people.identified[0] == 86_400_000_000


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([row(item_id="c")], "no such item"),
        ([row(role="suspect")], "role is none"),
        ([row(role="")], "role is none"),
        ([row(person="")], "role is none"),
        ([row(arrived="")], "arrived is empty"),
        ([row(opened="yesterday")], "opened is no time"),
        ([row(opened="2026-02-01T00:00:00Z")], "opened lies before arrived"),
        ([row(deleted="2026-02-01T00:00:00Z")], "deleted lies before arrived"),
        ([row(identified=DAY.format(3), contacted=DAY.format(2))], "contacted lies before identified"),
        ([row(contacted=DAY.format(2))], "contacted lies before identified"),
        ([row(person="", role="", identified=DAY.format(2))], "nobody is in the item, and somebody"),
        ([row(), row(role="uninvolved", opened=DAY.format(2))], "two roles"),
        ([row(), row(person="eta", arrived=DAY.format(2))], "two times of arrival"),
        ([row(opened=DAY.format(4), deleted=DAY.format(3))], "opened after it was deleted"),
        ([row(), row(person="", role="")], "another row says that somebody is"),
        ([row(opened=DAY.format(2)), row(opened=DAY.format(2))], "the same opening stands there twice"),
        ([row(), row(item_id="b", person="Zeta ")], "two people have the same name"),
    ],
)
def test_a_row_that_cannot_be_is_refused(rows: list[dict[str, str]], what: str):
    told = problems(*rows)
    assert any(what in problem for problem in told), told
    assert not any("zeta" in problem for problem in told)


def test_all_problems_come_at_once():
    assert len(problems(row(item_id="c"), row(role="x", person="p"), row(item_id="b", arrived="", person="q"))) == 3


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_both_kinds_of_file_say_the_same(tmp_path: Path, suffix: str):
    frame: Any = pd.DataFrame([row(opened=DAY.format(2)), row(item_id="b", person="", role="")])
    path = tmp_path / f"people.{suffix}"
    if suffix == "csv":
        frame.to_csv(path, index=False)
    else:
        for name in COLUMNS[3:]:
            frame[name] = pd.to_datetime(frame[name].replace("", None), utc=True)
        frame.to_parquet(path)
    people = checked_people(read_people(path), IDS, str(path))
    assert people.item.tolist() == [0, 1]
    assert people.opened[1] == NEVER
    assert people.opened[0] - people.arrived[0] == 86_400_000_000
    assert np.all(people.deleted == NEVER)


@pytest.mark.parametrize("text", ["", "item_id,person\n", ",".join(COLUMNS) + "\n", ",".join((*COLUMNS, "remarks")) + "\n", '"'])
def test_another_file_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "people.csv"
    path.write_text(text)
    with pytest.raises(BadInput):
        read_people(path)
    with pytest.raises(BadInput):
        read_people(tmp_path / "none.csv")
    with pytest.raises(BadInput):
        read_people(tmp_path / "people.txt")
