"""reviewers.yaml: what is read of it, and every way to be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalharness.digests import sha256_file
from evalharness.errors import BadInput
from evalharness.oversight.synthetic.dials import FILE_NAME, read_dials, reviewers_json_schema

ROOT = Path(__file__).resolve().parents[4]
LEAST = """\
schema: evalharness/reviewers/v1
benchmark: mine
seed: 1
reviewers: 5
items: 10
sensitivity: {mean: 0.8, spread: 0.1}
specificity: {mean: 0.9}
"""


def _problems(folder: Path, text: str) -> list[str]:
    (folder / FILE_NAME).write_text(text)
    with pytest.raises(BadInput) as told:
        read_dials(folder, "mine")
    return [str(problem) for problem in told.value.problems]


def test_what_is_not_said_has_no_effect(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(LEAST)
    dials, digest = read_dials(tmp_path, "mine")
    assert digest == sha256_file(tmp_path / FILE_NAME)
    assert (dials.reviewers, dials.items, dials.sensitivity.spread, dials.specificity.spread) == (5, 10, 0.1, 0)
    assert dials.lean.to_wrong == dials.same_errors == dials.hard.penalty == dials.unread_share == dials.fatigue_per_100 == 0


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "risk-level", "lead-priority", "case-linkage"])
def test_those_that_are_shipped_are_valid(name: str) -> None:
    dials, _ = read_dials(ROOT / "datasets_synthetic" / name, name)
    assert dials.lean.to_wrong > 0
    assert dials.seeded_share > 0
    assert dials.twice_share > 0


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    wrong = LEAST.replace("reviewers: 5", "reviewers: 2").replace("0.1}", "0.3}") + "leaning: 1\nseeded_share: 1.5\n"
    problems = _problems(tmp_path, wrong)
    assert len(problems) == 4
    together = "\n".join(problems)
    for words in ("'reviewers'", "from 0 to 1", "unknown key 'leaning'", "'seeded_share'"):
        assert words in together


def test_reviewers_of_another_benchmark_and_none_at_all_are_told(tmp_path: Path) -> None:
    assert "another benchmark" in _problems(tmp_path, LEAST.replace("mine", "yours"))[0]
    (tmp_path / FILE_NAME).unlink()
    with pytest.raises(BadInput, match="no made-up reviewers"):
        read_dials(tmp_path, "mine")


def test_the_schema_has_every_dial_with_its_range_and_fits_what_ships():
    schema = reviewers_json_schema()
    assert schema["$id"] == "evalharness/reviewers/v1"
    assert set(schema["required"]) >= {"schema", "benchmark", "seed", "reviewers", "items", "sensitivity", "specificity"}
    assert schema["properties"]["reviewers"]["maximum"] == 500
    assert schema["additionalProperties"] is False
    committed = json.loads((ROOT / "docs" / "schemas" / "reviewers-v1.json").read_text(encoding="utf-8"))
    assert committed == schema
