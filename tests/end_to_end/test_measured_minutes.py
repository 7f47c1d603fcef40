"""Minutes of a week from a review log in place of declared ones: judged, verified, and not to be made shorter."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import rfc8785
from command import Answer, evalharness
from review_logs import Study, log_of
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.records.oversight_minutes import step_name, steps_below
from evalharness.records.share import AS_LOGGED
from evalharness.report.faces import faces

STUDY = {"allocation": "random", "slowest_seconds": 60}
BANDS = [{"name": "read", "from": "operating_point", "readers": 2}, {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30}]
ASKED = [
    {"id": "recall", "metric": "recall", "at_least": 0.5, "why": "w"},
    {"id": "minutes", "metric": "weekly_minutes", "at_most": 5000, "why": "w"},
    {"id": "left", "metric": "weekly_backlog", "at_most": 0, "why": "w"},
    {"id": "officers", "metric": "officers_needed", "at_most": 20, "why": "w"},
    {"id": "tight", "metric": "weekly_minutes", "at_most": 1, "why": "w"},
]


def human(**study: Any) -> dict[str, Any]:
    return {
        "minutes_per_review": 99, "items_per_week": 1_000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
        "bands": BANDS, "review_study": {**STUDY, **study},
        "work": {"officers": 10, "minutes_per_shift": 300, "shifts_per_week": 5, "minutes": "measured"},
    }  # fmt: skip


def placed(root: Path, **study: Any) -> SmallWorkspace:
    space = SmallWorkspace(root, rows=table(3_000, recall=0.9)).write()
    space.write_card()
    space.write_policy(policy(human_in_the_loop=human(**study), requirements=ASKED))
    return space


def run(space: SmallWorkspace, log: pd.DataFrame | None, assigned: pd.DataFrame | None = None, name: str = "run") -> Answer:
    more: list[object] = []
    for option, frame in (("--reviews", log), ("--assigned", assigned)):
        if frame is not None:
            frame.to_csv(space.root / f"{option}.csv", index=False, lineterminator="\n")
            more += [option, space.root / f"{option}.csv"]
    return evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", space.root / name, *more
    )  # fmt: skip


def finding(space: SmallWorkspace, name: str, of: str = "run") -> dict[str, Any]:
    evidence = json.loads((space.root / of / "evidence.json").read_bytes())
    return next(one for one in evidence["findings"] if one["requirement"] == name)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallWorkspace, pd.DataFrame, pd.DataFrame]:
    space = placed(tmp_path_factory.mktemp("minutes"))
    log, assigned = log_of(space.rows, Study(readers=60))
    told = run(space, log, assigned)
    assert told.code == 0, told.err
    return space, log, assigned


def test_minutes_are_those_of_the_log_and_rest_on_work_being_like_it(judged: tuple[SmallWorkspace, pd.DataFrame, pd.DataFrame]):
    space, log, _ = judged
    readings = float((space.rows.score >= 0.5).mean()) * 2 + float((space.rows.score < 0.5).mean())
    seconds = log["seconds"].astype(float)
    ends = seconds.map(lambda s: min(end for end in (2, 5, 10, 20, 30, 45, 60) if s <= end))
    told = finding(space, "minutes")
    assert told["value"] == pytest.approx(1_000 * readings * ends.mean() / 60)
    assert told["lower"] < 1_000 * readings * seconds.mean() / 60 < told["upper"]
    assert told["rests_on"] == [AS_LOGGED]
    assert {finding(space, name)["outcome"] for name in ("minutes", "left", "officers")} == {"met"}
    assert finding(space, "tight")["outcome"] == "not_met"


def test_without_a_log_nothing_is_judged(judged: tuple[SmallWorkspace, pd.DataFrame, pd.DataFrame]):
    space, _, _ = judged
    assert run(space, None, name="none").code == 0
    told = finding(space, "minutes", "none")
    assert (told["outcome"], told["value"]) == ("not_evaluable", None)
    assert "given none" in told["reason"]


def test_readings_that_nobody_made_take_as_long_as_can_be(judged: tuple[SmallWorkspace, pd.DataFrame, pd.DataFrame]):
    space, log, assigned = judged
    quick = log[log["seconds"].astype(float) < 25]
    assert run(space, quick, assigned, name="quick").code == 0
    assert finding(space, "minutes", "quick")["value"] > finding(space, "minutes")["value"]
    assert run(space, quick[quick["reading"] == "1"], None, name="unlisted").code == 0
    assert finding(space, "minutes", "unlisted")["rests_on"] == ["declared: what was assigned", AS_LOGGED]


def test_a_reading_beyond_the_slowest_is_refused(judged: tuple[SmallWorkspace, pd.DataFrame, pd.DataFrame], tmp_path: Path):
    space, log, assigned = judged
    slow = log.copy()
    slow.loc[3, "seconds"] = "61"
    told = run(space, slow, assigned, name="slow")
    assert told.code == 2
    assert "longer than the policy says" in told.err
    assert "at most 60 seconds" in told.err
    told = evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--workspace", placed(tmp_path, slowest_seconds=2).root
    )  # fmt: skip
    assert told.code == 2
    assert "so short" in told.err


def _row(document: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(row for row in document["tallies"]["shares"] if row["metric"] == metric)


CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "a step": lambda e: _row(e, "longer_than_20_seconds").update(part=0),
    "every step": lambda e: e["tallies"].update(shares=[r for r in e["tallies"]["shares"] if not r["metric"].startswith("longer_than")]),
    "the seconds": lambda e: e["oversight"]["reviews"]["seconds"][0].__setitem__(1, 5),
    "a bound": lambda e: next(one for one in e["estimates"] if one["metric"] == "weekly_minutes").update(upper=1.0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_of_it_can_be_altered(judged: tuple[SmallWorkspace, pd.DataFrame, pd.DataFrame], tmp_path: Path, what: str):
    space, _, _ = judged
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 0
    document = json.loads((space.root / "run" / "evidence.json").read_bytes())
    CHANGES[what](document)
    data = rfc8785.dumps(document)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    assert evalharness("verify", tmp_path, "--workspace", space.root).code == 13


def test_steps_are_those_below_the_slowest():
    assert [step_name(step) for step in steps_below(6)] == ["longer_than_2_seconds", "longer_than_5_seconds"]
