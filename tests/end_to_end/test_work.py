"""Work that the bands make: reckoned, judged, verified, tampered with."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

WORK = {"officers": 4, "minutes_per_shift": 300, "shifts_per_week": 5}
BANDS = [
    {"name": "first", "from": 0.9, "readers": 2, "third_reader": "disagreement"},
    {"name": "read", "from": "operating_point", "readers": 1},
    {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30},
]
REQUIREMENTS = [
    {"id": "recall", "metric": "recall", "at_least": 0.8, "why": "w"},
    {"id": "deferred", "metric": "deferral_rate", "at_most": 0.5, "why": "w"},
    {"id": "minutes", "metric": "weekly_minutes", "at_most": 6000, "why": "w"},
    {"id": "left", "metric": "weekly_backlog", "at_most": 0, "why": "w"},
    {"id": "officers", "metric": "officers_needed", "at_most": 4, "why": "w"},
]


def stated(**changes: Any) -> dict[str, Any]:
    human = {
        "minutes_per_review": 3, "items_per_week": 1000, "bands": BANDS, "work": WORK,
        "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}, **changes,
    }  # fmt: skip
    return {key: value for key, value in human.items() if value is not None}


def place(root: Path, human: dict[str, Any], **changes: Any) -> SmallWorkspace:
    space = SmallWorkspace(root, rows=table(1500), document=policy(**{"human_in_the_loop": human, "requirements": REQUIREMENTS, **changes}))
    space.write().write_card()
    return space


def evaluated(root: Path) -> Any:
    return evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", root, "--json")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallWorkspace, Path, dict[str, Any]]:
    root = tmp_path_factory.mktemp("work")
    space = place(root, stated())
    answer = evaluated(root)
    assert answer.code == 0, answer.out + answer.err
    run = Path(json.loads(answer.out)["run"])
    return space, run, json.loads((run / "evidence.json").read_bytes())


def finding(evidence: dict[str, Any], name: str) -> dict[str, Any]:
    return next(f for f in evidence["findings"] if f["requirement"] == name)


def test_minutes_backlog_and_officers_are_those_of_the_items(judged: tuple[SmallWorkspace, Path, dict[str, Any]]):
    space, _, evidence = judged
    scores = space.rows.score
    readings = float(((scores >= 0.9) * 3 + ((scores >= 0.5) & (scores < 0.9)) * 1 + (scores < 0.5) * 1).mean())
    minutes = readings * 1000 * 3
    told = finding(evidence, "minutes")
    assert told["value"] == pytest.approx(minutes)
    assert told["lower"] < minutes < told["upper"] < 6000
    assert finding(evidence, "left")["value"] == max(0.0, minutes - 4 * 300 * 5)
    assert finding(evidence, "officers")["value"] == math.ceil(minutes / 1500)
    assert finding(evidence, "officers")["upper"] == math.ceil(told["upper"] / 1500)
    assert {f["outcome"] for f in evidence["findings"]} == {"met"}
    assert told["rests_on"] == ["declared: minutes"]


def test_a_number_that_was_changed_is_noticed(judged: tuple[SmallWorkspace, Path, dict[str, Any]]):
    _, run, _ = judged
    assert evalharness("verify", run).code == 0
    before = (run / "evidence.json").read_bytes()

    def row(evidence: dict[str, Any]) -> dict[str, Any]:
        return next(row for row in evidence["tallies"]["shares"] if row["metric"] == "reading_load")

    def fewer(evidence: dict[str, Any]) -> None:
        row(evidence)["part"] -= 30

    def measured(evidence: dict[str, Any]) -> None:
        del row(evidence)["rests_on"]

    def minutes(evidence: dict[str, Any]) -> None:
        line = next(e for e in evidence["estimates"] if e["metric"] == "weekly_minutes")
        line["upper"] = line["value"]

    changes: tuple[Callable[[dict[str, Any]], None], ...] = (fewer, measured, minutes)
    for change in changes:
        evidence = json.loads(before)
        change(evidence)
        data = rfc8785.dumps(evidence)
        files = {"evidence.json": data, **faces(read_evidence(data))}
        for name, content in {**files, "SHA256SUMS": sums(files)}.items():
            (run / name).write_bytes(content)
        assert evalharness("verify", run).code == 13, change.__name__


def test_too_few_officers_are_found(tmp_path: Path):
    place(tmp_path, stated(work={**WORK, "officers": 1}))
    evidence = json.loads((Path(json.loads(evaluated(tmp_path).out)["run"]) / "evidence.json").read_bytes())
    assert finding(evidence, "left")["outcome"] == "not_met"
    assert finding(evidence, "officers")["outcome"] == "met"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"work": None}, "work that the policy does not declare"),
        ({"bands": None}, "work is reckoned from bands"),
        ({"work": {"officers": 0}}, "officers"),
    ],
)
def test_what_the_policy_must_say_for_it(tmp_path: Path, changes: dict[str, Any], said: str):
    place(tmp_path, stated(**changes))
    answer = evaluated(tmp_path)
    assert answer.code == 2
    assert said in answer.out + answer.err
