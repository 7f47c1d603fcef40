"""Classifier and people together, from evaluation to judgement: declared readers, readers of a log, and numbers that were altered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from command import Answer, evalharness
from review_logs import Study, log_of
from small_workspace import SmallWorkspace, policy, table
from team_by_hand import BLIND, SELECTED, people

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces
from evalharness.report.numbers import plain as counted

STUDY = Study(readers=200, readings=3_000, seeded=0.0)
ASKED = [
    {"id": "team", "metric": "team_recall", "at_least": 0.6, "why": "w"},
    {"id": "team-sex", "metric": "team_recall", "at_least": 0.6, "for_each": ["sex"], "why": "w"},
    {"id": "team-alarms", "metric": "team_false_alarm_rate", "at_most": 0.2, "why": "w"},
    {"id": "caught", "metric": "caught_rate", "at_least": 0.9, "why": "w"},
    {"id": "reviews", "metric": "review_rate", "at_most": 0.6, "why": "w"},
    {"id": "late", "metric": "team_cost", "unit": "found_late", "at_most": 0.2, "why": "w"},
    {"id": "late-sex", "metric": "team_cost", "unit": "found_late", "at_most": 0.2, "for_each": ["sex"], "why": "w"},
]
COSTS = {
    "found_late": {"true_relevant": {"set_aside": 1}},
    "minutes": {"true_relevant": {"review": 3}, "true_not_relevant": {"review": 3}},
    "elicited": {"stated_by": "authors", "on": "2026-11-01"},
}
TODAY = {"recall": {"low": 0.4, "high": 0.6}, "false_alarm_rate": {"low": 0.1, "high": 0.2}}


def written(folder: Path, **changes: Any) -> SmallWorkspace:
    block = people(SELECTED, BLIND, fatigue_drop={"low": 0.0, "high": 0.05}, current_process=TODAY)
    document = policy(**{"human_in_the_loop": block, "costs": COSTS, **changes})
    document["requirements"] += ASKED
    space = SmallWorkspace(folder, rows=table(3_000), document=document).write()
    space.write_card()
    return space


def evaluated(space: SmallWorkspace, *more: object, name: str = "run") -> dict[str, Any]:
    answer: Answer = evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", space.root / name, *more
    )
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads((space.root / name / "evidence.json").read_bytes())
    return found


def finding(evidence: dict[str, Any], requirement: str) -> dict[str, Any]:
    return next(one for one in evidence["findings"] if one["requirement"] == requirement)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SmallWorkspace:
    found = written(tmp_path_factory.mktemp("team"))
    evaluated(found)
    return found


def evidence_of(space: SmallWorkspace) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((space.root / "run" / "evidence.json").read_bytes())
    return found


def test_declared_readers_are_judged_in_a_rehearsal_and_it_is_said(space: SmallWorkspace) -> None:
    found = evidence_of(space)
    assert finding(found, "team")["outcome"] == "met"
    assert finding(found, "team-sex")["outcome"] == "met"
    assert finding(found, "caught")["outcome"] == "not_met", "nobody looks at what is set aside"
    assert finding(found, "team")["rests_on"] == ["declared: reviewers' accuracy"]
    counts = found["tallies"]["confusion"][0]
    relevant = counts["tp"] + counts["fn"] + counts["no_answer_positive"]
    assert finding(found, "team")["value"] == pytest.approx(counts["tp"] / relevant * 0.825, rel=1e-9)


def test_groups_are_judged_where_bands_say_what_happens_to_each_item_too(tmp_path: Path) -> None:
    bands = [
        {"name": "read", "from": "operating_point", "readers": 1},
        {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30},
    ]
    banded = written(tmp_path, human_in_the_loop={**people(SELECTED, BLIND), "bands": bands})
    found = [one for one in evaluated(banded)["findings"] if one["requirement"] in ("team", "team-sex")]
    assert [one["group"] for one in found] == [{}, {"sex": "F"}, {"sex": "M"}]
    assert {one["outcome"] for one in found} == {"met"}, [one["reason"] for one in found]
    assert evalharness("verify", banded.root / "run", "--workspace", banded.root).code == 0


def test_page_one_says_by_whom_the_checks_of_both_together_go(space: SmallWorkspace) -> None:
    first = (space.root / "run" / "report.md").read_text().partition("## Requirement by requirement")[0]
    assert "goes by what the policy declares of reviewers, and not by 7 or 9 in 10: nobody has measured it." in first
    assert "As measured on reviewers" not in first


def test_the_run_verifies_and_its_replay_too(space: SmallWorkspace) -> None:
    told = evalharness("verify", space.root / "run", "--workspace", space.root, "--replay")
    assert told.code == 0, told.out + told.err


def test_the_report_tells_assumptions_as_assumptions(space: SmallWorkspace) -> None:
    page = (space.root / "run" / "report.md").read_text()
    section = page[page.rindex("## Classifier and people together") :]
    assert "nobody has measured it" in section
    part = evidence_of(space)["oversight"]["team"]
    assert {line["assumption"] for line in part["sensitivity"]} == {"kept", "found", "confirmed", "raised", "fatigue_drop"}
    assert re.search(r"\| relevant ones kept, shown as selected \| 80\.0.% \| 90\.0.% \|", section)
    assert f"| {counted(part['per_1000']['found_and_kept'])} |" in section
    assert 'id="team-wide' in (space.root / "run" / "report.html").read_text()


def test_what_it_costs_stands_beside_either_alone_and_the_work_of_today(space: SmallWorkspace) -> None:
    found = evidence_of(space)
    counts = found["tallies"]["confusion"][0]
    items = sum(count for name, count in counts.items() if name != "group" and isinstance(count, int))
    relevant = counts["tp"] + counts["fn"] + counts["no_answer_positive"]
    told = finding(found, "late")
    assert told["unit"] == "found_late"
    assert told["value"] == pytest.approx((counts["fn"] + counts["tp"] * 0.175) / items)
    assert {one["group"]["sex"] for one in found["findings"] if one["requirement"] == "late-sex"} == {"F", "M"}
    late, minutes = found["oversight"]["team"]["costs"]
    assert late["together"] == told["value"]
    assert late["model_alone"] == pytest.approx(counts["fn"] / items)
    assert late["people_alone"] == pytest.approx(relevant / items * (1 - 0.575))
    assert (late["current_low"], late["current_high"]) == pytest.approx((relevant / items * 0.4, relevant / items * 0.6))
    assert minutes["people_alone"] == pytest.approx(3.0)
    page = (space.root / "run" / "report.md").read_text()
    assert "What one item costs on average, by who decides" in page
    assert "as the work is done today, without the classifier" in page


def _estimate(document: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(row for row in document["estimates"] if row["metric"] == metric)


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a bound": lambda e: _estimate(e, "caught_rate").update(upper=0.99),
    "a value": lambda e: _estimate(e, "created_miss_rate").update(value=0.11),
    "what it rests on": lambda e: _estimate(e, "team_recall").pop("rests_on"),
    "what is told of 1,000": lambda e: e["oversight"]["team"]["per_1000"].update(missed_by_both=0.0),
    "an assumption": lambda e: e["oversight"]["team"]["sensitivity"][0].update(recall_at_low=0.9),
    "labels": lambda e: e["oversight"]["team"]["imperfect_labels"][0].update(measured=0.5),
    "a cost": lambda e: _estimate(e, "team_cost").update(upper=0.05),
    "what it costs today": lambda e: e["oversight"]["team"]["costs"][0].update(current_high=9.0),
    "the costs": lambda e: e["oversight"]["team"].pop("costs"),
    "the work of today": lambda e: e["oversight"]["team"].pop("current_process"),
    "the part": lambda e: (e["oversight"].pop("team") and e["oversight"]) or e.pop("oversight"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_of_it_can_be_altered(space: SmallWorkspace, tmp_path: Path, what: str) -> None:
    document = evidence_of(space)
    CHANGES[what](document)
    data = rfc8785.dumps(document)
    assert data != (space.root / "run" / "evidence.json").read_bytes()
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    assert evalharness("verify", tmp_path, "--workspace", space.root).code == 13


def test_readers_of_a_log_take_the_place_of_declared_ones(tmp_path: Path) -> None:
    document = policy(human_in_the_loop=people(), costs=COSTS)
    document["requirements"] += ASKED
    space = SmallWorkspace(tmp_path, rows=table(3_000), document=document).write()
    space.write_card()
    log, assigned = log_of(space.rows, STUDY)
    log.to_csv(tmp_path / "reviews.csv", index=False)
    assigned.to_csv(tmp_path / "assigned.csv", index=False)
    found = evaluated(space, "--reviews", tmp_path / "reviews.csv", "--assigned", tmp_path / "assigned.csv")
    told = finding(found, "team")
    rows = {row["metric"]: row for row in found["tallies"]["shares"] if not row["group"]}
    counts = found["tallies"]["confusion"][0]
    kept = 1 - rows["dismissal_rate"]["part"] / rows["dismissal_rate"]["total"]
    assert told["value"] == pytest.approx(counts["tp"] / (counts["tp"] + counts["fn"]) * kept, rel=1e-9)
    assert "measured" in told["method"]
    assert "declared: reviewers' accuracy" not in told.get("rests_on", [])
    of_group = finding(found, "team-sex")
    assert of_group["group"]
    assert "of everybody" not in of_group["method"]
    assert "declared: reviewers' accuracy" not in of_group.get("rests_on", []), "the log has readings of each group"
    assert found["oversight"]["team"]["sensitivity"] == [], "nothing is declared"
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 0


def test_no_claim_above_a_rehearsal_rests_on_what_is_declared(tmp_path: Path) -> None:
    space = written(tmp_path, claim="local", stream="referrals")
    space.write_benchmark(sampling="every item of a year")
    found = evaluated(space)
    assert found["claim"] == "local"
    told = finding(found, "team")
    assert told["outcome"] == "not_evaluable"
    assert "nobody has measured" in told["reason"]


def test_readers_of_a_group_that_the_benchmark_does_not_have_are_refused(tmp_path: Path) -> None:
    document = policy(human_in_the_loop=people(SELECTED, {**BLIND, "group": {"sexx": "F"}}))
    space = SmallWorkspace(tmp_path, rows=table(200), document=document).write()
    space.write_card()
    told = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", space.root / "run")
    assert told.code == 2
    assert "no such attribute" in told.err
    assert "sex" in told.err


def test_without_readers_nothing_is_found_and_it_is_said(tmp_path: Path) -> None:
    document = policy(human_in_the_loop=people(), costs=COSTS)
    document["requirements"] += ASKED
    space = SmallWorkspace(tmp_path, rows=table(500), document=document).write()
    space.write_card()
    told = finding(evaluated(space), "team")
    assert told["outcome"] == "not_evaluable"
    assert "neither a review log nor declared readers" in told["reason"]
