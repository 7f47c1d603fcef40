"""What a hostile supplier tried, and what must come of it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.adapters import watched
from evalharness.benchmarks import Batch
from evalharness.predictions import ANSWERED, Accounting, Answers
from evalharness.workflows import counting_items

HUMAN = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}


def evaluate(space: SmallWorkspace, *more: object) -> Any:
    return evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--json", *more)


@pytest.fixture
def space(tmp_path: Path) -> SmallWorkspace:
    made = SmallWorkspace(tmp_path).write()
    made.write_card()
    return made


def test_a_folder_here_never_takes_the_place_of_a_benchmark_of_the_workspace(
    space: SmallWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoy = space.root / "small"
    shutil.copytree(space.benchmark, decoy)
    rows = space.rows.assign(y_true=(space.rows["score"] >= 0.5).astype(int).astype(str)).drop(columns="score")
    rows.to_csv(decoy / "items.csv", index=False)
    monkeypatch.chdir(space.root)
    for more in ((), ("--benchmark", "small")):
        evidence = json.loads(
            (Path(json.loads(evaluate(space, "--out", f"run{len(more)}", *more).out)["run"]) / "evidence.json").read_bytes()
        )
        counts = evidence["tallies"]["confusion"][0]
        assert counts["fn"] > 0


@pytest.mark.parametrize("which", ["artefact", "table"])
def test_a_file_swapped_while_it_is_used_is_noticed(space: SmallWorkspace, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    path = space.predictions if which == "artefact" else space.benchmark / "items.csv"
    before, stamp = path.read_bytes(), path.stat()
    real = counting_items.decide

    def swapping(*arguments: Any) -> Any:
        path.write_bytes(before[:-2] + b"9\n")
        path.write_bytes(before)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        return real(*arguments)

    monkeypatch.setattr(counting_items, "decide", swapping)
    answer = evaluate(space)
    assert answer.code == 2
    assert "changed while it was read" in answer.out
    assert not space.reports.exists()


class Breaking:
    """An adapter that breaks one promise."""

    needs_ids = needs_features = False

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.rows = 0

    def open(self, *_: object) -> Breaking:
        if self.fault == "open raises":
            raise KeyError("weights")
        return self

    def answer(self, batch: Batch) -> Any:
        self.rows += batch.rows
        scores, status = np.full(batch.rows, 0.9), np.full(batch.rows, ANSWERED, dtype=np.uint8)
        if self.fault == "answer raises":
            raise ValueError("no")
        if self.fault == "too few":
            scores, status = scores[1:], status[1:]
        if self.fault == "out of range":
            scores[0] = 7.0
        if self.fault == "NaN called answered":
            scores[0] = np.nan
        if self.fault == "unknown status":
            status[0] = 9
        if self.fault == "array":
            return scores
        if self.fault == "float32":
            scores = scores.astype(np.float32)
        return Answers(scores=scores, labels=None, status=status)

    def accounting(self) -> Accounting:
        answered = 1 if self.fault == "accounting" else self.rows
        return Accounting(rows=self.rows, answered=answered, missing=0, duplicate=0, invalid=0)


FAULTS = (
    "open raises",
    "answer raises",
    "too few",
    "out of range",
    "NaN called answered",
    "unknown status",
    "array",
    "float32",
    "accounting",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plug_in_that_breaks_a_promise_is_named_and_nothing_is_written(
    space: SmallWorkspace, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(watched, "load_adapter", lambda _: Breaking(fault))
    answer = evaluate(space)
    assert answer.code == 2, answer.out
    assert "adapter 'predictions'" in answer.out
    assert not space.reports.exists()


def test_a_requirement_that_nothing_can_fail_is_told_on_page_one(space: SmallWorkspace) -> None:
    space.write_policy(policy(requirements=[{"id": "nothing", "metric": "recall", "at_least": 0.0, "why": "w"}]))
    run = Path(json.loads(evaluate(space).out)["run"])
    assert "can never fail" in (run / "report.html").read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"human_in_the_loop": {**HUMAN, "items_per_week": 2**53}}, "items_per_week"),
        ({"costs": {"u": {"true_relevant": {"set_aside": 5e-324}}, "elicited": {"stated_by": "x", "on": "2026-01-01"}}}, "cost"),
        ({"requirements": [{"id": "r", "metric": "mcc", "at_least": 0.5, "why": "w"}]}, "cannot be required"),
        ({"requirements": [{"id": "r", "metric": "f1_score", "at_least": 0.5, "why": "w"}]}, "cannot be required"),
    ],
)  # fmt: skip
def test_numbers_and_names_that_cannot_be_used_are_refused(space: SmallWorkspace, change: dict[str, Any], words: str) -> None:
    space.write_policy(policy(**change))
    answer = evaluate(space)
    assert answer.code == 2
    assert words in answer.out


def test_the_last_day_of_the_calendar_is_a_day_like_any_other(space: SmallWorkspace) -> None:
    cell = {"group": {"sex": "F"}, "why": "w", "until": "9999-12-31"}
    space.write_policy(
        policy(requirements=[{"id": "r", "metric": "recall", "at_least": 0.5, "for_each": ["sex"], "not_judged": [cell], "why": "w"}])
    )
    assert evaluate(space).code == 0


@pytest.mark.parametrize("at", ["0999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_time_before_1970_is_bad_input(space: SmallWorkspace, at: str) -> None:
    assert evaluate(space, "--at", at).code == 2


def test_more_groups_or_findings_than_anybody_reads_are_refused_at_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = table(20_000).assign(sex=rng.integers(0, 60, 20_000).astype(str), race=rng.integers(0, 60, 20_000).astype(str))
    space = SmallWorkspace(tmp_path, rows).write()
    space.write_card()
    answer = evaluate(space)
    assert answer.code == 2
    assert "at most 2,000" in answer.out


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["estimates"][0].update(upper=1e308),
        lambda d: d["findings"][0].update(bound=1e308),
        lambda d: d["benchmark"].update(attributes=[]),
        lambda d: d["benchmark"].update(attributes=["sex", "race", "race"]),
        lambda d: d["policy"]["document"].update(confidence=2),
        lambda d: d.update(claim="local", limits=[]),
        lambda d: d.update(digests={}),
        lambda d: d["tallies"].update(moments=[]),
    ],
)
def test_forged_evidence_is_altered_and_never_a_crash(space: SmallWorkspace, change: Any) -> None:
    import rfc8785

    from evalharness.evidence.store import sums

    run = Path(json.loads(evaluate(space).out)["run"])
    evidence = json.loads((run / "evidence.json").read_bytes())
    change(evidence)
    (run / "evidence.json").write_bytes(rfc8785.dumps(evidence))
    (run / "SHA256SUMS").unlink()
    (run / "SHA256SUMS").write_bytes(sums({path.name: path.read_bytes() for path in run.iterdir()}))
    assert evalharness("verify", run).code == 13
    assert evalharness("report", run).code in (0, 13)
