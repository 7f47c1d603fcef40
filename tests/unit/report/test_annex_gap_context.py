"""Beside the gaps: plain words with the numbers of the evidence, and nothing where nothing was measured."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import REQUIREMENTS, build, tally_of

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report import numbers
from evalharness.report.annex_gap_context import NEVER, context_of, could_see, gaps_seen
from evalharness.report.annex_notions import explored, notions
from evalharness.report.by_task import task_words
from evalharness.report.faces import faces

TASKS = ("binary", "ordinal", "ranking", "linkage", "risk")


def evidence_of(task: str = "binary", **changed: Any) -> Evidence:
    document = build(task, tally=tally_of(task, total=9_000, refused=3))
    document["group_context"].update(changed)
    return read_evidence(evidence_bytes(document))


def gap_with(**changed: Any) -> dict[str, Any]:
    first = {
        "metric": "recall", "between": ["sex"], "noise_floor": 0.04, "detectable": 0.07, "detectable_smallest": 0.2, "least_p": 0.001,
        "difference_to_overall": [0.05, 0.01, 0.09], "ratio_to_overall": [0.9, 0.8, 1.0], "farthest": {"sex": "F"},
    }  # fmt: skip
    return {**first, **changed}


def conflict(**changed: Any) -> dict[str, Any]:
    first = {
        "between": ["sex"],
        "groups": [{"sex": "F"}, {"sex": "M"}],
        "base_rates": [0.08, 0.02],
        "difference": 0.035,
        "recall_ratio": 4.0,
    }
    return {**first, **changed}


@pytest.mark.parametrize("task", TASKS)
def test_every_task_says_how_small_a_gap_could_be_seen(task: str) -> None:
    evidence = evidence_of(task)
    (section,) = gaps_seen(evidence, task_words(evidence))
    seen, everyone = section.tables
    assert section.paragraphs[0].startswith("For example ")
    assert "by chance" in section.paragraphs[0]
    assert len(seen.rows) == len(everyone.rows) > 0
    assert all(len(row) == len(table.columns) for table in section.tables for row in table.rows)
    assert "‹" not in "".join(cell for table in section.tables for row in table.rows for cell in row) + section.paragraphs[0]


def test_the_sentence_speaks_of_what_would_be_missed_and_of_what_chance_would_show() -> None:
    evidence = evidence_of(gaps=[gap_with()])
    text = gaps_seen(evidence, task_words(evidence))[0].paragraphs[0].replace(numbers.SPACE, " ")
    assert "equal groups would show 4.0 percentage points by chance" in text
    assert "a gap below 7.0 percentage points can easily be missed, between the smallest groups one below 20.0 percentage points" in text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"detectable": None, "detectable_smallest": None}, "no gap at all could be relied upon to be seen"),
        ({"detectable_smallest": None}, "and between the smallest groups any gap at all"),
        ({"detectable_smallest": 0.07}, "can easily be missed."),
    ],
)
def test_groups_too_small_are_said_to_show_nothing(changed: dict[str, Any], text: str) -> None:
    evidence = evidence_of(gaps=[gap_with(**changed)])
    (section,) = gaps_seen(evidence, task_words(evidence))
    assert text in section.paragraphs[0]
    row = section.tables[0].rows[0]
    assert (row[4] == NEVER) == (changed.get("detectable", 0) is None)
    assert (row[5] == NEVER) == (changed["detectable_smallest"] is None)


def test_where_nothing_varied_chance_is_not_said_to_show_nothing() -> None:
    evidence = evidence_of(gaps=[gap_with(noise_floor=None)])
    (section,) = gaps_seen(evidence, task_words(evidence))
    assert "what equal groups would show by chance is not known" in section.paragraphs[0]
    assert section.tables[0].rows[0][3] == numbers.ABSENT
    assert evidence.group_context is not None
    assert [name for name, _ in could_see(evidence.group_context.gaps[0])] == ["What could be seen", "Smallest p possible"]


def test_what_is_smaller_than_anybody_reads_is_not_spelled_out() -> None:
    evidence = evidence_of(gaps=[gap_with(least_p=1e-30), gap_with(between=["region"], least_p=0.31)])
    rows = gaps_seen(evidence, task_words(evidence))[0].tables[0].rows
    assert [row[6].replace(numbers.SPACE, " ") for row in rows] == ["below 0.0001", "0.31"]


def of_policy(*gaps: dict[str, Any]) -> Evidence:
    asked = [*REQUIREMENTS["binary"], *gaps]
    return read_evidence(evidence_bytes(build("binary", tally=tally_of("binary", total=9_000, refused=3), policy={"requirements": asked})))


def test_a_finding_about_a_gap_says_what_could_be_seen() -> None:
    exempt = [{"group": {"ethnicity": "E3"}, "why": "too few", "until": "2027-01-01"}]
    gap = {"metric": "recall", "max_difference": 0.05, "between": "ethnicity"}
    evidence = of_policy({"id": "gap", **gap}, {"id": "without-e3", **gap, "not_judged": exempt})
    whole, without = (context_of(evidence, finding) for finding in evidence.findings if finding.between)
    assert whole is not None
    assert without is not None
    assert (whole.excluded, without.excluded) == ((), ({"ethnicity": "E3"},))
    assert [name for name, _ in could_see(whole)] == ["By chance alone", "What could be seen", "Smallest p possible"]
    assert context_of(evidence, next(f for f in evidence.findings if not f.between)) is None
    assert list(could_see(None)) == []
    assert faces(evidence)["report.html"].decode().count("By chance alone") == 2


def test_notions_that_exclude_one_another_are_told_with_their_numbers() -> None:
    evidence = evidence_of(conflicts=[conflict(), conflict(between=["region"], difference=0.0)])
    (section,) = notions(evidence, task_words(evidence))
    (text,) = [item.replace(numbers.SPACE, " ") for item in section.items]
    assert "of all items of sex F, 8.0 % are relevant items; of sex M, 2.0 %. They are at least 3.5 percentage points apart." in text
    assert "4.0 times as large a part of the relevant items of sex M as of those of sex F" in text
    assert section.paragraphs[1].startswith("That is so here")


def test_base_rates_that_are_not_shown_to_differ_show_no_conflict() -> None:
    evidence = evidence_of(conflicts=[conflict(difference=0.0)])
    (section,) = notions(evidence, task_words(evidence))
    assert section.paragraphs[1].startswith("It is not shown here")
    assert "more than chance" in section.items[0]
    without = evidence_of(conflicts=[conflict(recall_ratio=None)])
    assert "times as large" not in notions(without, task_words(without))[0].items[0]


def test_what_the_policy_chose_to_judge_is_named() -> None:
    evidence = of_policy({"id": "gap", "metric": "precision", "min_ratio": 0.5, "between": "sex"})
    text = notions(evidence, task_words(evidence))[0].paragraphs[2]
    judged = "the same share of flagged items that are relevant (predictive parity), between the groups of sex."
    assert text.startswith(f"This policy judges: {judged} It does not judge: the same share of items that are flagged (demographic parity)")
    assert text.endswith("the same share of relevant items that are found (equal opportunity).")
    alone = of_policy()
    assert notions(alone, task_words(alone))[0].paragraphs[2].startswith("This policy judges none of them")


def test_the_worst_cell_is_marked_as_explored_and_picked() -> None:
    cell = {"metric": "recall", "group": {"sex": "F"}, "value": 0.6, "rest": 0.9, "n": 21, "difference": 0.02, "standing_out": 1}
    evidence = evidence_of(worst=[cell, {**cell, "difference": 0.0, "standing_out": 0}], looked_at=76)
    (section,) = explored(evidence, task_words(evidence))
    assert section.title.startswith("Explored")
    assert "76 combinations" in section.paragraphs[0]
    assert "picked because it is the worst" in section.paragraphs[0]
    assert [row[5].replace(numbers.SPACE, " ") for row in section.tables[0].rows] == [
        "at least 2.0 percentage points worse",
        "not shown to be worse",
    ]


def test_older_evidence_says_nothing_of_it_and_is_drawn() -> None:
    document = build("binary", tally=tally_of("binary", total=9_000, refused=3))
    new = faces(read_evidence(evidence_bytes(document)))["report.html"].decode()
    del document["group_context"]
    evidence = read_evidence(evidence_bytes(document))
    task = task_words(evidence)
    assert gaps_seen(evidence, task) == notions(evidence, task) == explored(evidence, task) == ()
    old = faces(evidence)["report.html"].decode()
    assert 'id="gaps-seen"' in new
    assert 'id="gaps-seen"' not in old


def test_nothing_explored_is_on_page_one() -> None:
    evidence = evidence_of()
    html = faces(evidence)["report.html"].decode()
    page_one = html[html.index("<body") : html.index('id="requirements"')]
    assert "Picked for being the worst" not in page_one
