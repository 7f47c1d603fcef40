"""The counts of the annex: for graded items the square of true by given level, readable and complete."""

from __future__ import annotations

import pytest
from task_evidence import LEVELS, build, tally_of

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report.annex_counts import counts
from evalharness.report.by_task import task_words


def evidence_of(task: str, refused: int = 3) -> Evidence:
    return read_evidence(evidence_bytes(build(task, tally=tally_of(task, total=9_000, refused=refused))))


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_square_of_an_ordinal_run_has_every_count_and_the_sum_of_each_level() -> None:
    evidence = evidence_of("ordinal")
    square = counts(evidence, task_words(evidence)).tables[0]
    everyone = next(row for row in evidence.tallies.ordinal if not row.group)
    assert square.columns == ("True level", "Given none", "Given C", "Given B", "Given A", "No answer", "All")
    assert tuple(row[0] for row in square.rows) == LEVELS["ordinal"]
    assert [[number(c) for c in row[1:5]] for row in square.rows] == [list(given) for given in everyone.matrix]
    assert [number(row[5]) for row in square.rows] == list(everyone.no_answer)
    assert sum(number(row[6]) for row in square.rows) == evidence.benchmark.rows_judged


def test_the_groups_are_told_by_distance_and_by_level() -> None:
    evidence = evidence_of("ordinal")
    _, distance, squares = counts(evidence, task_words(evidence)).tables
    groups = [row for row in evidence.tallies.ordinal if row.group]
    assert len(distance.rows) == len(groups)
    for line, row in zip(distance.rows, groups, strict=True):
        exact = sum(row.matrix[i][i] for i in range(4))
        low = [sum(row.matrix[t][g] for t in range(4) for g in range(4) if t - g in steps) for steps in ({1}, {2, 3})]
        high = [sum(row.matrix[t][g] for t in range(4) for g in range(4) if g - t in steps) for steps in ({1}, {2, 3})]
        assert [number(c) for c in line[1:]] == [exact, *low, *high, sum(row.no_answer)]
    assert len(squares.rows) == 4 * sum(len(row.group) == 1 for row in groups)
    assert squares.rows[0][:2] == ("sex F", "none")


@pytest.mark.parametrize(
    ("task", "heading", "first", "column"),
    [
        ("binary", "The item is", "relevant", "Relevant, flagged"),
        ("ranking", "The lead is", "relevant", "Relevant, looked at"),
        ("linkage", "The pair is", "a true link", "A true link, linked"),
        ("risk", "The report is", "truly “high”", "Truly “high”, placed in “high”"),
    ],
)
def test_what_is_selected_or_not_is_counted_in_the_words_of_the_task(task: str, heading: str, first: str, column: str) -> None:
    evidence = evidence_of(task)
    everyone, groups = counts(evidence, task_words(evidence)).tables
    row = evidence.tallies.confusion[0]
    assert everyone.columns[0] == heading
    assert everyone.rows[0][0] == first
    assert [number(c) for line in everyone.rows for c in line[1:]] == [
        row.tp, row.fn, row.no_answer_positive, row.fp, row.tn, row.no_answer_negative,
    ]  # fmt: skip
    assert groups.columns[1] == column
    assert len(groups.rows) == len(evidence.tallies.confusion) - 1
