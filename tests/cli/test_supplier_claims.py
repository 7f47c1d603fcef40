"""A card's claims through `evaluate` and `verify`: told on page one, checked again from what is recorded."""

from __future__ import annotations

import json
from pathlib import Path

from command import evalharness
from small_workspace import SmallWorkspace, table

from evalharness.evidence import evidence_as_written, evidence_bytes
from evalharness.workflows.verify import _measured_again


def test_an_impossible_claim_and_one_above_what_was_measured_stand_on_page_one(tmp_path: Path):
    space = SmallWorkspace(tmp_path, rows=table(1_500)).write()
    space.write_card(
        claims=[
            {"source": "Flyer", "figures": {"precision": 0.80, "recall": 0.90, "matthews_corrcoef": 0.95}, "decimals": 2},
            {"source": "Data sheet", "figures": {"recall": 0.97, "false_positive_rate": 0.01}, "items": 1000, "relevant": 100},
        ]
    )
    run = tmp_path / "run"
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", run)
    assert answer.code == 0, answer.err
    evidence = json.loads((run / "evidence.json").read_text())
    assert [notice["kind"] for notice in evidence["notices"]] == ["impossible_claim", "claim_above_measured", "claim_above_measured"]
    assert [bool(claim["impossible"]) for claim in evidence["claims"]] == [True, False]
    assert "cannot be true together" in (run / "report.md").read_text()
    assert "What the supplier claims" in (run / "report.html").read_text()
    assert evalharness("verify", run, "--replay", "--workspace", space.root).code == 0


def test_a_claim_that_was_altered_afterwards_does_not_verify(tmp_path: Path):
    space = SmallWorkspace(tmp_path, rows=table(1_500)).write()
    space.write_card(claims=[{"source": "Flyer", "figures": {"precision": 0.80, "recall": 0.90, "matthews_corrcoef": 0.95}}])
    run = tmp_path / "run"
    assert evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", run).code == 0
    document = json.loads((run / "evidence.json").read_text())
    assert list(_measured_again(evidence_as_written(evidence_bytes(document)))) == []
    document["claims"][0]["impossible"] = []
    told = list(_measured_again(evidence_as_written(evidence_bytes(document))))
    assert told[0] == "claims: what the card claims is not checked as it is recorded"
    assert told[1].startswith("notices: what is warned of in the supplier's claims")
