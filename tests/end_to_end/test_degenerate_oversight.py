"""Nothing relevant, one item, one reviewer, one case, one shift, no row in the log: a clear outcome, never a pass, never a crash."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import Answer, evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.workflows.verify import verify_run

READERS = [
    {"shown": "selected", "recall": {"low": 0.8, "high": 0.9}, "specificity": {"low": 0.6, "high": 0.8}},
    {"shown": "blind", "recall": {"low": 0.5, "high": 0.7}, "specificity": {"low": 0.9, "high": 1.0}},
]
HUMAN: dict[str, Any] = {
    "minutes_per_review": 3, "items_per_week": 5000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
    "bands": [
        {"name": "review", "from": "operating_point", "readers": 1},
        {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30},
    ],
    "team": {"readers": READERS},
    "work": {"officers": 5, "minutes_per_shift": 300, "shifts_per_week": 5},
    "review_study": {"reviewers": "all", "allocation": "random"},
}  # fmt: skip
GOALS = {
    "weekly_minutes": 100.0, "weekly_backlog": 0.0, "officers_needed": 1, "automation_bias": 0.01, "synergy": 0.2, "augmentation": 0.2,
}  # fmt: skip
SOURCES = {"bands", "reviews", "team", "work"}
CEILINGS = [
    {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.5, "why": "w"},
    {"id": "reviews", "metric": "review_rate", "at_most": 0.9, "why": "w"},
]


def requirements() -> list[dict[str, Any]]:
    """One strict requirement on every metric that these sources answer."""
    found = list(CEILINGS)
    for metric in OVERSIGHT_METRICS:
        if metric.source in SOURCES and metric.decides and metric.unit != "cost":
            form = "equals" if metric.complete else "at_least" if metric.better == "higher" else "at_most"
            goal = 0 if metric.complete else GOALS.get(metric.name, 0.99 if form == "at_least" else 0.01)
            found.append({"id": metric.name.replace("_", "-"), "metric": metric.name, form: goal, "why": "w"})
    return found


def evaluated(root: Path, rows: pd.DataFrame, log: pd.DataFrame | None) -> Answer:
    space = SmallWorkspace(root, rows=rows, document=policy(human_in_the_loop=HUMAN, requirements=requirements()))
    space.write()
    space.write_benchmark(columns={"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"], "cluster": "case_id"})
    space.write_card()
    more = []
    if log is not None:
        log.to_csv(root / "reviews.csv", index=False)
        log.rename(columns={"shown": "shown_or_blind"}).assign(
            shown_or_blind=np.where(log["shown"] == "blind", "blind", "shown"), reading=1
        )[["item_id", "reviewer", "reading", "shown_or_blind", "seeded"]].to_csv(root / "assigned.csv", index=False)  # fmt: skip
        more = ["--reviews", root / "reviews.csv", "--assigned", root / "assigned.csv"]
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", root, "--json", *more)
    assert "Traceback" not in answer.err
    return answer


def run_of(root: Path, rows: pd.DataFrame, log: pd.DataFrame | None) -> tuple[Path, dict[str, Any]]:
    answer = evaluated(root, rows, log)
    assert answer.code == 0, answer.out
    run = Path(json.loads(answer.out)["run"])
    return run, json.loads((run / "evidence.json").read_bytes())


def reviews(rows: pd.DataFrame, *, reviewers: int, shifts: int, right: bool = True) -> pd.DataFrame:
    """Everybody reads rightly, half of it with the answer shown."""
    place = np.arange(len(rows))
    shown = np.where(place % 2 == 0, "blind", np.where(rows["score"] >= 0.5, "1", "0"))
    label = rows["y_true"] if right else np.where(rows["y_true"] == "1", "0", "1")
    return pd.DataFrame({
        "item_id": rows["item_id"], "reviewer": [f"officer-{i % reviewers}" for i in place], "shown": shown, "label": label, "seconds": 10,
        "time": "2026-03-02T09:10:00Z", "seeded": "false", "adjudicated": "false", "shift": [f"shift-{i % shifts}" for i in place],
    })  # fmt: skip


def items(number: int, *, cases: int | None = None, relevant: float | None = None) -> pd.DataFrame:
    rows = table(number)
    if relevant is not None:
        rows["y_true"] = np.where(np.arange(number) < relevant * number, "1", "0")
    rows["case_id"] = [f"case-{i % (cases or number):04d}" for i in range(number)]
    return rows


WORLDS: dict[str, tuple[pd.DataFrame, dict[str, Any] | None]] = {
    "nothing relevant": (items(200, relevant=0), {"reviewers": 5, "shifts": 3}),
    "everything relevant": (items(200, relevant=1), None),
    "one item": (items(1), None),
    "two items, two reviewers": (items(2), {"reviewers": 2, "shifts": 1}),
    "two reviewers": (items(200), {"reviewers": 2, "shifts": 50}),
    "one case": (items(200, cases=1), {"reviewers": 50, "shifts": 50}),
    "one shift": (items(200), {"reviewers": 50, "shifts": 1}),
    "always wrong": (items(200), {"reviewers": 5, "shifts": 5, "right": False}),
    "no log": (items(200), None),
}
OF_READERS = {metric.name for metric in OVERSIGHT_METRICS if metric.source == "reviews" and not metric.complete}


@pytest.mark.parametrize("name", WORLDS)
def test_there_is_a_clear_outcome_and_never_a_pass(tmp_path: Path, name: str) -> None:
    rows, study = WORLDS[name]
    run, evidence = run_of(tmp_path, rows, None if study is None else reviews(rows, **study))
    of_people = [f for f in evidence["findings"] if f["metric"] in OF_READERS]
    assert len(of_people) > 10
    for finding in of_people:
        assert finding["outcome"] in {"not_evaluable", "not_demonstrated", "not_met"}, finding
        assert finding["reason"], finding
        if finding["value"] is None:
            assert finding["outcome"] == "not_evaluable", finding
    met = {f["metric"] for f in evidence["findings"] if f["outcome"] == "met"}
    of_few = name in {"nothing relevant", "one item", "two items, two reviewers", "one case"}
    assert not (of_few and met & {"opened_rate_relevant", "top_class_unread_rate", "deferral_rate_relevant", "team_recall"}), met
    found = verify_run(run, workspace=tmp_path)
    assert found.code == 0, found.problems
    report = (run / "report.md").read_text()
    assert "nan" not in report.lower().split("\n## ")[0]
    assert not re.search(r"\bNone\b(?! of )", report)


@pytest.mark.parametrize(
    ("rows", "reviewers", "words"),
    [
        (items(200), 1, "two reviewers or more"),
        (items(1), 1, "two reviewers or more"),
        (items(200, relevant=1), 5, "1, no answer or blind"),
    ],
    ids=["one reviewer", "one item", "no word for what is not relevant"],
)
def test_a_log_that_can_tell_nothing_is_refused_in_a_sentence(tmp_path: Path, rows: pd.DataFrame, reviewers: int, words: str) -> None:
    answer = evaluated(tmp_path, rows, reviews(rows, reviewers=reviewers, shifts=1))
    assert answer.code == 2
    assert any(problem["expected"] == words for problem in json.loads(answer.out)["problems"]), answer.out


@pytest.mark.parametrize("what", ["header only", "empty", "one row short of a column"])
def test_an_empty_log_is_a_sentence(tmp_path: Path, what: str) -> None:
    rows = items(50)
    log = reviews(rows, reviewers=2, shifts=1)
    space = SmallWorkspace(tmp_path, rows=rows, document=policy(human_in_the_loop=HUMAN, requirements=requirements())).write()
    space.write_card()
    file = tmp_path / "reviews.csv"
    log.head(0 if what == "header only" else 1).to_csv(file, index=False)
    if what == "empty":
        file.write_text("")
    if what == "one row short of a column":
        file.write_text(file.read_text().rsplit(",", 1)[0] + "\n")
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path, "--reviews", file)
    assert answer.code in {0, 2}, answer.err
    assert "Traceback" not in answer.err
    if what != "header only":
        assert answer.code == 2
