"""`evalharness evaluate --stress`: printed for people, as JSON, and what does not go with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import evalharness
from stressed_workspace import AT, workspace


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return workspace(tmp_path_factory.mktemp("stress") / "w")


def test_it_says_where_it_tips_and_that_it_is_no_evidence_and_goes_on_where_it_stopped(root: Path, tmp_path: Path):
    command = ("evaluate", "--policy", "stressed", "--model", "lead-blanks", "--stress", "--settings", 1, "--stress-rows", 2_000)
    common = (*command, "--workspace", root, "--at", AT, "--out", tmp_path / "s")
    first = evalharness(*common)
    assert first.code == 0, first.err
    told = first.out.replace("\u00a0", " ")
    assert "Over the range: " in told
    assert "found is no longer shown once missing (sex F) is" in told
    assert "It is no evidence, nobody can sign it" in told
    again = evalharness(*common, "--json")
    assert again.code == 0, again.err
    document = json.loads(again.out)
    folder = document.pop("folder")
    assert document == json.loads((tmp_path / "s" / "stress.json").read_text())
    assert folder == str(tmp_path / "s")
    assert not list((root / "reports").iterdir())


def test_what_does_not_go_with_it_is_told_together(root: Path):
    command = ("evaluate", "--policy", "stressed", "--model", "lead-blanks", "--workspace", root)
    with_it = evalharness(*command, "--stress", "--rows", 5, "--seed", 1, "--lock", "x")
    assert with_it.code == 2
    assert with_it.err.count("a stress run takes no such option") == 3
    without = evalharness(*command, "--settings", 4, "--keep-data")
    assert without.code == 2
    assert without.err.count("only a stress run takes this option") == 2
