"""A run that tells less, or something else, of models than their cards do is not what the harness wrote, however well made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.files.workspace import Workspace
from evalharness.workflows.committed import untrue_of_cards

CLAIMS = [{"source": "Data sheet", "figures": {"precision": 0.5, "recall": 0.5, "matthews_corrcoef": 0.9}}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, Any], Path]:
    space = SmallWorkspace(tmp_path_factory.mktemp("claims"), rows=table(600)).write()
    card = space.write_card(claims=CLAIMS)
    space.write_card("in-use")
    asked = [{"id": "r", "metric": "recall", "relative_to": "incumbent", "margin": 0.02, "why": "w"}]
    space.write_policy(policy(requirements=asked, references={"incumbent": {"model": "in-use"}}))
    out = space.root / "run"
    assert evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", out).code == 0
    assert evalharness("verify", out, "--workspace", space.root).code == 0
    return Workspace(space.root), json.loads((out / "evidence.json").read_text()), card


def read(document: dict[str, Any]) -> Evidence:
    return read_evidence(evidence_bytes(document))


def test_claims_that_were_taken_out_are_missed(made: tuple[Workspace, dict[str, Any], Path]):
    place, document, _ = made
    assert untrue_of_cards(read(document), place) == ()
    kept = [n for n in document["notices"] if n["kind"] != "impossible_claim"]
    assert len(kept) < len(document["notices"])
    without = {name: part for name, part in document.items() if name != "claims"} | {"notices": kept}
    assert untrue_of_cards(read(without), place) == ("claims: not those of the model card",)


def test_another_artefact_beside_the_model_is_noticed(made: tuple[Workspace, dict[str, Any], Path]):
    place, document, _ = made
    (beside,) = document["tallies"]["beside"]
    for change in ({"digest": "sha256:" + "0" * 64}, {"version": "9"}):
        altered = {**document, "tallies": {**document["tallies"], "beside": [{**beside, **change}]}}
        (told,) = untrue_of_cards(read(altered), place)
        assert "not the version and artefact of its card" in told


def test_a_card_that_was_changed_since_says_nothing(made: tuple[Workspace, dict[str, Any], Path]):
    place, document, card = made
    card.write_text(card.read_text() + "\nMore words.\n")
    assert untrue_of_cards(read({**document, "claims": []}), place) == ()
