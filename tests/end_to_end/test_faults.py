"""Faults from evaluation to judgement: injected here, from a log, or not at all; and no number of them can be changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from command import evalharness
from shipped_workspace import shipped
from small_workspace import SmallWorkspace, policy

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

ASKED = {"id": "faults", "metric": "unrouted_fault_rate", "equals": 0, "why": "A failure must reach a person."}
AS_HERE = "declared: the system in use routes faults as the harness does"
LOG = "fault_id,kind,injected_at,fate\nf1,timeout,2026-03-01T10:00:00Z,to_a_person\nf2,restart,2026-03-01T10:05:00Z,to_review\n"


def asked_of(space: Path, benchmark: str) -> None:
    path = space / "policies" / f"{benchmark}.yaml"
    line = f"requirements:\n  - {json.dumps(ASKED)}\n"
    path.write_text(path.read_text(encoding="utf-8").replace("requirements:\n", line), encoding="utf-8")


def run(space: Path, asked: str, model: str, *more: object) -> Path:
    answer = evalharness("evaluate", "--policy", asked, "--model", model, "--workspace", space, "--json", *more)
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


def evidence(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "evidence.json").read_bytes())
    return found


def finding(folder: Path) -> dict[str, Any]:
    return next(found for found in evidence(folder)["findings"] if found["requirement"] == "faults")


@pytest.fixture(scope="module")
def risk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier that gives a low score to categories that it has never seen."""
    space = shipped(tmp_path_factory.mktemp("risk"), "risk-level", "risk-reference")
    asked_of(space, "risk-level")
    return run(space, "risk-level", "risk-reference", "--rows", 1200)


def stored(folder: Path, *more: object, **changes: Any) -> Path:
    document = policy(**changes)
    document["requirements"] = [*document["requirements"], ASKED]
    SmallWorkspace(folder, document=document).write().write_card()
    return run(folder, "small", "vendor", *more)


def test_a_low_score_for_what_the_classifier_has_never_seen_is_a_fault_that_reached_nobody(risk: Path):
    kinds = {kind["kind"]: kind for kind in evidence(risk)["oversight"]["faults"]["by_kind"]}
    assert kinds["unknown_category"]["set_aside"] > 0
    assert all(kind["set_aside"] + kind["lost"] == 0 for kind in kinds.values() if kind["where"] == "answer")
    assert {"exception", "timeout", "reordered", "stale_model", "all_missing"} <= kinds.keys()
    found = finding(risk)
    assert found["outcome"] == "not_met"
    assert found["rests_on"] == [AS_HERE]
    unrouted = sum(kind["set_aside"] + kind["lost"] for kind in kinds.values())
    every = sum(kind[fate] for kind in kinds.values() for fate in ("to_a_person", "to_review", "set_aside", "lost"))
    assert found["value"] == pytest.approx(unrouted / every, rel=1e-9)


def test_verify_derives_it_again_and_runs_it_again(risk: Path):
    assert evalharness("verify", risk, "--workspace", risk.parent.parent, "--replay").code == 0


def never_set_aside(document: dict[str, Any]) -> None:
    for kind in document["oversight"]["faults"]["by_kind"]:
        kind["to_a_person"], kind["set_aside"] = kind["to_a_person"] + kind["set_aside"], 0


def share_of_none(document: dict[str, Any]) -> None:
    row = next(row for row in document["tallies"]["shares"] if row["metric"] == "unrouted_fault_rate")
    total = row["total"]
    row["part"], row["ways"] = 0, {"item": [total, total, 0, total]}


def measured_elsewhere(document: dict[str, Any]) -> None:
    for row in (*document["tallies"]["shares"], *document["estimates"], *document["findings"]):
        if row["metric"] == "unrouted_fault_rate":
            row.pop("rests_on", None)


def no_word_of_it(document: dict[str, Any]) -> None:
    del document["oversight"]


@pytest.mark.parametrize("change", [never_set_aside, share_of_none, measured_elsewhere, no_word_of_it])
def test_no_number_of_it_can_be_changed(risk: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]):
    document = evidence(risk)
    change(document)
    data = rfc8785.dumps(document)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    answer = evalharness("verify", tmp_path, "--workspace", risk.parent.parent)
    assert answer.code == 13
    assert "fault" in answer.out + answer.err


def test_stored_answers_have_no_call_that_could_fail(tmp_path: Path):
    folder = stored(tmp_path)
    assert finding(folder)["outcome"] == "not_evaluable"
    assert "no log of faults" in finding(folder)["reason"]
    assert any("stored answers have no call" in limit for limit in evidence(folder)["limits"])


def test_a_log_of_the_system_in_use_answers_for_any_model(tmp_path: Path):
    path = tmp_path / "faults.csv"
    path.write_text(LOG, encoding="utf-8")
    folder = stored(tmp_path, "--fault-log", path)
    assert (finding(folder)["outcome"], finding(folder)["n"], finding(folder).get("rests_on", [])) == ("met", 2, [])
    assert any("The log of faults holds 2 faults, of these kinds: " in limit for limit in evidence(folder)["limits"])
    path.write_text(f"{LOG}f3,timeout,2026-03-01T11:00:00Z,\n", encoding="utf-8")
    again = run(tmp_path, "small", "vendor", "--fault-log", path, "--out", tmp_path / "again")
    assert finding(again)["outcome"] == "not_met"
    assert evidence(again)["oversight"]["faults"]["log"].startswith("sha256:")
    assert evalharness("verify", again, "--workspace", tmp_path).code == 0
    replayed = evalharness("verify", again, "--workspace", tmp_path, "--replay")
    assert (replayed.code, "--fault-log" in replayed.err) == (2, True)
    assert evalharness("verify", again, "--workspace", tmp_path, "--replay", "--fault-log", path).code == 0
    path.write_text(LOG, encoding="utf-8")
    assert evalharness("verify", again, "--workspace", tmp_path, "--replay", "--fault-log", path).code == 13


def test_a_bad_log_is_refused(tmp_path: Path):
    path = tmp_path / "faults.csv"
    path.write_text(LOG.replace("to_review", "somewhere"), encoding="utf-8")
    SmallWorkspace(tmp_path).write().write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path, "--fault-log", path)
    assert answer.code == 2
    assert "not a fate" in answer.err
    assert "Traceback" not in answer.err
