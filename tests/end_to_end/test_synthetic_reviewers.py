"""Made-up reviewers from evaluation to judgement: found as they are, told on page one, for rehearsals only, and not to be altered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rfc8785
import yaml_text
from benchmark_folder import ROOT
from command import Answer, evalharness
from reviewers import PLAIN
from shipped_workspace import shipped
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import read_evidence
from evalharness.evidence.oversight.made_up import TOLD
from evalharness.evidence.store import sums
from evalharness.report.faces import faces
from evalharness.report.oversight.resting import people_lines

DIALS: dict[str, Any] = {
    **PLAIN, "benchmark": "small", "reviewers": 400, "items": 6_000, "twice_share": 0.3, "seeded_share": 0.1, "unread_share": 0.01,
    "sensitivity": {"mean": 0.9, "spread": 0.02}, "specificity": {"mean": 0.9, "spread": 0.02}, "lean": {"to_wrong": 0.6},
    "shifts": {"teams": 400, "of_each": 2},
}  # fmt: skip
PEOPLE = {
    "minutes_per_review": 1, "items_per_week": 100, "reviewer_sensitivity": {"low": 0.7, "high": 0.9, "source": "declared"},
    "review_study": {"allocation": "random"},
}  # fmt: skip
ASKED = [
    {"id": "readers", "metric": "reader_recall", "at_least": 0.65, "why": "w"},
    {"id": "leaning", "metric": "automation_bias", "at_most": 0.1, "why": "w"},
    {"id": "seeds", "metric": "seeded_detection", "at_least": 0.2, "why": "w"},
]


def asked(**changes: Any) -> dict[str, Any]:
    document = policy(**changes)
    return {**document, "human_in_the_loop": PEOPLE, "requirements": [*document["requirements"], *ASKED]}


def written(folder: Path, **changes: Any) -> SmallWorkspace:
    space = SmallWorkspace(folder, rows=table(6_000, recall=0.8, false_alarms=0.15), document=asked(**changes)).write()
    (space.benchmark / "reviewers.yaml").write_text(yaml_text.dump(DIALS))
    space.write_card()
    return space


def answer(space: SmallWorkspace, *more: object, name: str = "run") -> Answer:
    return evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", space.root / name, *more)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SmallWorkspace:
    found = written(tmp_path_factory.mktemp("made-up"))
    told = answer(found, "--synthetic-reviewers")
    assert told.code == 0, told.err
    return found


def evidence(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "evidence.json").read_bytes())
    return found


def outcome(folder: Path, requirement: str) -> dict[str, Any]:
    return next(finding for finding in evidence(folder)["findings"] if finding["requirement"] == requirement)


def test_leaning_is_found_and_skill_too(space: SmallWorkspace) -> None:
    run = space.root / "run"
    assert outcome(run, "readers")["outcome"] == "met"
    assert outcome(run, "leaning")["outcome"] == "not_met"
    assert outcome(run, "seeds")["outcome"] == "met"
    for requirement in ("readers", "leaning", "seeds"):
        assert outcome(run, requirement)["rests_on"] == ["synthetic reviewers"]


def test_page_one_says_that_nobody_read_anything(space: SmallWorkspace) -> None:
    page = (space.root / "run" / "report.md").read_text()
    assert TOLD in page.split("\n## ", 2)[1] or TOLD in page[:6000]
    assert evidence(space.root / "run")["oversight"]["reviews"]["digest"] is None


def test_the_run_verifies_and_its_replay_too(space: SmallWorkspace) -> None:
    told = evalharness("verify", space.root / "run", "--workspace", space.root, "--replay")
    assert told.code == 0, told.out + told.err


CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "a count": lambda e: _row(e, "reader_recall").update(part=_row(e, "reader_recall")["part"] + 1),
    "what it rests on": lambda e: [row.pop("rests_on", None) for row in e["tallies"]["shares"]],
    "the notice": lambda e: e.update(notices=[n for n in e["notices"] if n["kind"] != "synthetic_reviewers"]),
    "the dials": lambda e: e["oversight"]["reviews"].pop("dials"),
    "synthetic": lambda e: e["oversight"]["reviews"].update(synthetic=False),
    "a third of shifts": lambda e: e["oversight"]["reviews"]["order"][0].update(right=1),
    "a third in the middle": lambda e: e["oversight"]["reviews"]["order"][1].update(readings=9_999_999),
    "all thirds": lambda e: e["oversight"]["reviews"].pop("order"),
    "a trend": lambda e: _estimate(e, "tiring_trend").update(upper=0.0),
    "a bound": lambda e: _estimate(e, "automation_bias").update(lower=0.01),
}


def _row(document: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(row for row in document["tallies"]["shares"] if row["metric"] == metric)


def _estimate(document: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(row for row in document["estimates"] if row["metric"] == metric)


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_of_it_can_be_altered(space: SmallWorkspace, tmp_path: Path, what: str) -> None:
    document = evidence(space.root / "run")
    CHANGES[what](document)
    data = rfc8785.dumps(document)
    assert data != (space.root / "run" / "evidence.json").read_bytes()
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    assert evalharness("verify", tmp_path, "--workspace", space.root).code == 13


def test_a_claim_above_rehearsal_cannot_rest_on_them(tmp_path: Path) -> None:
    space = written(tmp_path)
    people = {key: value for key, value in PEOPLE.items() if key != "review_study"}
    space.write_policy({**policy(claim="local"), "human_in_the_loop": people, "requirements": ASKED[:1]})
    space.write_benchmark(sampling="every item of a month")
    told = answer(space, "--synthetic-reviewers")
    assert told.code == 0, told.err
    found = outcome(space.root / "run", "readers")
    assert found["outcome"] == "not_evaluable"
    assert "synthetic reviewers" in found["reason"]


def test_without_them_nothing_is_counted(space: SmallWorkspace) -> None:
    assert answer(space, name="nobody").code == 0
    found = outcome(space.root / "nobody", "readers")
    assert (found["outcome"], found["value"]) == ("not_evaluable", None)


def test_people_beside_them_and_a_benchmark_without_any_are_refused(space: SmallWorkspace, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("item_id\n")
    told = answer(space, "--synthetic-reviewers", "--reviews", log, name="both")
    assert told.code == 2
    assert "--reviews too" in told.err
    (written(tmp_path / "other").benchmark / "reviewers.yaml").unlink()
    told = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path / "other", "--synthetic-reviewers")
    assert told.code == 2
    assert "no made-up reviewers" in told.err


def test_rows_in_another_order_are_read_alike(tmp_path: Path) -> None:
    space = written(tmp_path)
    assert answer(space, "--synthetic-reviewers", name="first").code == 0
    order = np.random.default_rng(1).permutation(len(space.rows))
    shuffled: pd.DataFrame = space.rows.iloc[order]
    space.write_table(shuffled.drop(columns="score"))
    (space.benchmark / "manifest.json").unlink()
    assert answer(space, "--synthetic-reviewers", name="second").code == 0
    one, two = (evidence(tmp_path / name)["tallies"]["shares"] for name in ("first", "second"))
    assert one == two


@pytest.mark.parametrize(
    ("benchmark", "model"),
    [("severity-grading", "severity-reference"), ("risk-level", "risk-reference"), ("lead-priority", "lead-reference")],
)
def test_every_benchmark_that_ships_reviewers_can_be_read_by_them(tmp_path: Path, benchmark: str, model: str) -> None:
    place = shipped(tmp_path, benchmark, model)
    shutil.copy(ROOT / "datasets_synthetic" / benchmark / "reviewers.yaml", place / "datasets_synthetic" / benchmark)
    told = evalharness(
        "evaluate", "--policy", benchmark, "--model", model, "--workspace", place, "--out", tmp_path / "run", "--rows", 4000,
        "--synthetic-reviewers",
    )  # fmt: skip
    assert told.code == 0, told.err
    document = evidence(tmp_path / "run")
    reviews = document["oversight"]["reviews"]
    assert reviews["synthetic"]
    assert 0 < reviews["unread"] < reviews["assigned_rows"] / 20
    found = _estimate(document, "blind_reader_specificity")
    assert 0.6 < found["value"] < 1
    assert found["rests_on"] == ["synthetic reviewers"]
    assert evalharness("verify", tmp_path / "run", "--workspace", place).code == 0


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_their_log_can_be_written_and_fed_back_and_is_still_known_as_made_up(space: SmallWorkspace, tmp_path: Path, suffix: str) -> None:
    log, assigned = tmp_path / f"reviews{suffix}", tmp_path / f"reviews-assigned{suffix}"
    told = answer(space, "--synthetic-reviewers", "--write-reviews", log, name=f"written{suffix}")
    assert told.code == 0, told.err
    told = answer(space, "--reviews", log, "--assigned", assigned, name=f"read{suffix}")
    assert told.code == 0, told.err
    one, two = (evidence(space.root / f"{name}{suffix}") for name in ("written", "read"))
    assert one["tallies"]["shares"] == two["tallies"]["shares"]
    assert two["oversight"]["reviews"]["synthetic"]
    assert "dials" not in two["oversight"]["reviews"]
    assert outcome(space.root / f"read{suffix}", "readers")["rests_on"] == ["synthetic reviewers"]
    assert "were made up" in (space.root / f"read{suffix}" / "report.md").read_text()
    told_of = {name: read_evidence((space.root / f"{name}{suffix}" / "evidence.json").read_bytes()) for name in ("written", "read")}
    supports = "it supports a rehearsal only"
    for name, page in told_of.items():  # where nothing rests on the log, page one says so all the same: of `written`, among its warnings
        assert any(supports in line for line in people_lines(page.model_copy(update={"findings": ()}))) == (name == "read")


def test_where_a_log_cannot_be_written_nothing_is_run(space: SmallWorkspace, tmp_path: Path) -> None:
    (tmp_path / "there-assigned.csv").write_text("")
    for more, told in (
        (("--write-reviews", tmp_path / "log.csv"), "only the log of made-up reviewers is written"),
        (("--synthetic-reviewers", "--write-reviews", tmp_path / "log.txt"), "neither CSV nor Parquet"),
        (("--synthetic-reviewers", "--write-reviews", tmp_path / "none" / "log.csv"), "no such folder"),
        (("--synthetic-reviewers", "--write-reviews", tmp_path / "there.csv"), "there already"),
    ):
        found = answer(space, *more, name="refused")
        assert found.code == 2
        assert told in found.err
        assert not (space.root / "refused").exists()
