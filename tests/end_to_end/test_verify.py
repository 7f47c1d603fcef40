"""`verify` derives everything again; `--replay` runs the model again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import rfc8785
from command import evalharness
from small_workspace import SmallWorkspace, policy

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces
from evalharness.workflows import verify


@pytest.fixture
def run(tmp_path: Path) -> Path:
    costs = {
        "people_late": {"true_relevant": {"set_aside": 1}},
        "minutes": {"true_relevant": {"review": 3}, "true_not_relevant": {"review": 3}},
        "elicited": {"stated_by": "a test", "on": "2026-11-01"},
    }
    human = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
    space = SmallWorkspace(tmp_path, document=policy(costs=costs, human_in_the_loop=human)).write()
    space.write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path, "--json")
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


def forge(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the evidence and rewrites every file that follows from it, as a forger with the harness at hand would."""
    evidence = json.loads((run / "evidence.json").read_bytes())
    change(evidence)
    data = rfc8785.dumps(evidence)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)


def raise_lower(evidence: dict[str, Any]) -> None:
    estimate = next(e for e in evidence["estimates"] if e["metric"] == "recall" and not e["group"])
    finding = next(f for f in evidence["findings"] if f["requirement"] == "recall")
    estimate["lower"] = finding["lower"] = round(estimate["lower"] + 0.001, 10)


def more_found(evidence: dict[str, Any]) -> None:
    for row in evidence["tallies"]["confusion"]:
        row["tp"], row["fn"] = row["tp"] + row["fn"], 0


def fewer_needed(evidence: dict[str, Any]) -> None:
    evidence["findings"][0]["needed"] = 1


def better_translation(evidence: dict[str, Any]) -> None:
    evidence["translation"][0]["value"] = 0.0


def fewer_reviews_a_week(evidence: dict[str, Any]) -> None:
    evidence["translation"][-1]["upper"] = evidence["translation"][-1]["value"]


def test_an_untouched_run_verifies_and_replays(run: Path) -> None:
    answer = evalharness("verify", run, "--replay", "--workspace", run.parents[1])
    assert answer.code == 0, answer.out
    assert answer.out.count("✓") == 8


FAULTS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "one missing": lambda rows: rows.iloc[1:],
    "one extra": lambda rows: pd.concat([rows, pd.DataFrame({"item_id": ["stranger"], "score": [0.5]})]),
    "one duplicate": lambda rows: pd.concat([rows, rows.head(1)]),
    "one invalid": lambda rows: rows.astype({"score": object}).assign(score=["junk", *rows["score"][1:]]),
    "half missing, two strangers": lambda rows: pd.concat([rows.iloc[::2], pd.DataFrame({"item_id": ["s", "t"], "score": [0.5, 0.5]})]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_with_faulty_predictions_is_whole_and_the_gate_judges_it(tmp_path: Path, fault: str) -> None:
    space = SmallWorkspace(tmp_path).write()
    space.write_predictions(FAULTS[fault](space.rows[["item_id", "score"]]))
    space.write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path, "--json")
    assert answer.code == 0, answer.err
    verified = evalharness("verify", json.loads(answer.out)["run"], "--replay", "--workspace", tmp_path)
    assert verified.code == 0, verified.out
    gate = evalharness("gate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path)
    assert gate.code == (10 if fault.startswith("half") else 12), gate.out


@pytest.mark.parametrize("change", [raise_lower, more_found, fewer_needed, better_translation, fewer_reviews_a_week])
def test_a_number_changed_by_someone_who_rewrites_every_file_is_found(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    forge(run, lambda _: None)
    assert evalharness("verify", run).code == 0
    forge(run, change)
    answer = evalharness("verify", run)
    assert answer.code == 13, answer.out
    assert "✗" in answer.out


@pytest.mark.parametrize("name", ["report.html", "report.md", "junit.xml", "evidence.json", "SHA256SUMS"])
def test_a_changed_or_missing_file_is_named(run: Path, name: str) -> None:
    data = (run / name).read_bytes()
    (run / name).write_bytes(data[:-2])
    assert evalharness("verify", run).code == 13
    (run / name).unlink()
    assert evalharness("verify", run).code == 13


def test_faces_of_another_version_are_carried_by_their_sums_and_not_drawn_again(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "package_version", lambda _: "99.0")
    answer = evalharness("verify", run)
    assert answer.code == 0, answer.out
    assert "they are carried by SHA256SUMS, and not drawn again" in answer.out
    (run / "report.html").write_bytes((run / "report.html").read_bytes() + b" ")
    assert evalharness("verify", run).code == 13


def test_a_replay_on_other_predictions_differs(run: Path) -> None:
    root = run.parents[1]
    space = SmallWorkspace(root)
    space.write_predictions(space.rows[["item_id", "score"]].assign(score=0.7))
    space.write_card()
    answer = evalharness("verify", run, "--replay", "--workspace", root)
    assert answer.code == 13
    assert "replay" in answer.out


def test_a_folder_without_a_run_is_exit_three(tmp_path: Path) -> None:
    assert evalharness("verify", tmp_path / "absent").code == 3
    (tmp_path / "empty").mkdir()
    assert evalharness("verify", tmp_path / "empty").code == 3


def test_a_face_is_made_again_from_the_evidence(run: Path) -> None:
    for form, name in (("md", "report.md"), ("html", "report.html"), ("junit", "junit.xml")):
        assert evalharness("report", run, "--format", form).out == (run / name).read_text()


def test_a_run_on_another_benchmark_than_the_workspace_has_is_told(run: Path) -> None:
    """As is one made while the clusters were left out of benchmark.yaml: its figures were compared with nothing."""
    workspace = run.parent.parent
    answer = evalharness("verify", run, "--workspace", workspace)
    assert "what the evidence says of the benchmark is what its committed files say" in answer.out
    manifest = next((workspace / "datasets_synthetic").glob("*/manifest.json"))
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    answer = evalharness("verify", run, "--workspace", workspace)
    assert answer.code == 0, answer.err
    assert "the benchmark of this run is not the one in this workspace" in answer.out
    manifest.unlink()
    assert "was compared with nothing" in evalharness("verify", run, "--workspace", workspace).out
