"""Two runs: what was measured on what, what became of each finding, and what differs without counting."""

from __future__ import annotations

from typing import Any

import pytest
from evidence_fixture import build, locked
from uneven_evidence import uneven

from evalharness.evidence import Evidence, evidence_as_written, evidence_bytes
from evalharness.evidence.compare import compare_circumstances, compare_findings, compare_subjects
from evalharness.metrics.rules import Rules

OTHER = "sha256:" + "cd" * 32


def evidence(document: dict[str, Any]) -> Evidence:
    return evidence_as_written(evidence_bytes(document))


OLD = evidence(build())


def with_part(part: str, **changes: Any) -> Evidence:
    document = build()
    document[part] = {**document[part], **changes}
    return evidence(document)


@pytest.mark.parametrize(
    ("part", "changes", "words", "kind", "direction"),
    [
        ("model", {"digest": OTHER}, "model: another artefact, sha256:abababababab… → sha256:cdcdcdcdcdcd…", "model", ""),
        ("model", {"digest": OTHER, "card": OTHER, "version": "2"}, "version 1.0 → 2; the text of its card changed too", "model", ""),
        ("model", {"card": OTHER}, "model card: another text, the artefact is the same", "model", ""),
        ("model", {"card": None}, "there is none any more, so nothing can be approved", "", "weaker"),
        ("model", {"version": "2"}, "model: version 1.0 → 2", "model", ""),
        ("model", {"supplier": "somebody else"}, 'supplier: "this repository" → "somebody else"', "", ""),
        ("benchmark", {"digest": OTHER, "rows": 9, "seed": 7}, "; rows 500,000 → 9; seed 20,261,101 → 7", "benchmark", ""),
        ("benchmark", {"version": 2}, "benchmark: the same items; version 1 → 2", "benchmark", ""),
        ("benchmark", {"attributes": ["sex", "age"]}, "it no longer knows the group attribute ethnicity", "", "weaker"),
        ("benchmark", {"clustered": False}, "items count as unrelated now, which makes bounds narrower", "", "weaker"),
        ("benchmark", {"synthetic": False}, "benchmark: synthetic yes → no", "", ""),
        ("benchmark", {"sampling": "every tenth"}, "benchmark: sampling none → every tenth", "", ""),
        ("benchmark", {"positive": "other"}, "benchmark: positive relevant → other", "", ""),
    ],
)
def test_another_model_or_benchmark_is_told(part: str, changes: dict[str, Any], words: str, kind: str, direction: str):
    (change,) = compare_subjects(OLD, with_part(part, **changes))
    assert words in change.text
    assert (change.part, change.kind, change.direction) == (part, kind, direction)


def test_two_runs_of_the_same_have_no_difference():
    assert compare_subjects(OLD, OLD) == ()
    assert compare_findings(OLD, OLD) == ()
    assert compare_circumstances(OLD, OLD) == ()


def test_findings_that_became_worse_come_first():
    worse = compare_findings(evidence(build(kind="met")), OLD)
    assert worse[0].worse
    assert [change.worse for change in worse] == sorted((change.worse for change in worse), reverse=True)
    assert {change.name for change in worse if change.worse} >= {"recall-everyone[ethnicity=E4]"}
    better = compare_findings(OLD, evidence(build(kind="met")))
    assert not any(change.worse for change in better)
    assert {change.name for change in better} == {change.name for change in worse}


def test_a_cell_that_nobody_judges_any_more_is_worse_and_one_newly_judged_is_not():
    shallow = evidence(build(depth=1))
    gone = [change for change in compare_findings(OLD, shallow) if change.after is None]
    assert gone
    assert all(change.worse and change.outcome_changed for change in gone)
    new = [change for change in compare_findings(shallow, OLD) if change.before is None]
    assert len(new) == len(gone)
    assert not any(change.worse for change in new)


def test_bounds_that_allow_for_large_clusters_now_are_a_circumstance():
    older, today = evidence(uneven(rules=Rules(by_size=False))), evidence(uneven())
    (now,) = compare_circumstances(older, today)
    assert now == "bounds: they allow for large clusters that come out worse than small ones now, which makes them wider"
    (gone,) = compare_circumstances(today, older)
    assert gone.endswith("no longer, which makes them narrower")
    assert any(f.outcome_changed for f in compare_findings(older, today))


def test_lock_date_and_environment_are_circumstances():
    document = build(attempt=locked(2))
    document["created"] = "2026-11-23T13:00:00Z"
    document["environment"] = {**document["environment"], "numpy": "9.9"}
    told = compare_circumstances(OLD, evidence(document))
    assert any("lock: none, a practice run → attempt 2 of the campaign message-triage/this repository" in line for line in told)
    assert any("judged on: 2026-11-22T13:00:00Z → 2026-11-23T13:00:00Z" in line for line in told)
    assert any("environment: numpy " in line for line in told)
