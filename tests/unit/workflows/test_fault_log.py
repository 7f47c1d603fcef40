"""A log of faults of a system in use: counted by kind, or refused with every problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.records.oversight_faults import FATES, FaultCount
from evalharness.workflows.oversight.fault_log import read_fault_log

HEAD = "fault_id,kind,injected_at,fate\n"
AT = "2026-03-01T10:00:00Z"


def log(folder: Path, text: str) -> Path:
    path = folder / "faults.csv"
    path.write_text(text, encoding="utf-8")
    return path


@given(st.lists(st.tuples(st.sampled_from(["timeout", "restart"]), st.sampled_from([*FATES, ""])), min_size=1, max_size=30))
def test_counts_are_those_of_the_rows(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]):
    text = HEAD + "".join(f"f{at},{kind},{AT},{fate}\n" for at, (kind, fate) in enumerate(rows))
    found = {count.kind: count for count in read_fault_log(log(tmp_path_factory.mktemp("log"), text))}
    assert sorted(found) == sorted({kind for kind, _ in rows})
    for kind, count in found.items():
        own = [fate or "lost" for name, fate in rows if name == kind]
        assert [getattr(count, fate) for fate in FATES] == [own.count(fate) for fate in FATES]
        assert count.where == "live"
        assert count.unrouted == sum(fate in {"lost", "set_aside"} for fate in own)


def test_a_fault_of_unknown_fate_is_lost(tmp_path: Path):
    assert read_fault_log(log(tmp_path, f"{HEAD}f1,timeout,{AT},\n")) == (FaultCount(kind="timeout", where="live", lost=1),)


def test_every_problem_is_told_at_once(tmp_path: Path):
    text = f"{HEAD}f1,timeout,{AT},to_a_person\nf1,timeout,yesterday,gone\n,Not A Kind,{AT},lost\n"
    with pytest.raises(BadInput) as caught:
        read_fault_log(log(tmp_path, text))
    told = [(problem.what, problem.where.split(": ")[1]) for problem in caught.value.problems]
    assert told == [
        ("a fault without an id, or with one that stands there twice", "line 3"),
        ("not a fate", "line 3"),
        ("not a time", "line 3"),
        ("a fault without an id, or with one that stands there twice", "line 4"),
        ("not a kind of fault", "line 4"),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the log has other columns"),
        ("fault_id,kind,fate\n", "the log has other columns"),
        (HEAD, "the log has no fault"),
        (f"{HEAD}f1,timeout,{AT}\n", "lines with another number of fields"),
        (f'{HEAD}"f1,timeout,{AT},lost\n', "the log is not CSV in UTF-8"),
        (HEAD + "".join(f"f{at},kind_{at},{AT},lost\n" for at in range(65)), "too many kinds of faults"),
    ],
    ids=["empty", "columns", "no row", "fields", "quote", "kinds"],
)
def test_what_is_no_log_is_refused(tmp_path: Path, text: str, what: str):
    with pytest.raises(BadInput) as caught:
        read_fault_log(log(tmp_path, text))
    assert caught.value.problems[0].what == what


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_fault_log(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="not CSV in UTF-8"):
        read_fault_log(tmp_path / "bytes.csv")
