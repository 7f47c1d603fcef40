"""The annex on costs: everybody in sight, groups folded, long tables cut with a count of what was left out."""

from __future__ import annotations

from typing import Any

from task_evidence import build

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report.annex_costs import costs
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.by_task import task_words
from evalharness.report.policy_text import policy_text
from evalharness.report.view import Section


def section(evidence: Evidence) -> Section:
    return costs(evidence, policy_text(evidence), task_words(evidence))


def test_everybody_stands_alone_and_each_set_of_attributes_is_folded():
    tables = section(read_evidence(evidence_bytes(build("binary")))).tables
    assert [table.caption.partition(", ")[2] for table in tables[:4]] == [
        "each unit on its own", "by ethnicity", "by sex", "by ethnicity and sex together",
    ]  # fmt: skip
    assert [table.folded for table in tables[:4]] == [False, True, True, True]
    assert [len(table.rows) for table in tables[:4]] == [1, 3, 2, 6]
    assert [table.left_out for table in tables[:4]] == [0] * 4


def test_a_long_table_is_cut_and_says_how_many_rows_were_left_out():
    evidence = read_evidence(evidence_bytes(build("binary")))
    cost: Any = next(e for e in evidence.estimates if e.metric == "expected_cost" and list(e.group) == ["sex"])
    extra = [cost.model_copy(update={"group": {"sex": f"s{n:04}"}}) for n in range(ROWS_LISTED + 7)]
    kept = [e for e in evidence.estimates if e.metric != "expected_cost" or not e.group]
    long = evidence.model_copy(update={"estimates": (*kept, *reversed(extra))})
    everybody, by_sex, *_ = section(long).tables
    assert (len(everybody.rows), everybody.left_out) == (1, 0)
    assert (len(by_sex.rows), by_sex.left_out) == (ROWS_LISTED, 7)
    assert by_sex.rows[0][1].endswith("s0000")  # by name, whatever the order of the evidence


def test_a_policy_without_costs_says_so():
    evidence = read_evidence(evidence_bytes(build("binary")))
    kept = tuple(e for e in evidence.estimates if e.metric != "expected_cost")
    found = section(evidence.model_copy(update={"estimates": kept}))
    assert found.tables == ()
    assert found.paragraphs == ("The policy states no costs.",)
